"""patients/ of the HTTP API."""

from base64 import b64decode, b64encode
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scope import scope
from registry.models import Patient
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_B1, VILLAGE_C1

pytestmark = pytest.mark.django_db
LIST = "/api/v1/patients/"


def said(**more):
    values = {
        "name": "石秀英", "id_number": factories.id_number(male=False), "residence_code": VILLAGE_A1, "diagnosis": "01",
        "diagnosed_on": "2024-03-01", "opened_on": "2024-05-06", "consent": True,
    }  # fmt: skip
    return {**values, **more}


def send(client, method, url, data):
    return getattr(client, method)(url, data, content_type="application/json")


def test_the_list_is_the_reach_by_cursor(world, log_in, ran):
    world.patient(VILLAGE_B1, "西镇人")
    for n in range(51):
        world.patient(VILLAGE_A1, f"患者{n}")
    client = log_in(world.worker)
    first = client.get(LIST).json()
    assert len(first["results"]) == 50
    rest = client.get(first["next"]).json()
    names = {row["name"] for row in first["results"] + rest["results"]}
    assert "冉启华" in names
    assert "西镇人" not in names
    assert len(names) == 52
    assert client.get(LIST + "?page_size=500").json()["results"].__len__() == 50


def test_the_mark_of_a_page_tells_no_key_of_ours_and_takes_none(world, log_in, ran):
    for n in range(51):
        world.patient(VILLAGE_A1, f"患者{n}")
    client = log_in(world.worker)
    mark = parse_qs(urlsplit(client.get(LIST).json()["next"]).query)["cursor"][0]
    assert b"p=" not in b64decode(mark, altchars=b"-_")
    for forged in (b64encode(b"p=1").decode(), mark[:-4] + "AAAA", "!", ""):
        assert client.get(LIST, {"cursor": forged}).json()["fields"] == {
            "cursor": ["这个翻页标记无效，请从第一页重新开始。"]
        }


def test_the_list_costs_the_same_for_one_and_for_three(world, log_in, ran):
    client = log_in(world.worker)
    client.get(LIST)
    counts = []
    for more in (0, 2):
        for n in range(more):
            world.patient(VILLAGE_A1, f"患者{n}")
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_post_opens_a_file(world, log_in):
    response = send(log_in(world.worker), "post", LIST, said())
    assert response.status_code == 201
    body = response.json()
    with scope(world.worker):
        patient = Patient.objects.get()
    assert body["uuid"] == str(patient.uuid)
    assert (body["sex"], body["version"], body["diagnosis"], body["consent"]) == ("2", 1, "01", True)
    assert "*" in body["id_number"]
    assert str(patient.pk) not in (body["uuid"], body["number"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"duty_township": 1}, "duty_township"),
        ({"status": "dead"}, "status"),
        ({"version": 1}, "version"),
        ({"uuid": "x"}, "uuid"),
        ({"id_number": 99999919800506121}, "id_number"),
        ({"name": "\x00"}, "name"),
        ({"name": ""}, "name"),
        ({"diagnosis": "10"}, "diagnosis"),
        ({"residence_code": VILLAGE_B1}, "residence_code"),
        ({"residence_code": VILLAGE_C1}, "residence_code"),
        ({"residence_code": "990009999"}, "residence_code"),
        ({"opened_on": "2999-01-01"}, "opened_on"),
        ({"onset_on": "2024-03-02"}, "diagnosed_on"),
        ({"past_danger": 6}, "past_danger"),
        ({"residence_address": "x" * 201}, "residence_address"),
        ({"guardian_phone": "19900000001"}, "guardian_name"),
    ],
    ids=str,
)
def test_post_refuses_by_field_name(world, log_in, change, field):
    response = send(log_in(world.worker), "post", LIST, said(**change))
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]
    with scope(world.worker):
        assert Patient.objects.count() == 0


def test_a_known_number_is_neutral(world, log_in, ran):
    response = send(log_in(world.stranger), "post", LIST, said(id_number=ran.id_number, residence_code=VILLAGE_C1))
    assert (response.status_code, response.json()["code"]) == (400, "id_known")
    assert response.json()["fields"] == {"id_number": ["该身份证号已在册，或需县级核对。"]}


def test_patch_needs_the_version_and_a_stale_one_answers_both(world, log_in, ran):
    client = log_in(world.worker)
    url = f"{LIST}{ran.uuid}/"
    assert list(send(client, "patch", url, {"name": "乙"}).json()["fields"]) == ["version"]
    first = send(client, "patch", url, {"version": 1, "residence_address": "凉风村3组"})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    stale = send(client, "patch", url, {"version": 1, "residence_address": "凉风村4组"})
    assert stale.status_code == 409
    body = stale.json()
    assert body["code"] == "conflict"
    assert body["theirs"] == {"version": 2, "residence_address": "凉风村3组"}
    assert body["mine"] == {"residence_address": "凉风村4组"}


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_stranger_meets_the_answer_of_a_random_id(world, log_in, ran, method):
    client = log_in(world.stranger)
    client.get(LIST)
    answers = []
    for uuid in (ran.uuid, uuid4()):
        with CaptureQueriesContext(connection) as seen:
            response = send(client, method, f"{LIST}{uuid}/", {} if method == "get" else {"version": 1, "name": "乙"})
        answers.append((response.status_code, response.content, len(seen), set(response.headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize(
    ("who", "method", "status"),
    [
        ("village_doctor", "get", 200),
        ("village_doctor", "patch", 403),
        ("psychiatrist", "patch", 403),
        ("commission", "get", 403),
        ("police", "get", 403),
        ("county_office", "patch", 200),
    ],
)
def test_rights(world, log_in, ran, who, method, status):
    client = log_in(getattr(world, who))
    data = {} if method == "get" else {"version": 1, "name": "乙"}
    assert send(client, method, f"{LIST}{ran.uuid}/", data).status_code == status


def test_no_answer_carries_a_sealed_number(world, log_in, ran):
    client = log_in(world.worker)
    for url in (LIST, f"{LIST}{ran.uuid}/"):
        body = client.get(url).content.decode()
        assert "冉启华" in body
        for secret in (ran.id_number, "19900000001", "19900000002"):
            assert secret not in body
