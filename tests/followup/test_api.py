"""visits/ and worklist/ of the interface: once per form, strict fields, 409 with both texts."""

from uuid import uuid4

import pytest

from accounts.scope import scope
from followup.models import Visit
from tests.followup.conftest import Ago, days_ago, of_today

pytestmark = pytest.mark.django_db


def url(patient):
    return f"/api/v1/patients/{patient.uuid}/visits/"


def body(**changes):
    return {
        "form_id": str(uuid4()),
        "visited_on": days_ago(1).isoformat(),
        "form": "2",
        "seen": ["1"],
        "level": 1,
        **changes,
    }


@pytest.fixture
def api(world, log_in):
    client = log_in(world.worker)

    def call(method: str, address: str, data=None):
        return (
            getattr(client, method)(address, data, content_type="application/json")
            if data is not None
            else getattr(client, method)(address)
        )

    return call


def test_a_visit_answers_class_date_reason_and_alert(world, api):
    answer = api("post", url(world.patient()), body())
    assert answer.status_code == 201
    said = answer.json()
    assert (said["classification"], said["next_due_on"], said["reason"], said["alert"], said["version"]) == (
        2, days_ago(-13).isoformat(), "基本稳定，两周内复查", None, 1,
    )  # fmt: skip


def test_level_three_answers_the_case(world, api):
    said = api("post", url(world.patient()), body(level=3)).json()
    assert said["classification"] == 1
    assert said["alert"] is not None


def test_the_same_form_id_is_once_only(world, api):
    patient, form = world.patient(), body()
    first, again = api("post", url(patient), form), api("post", url(patient), {**form, "level": 4})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["uuid"] == again.json()["uuid"]
    assert api("post", url(world.patient()), form).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visited_on": Ago(-1)}, "visited_on"),
        ({"visited_on": "1980-05-05"}, "visited_on"),
        ({"level": 6}, "level"),
        ({"level": None}, "level"),
        ({"seen": []}, "seen"),
        ({"form": "9"}, "form"),
        ({"doctor_name": "冉\u0000"}, "doctor_name"),
        ({"stability": 3}, "deviation_reason"),
        ({"next_due_on": Ago(-60)}, "next_due_on"),
        ({"duty_township": 5}, "duty_township"),
        ({"entered_by": 1}, "entered_by"),
        ({"drugs": [{"name": "利培酮", "colour": "红"}]}, "drugs"),
        ({"drugs": [{"name": f"药{n}"} for n in range(5)]}, "drugs"),
    ],
)
def test_a_wrong_or_unknown_field_is_refused_by_name(world, api, changes, field):
    answer = api("post", url(world.patient()), body(**of_today(changes, iso=True)))
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


def test_the_sentence_is_the_same_as_on_the_form(world, api):
    answer = api("post", url(world.patient()), body(visited_on=days_ago(-1).isoformat()))
    assert answer.json()["fields"]["visited_on"] == ["随访日期不能晚于今天。请改为实际随访的日期。"]


def test_a_correction_needs_the_version_and_a_stale_one_answers_both(world, api):
    uuid = api("post", url(world.patient()), body(insight=2)).json()["uuid"]
    address = f"/api/v1/visits/{uuid}/"
    assert list(api("patch", address, {"level": 2}).json()["fields"]) == ["version"]
    saved = api("patch", address, {"version": 1, "level": 2})
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    stale = api("patch", address, {"version": 1, "level": 0})
    assert stale.status_code == 409
    assert (stale.json()["theirs"]["level"], stale.json()["mine"]["level"]) == (2, 0)
    read = api("get", address).json()
    assert (read["level"], read["insight"], read["version"]) == (2, 2, 2)  # what was left out stays


def test_the_list_of_a_patient_is_newest_first(world, api, record):
    patient = world.patient()
    for n in (40, 3, 20):
        record(patient, world.worker, days_ago(n), as_recorded=True)
    said = api("get", url(patient)).json()
    assert [row["visited_on"] for row in said["results"]] == [days_ago(n).isoformat() for n in (3, 20, 40)]


def test_the_worklist_is_most_dangerous_first_and_goes_on_by_cursor(world, api, record):
    for n in range(52):
        record(world.patient(name=f"人{n}"), world.worker, days_ago(60), level=3 if n == 7 else 1, as_recorded=True)
    first = api("get", "/api/v1/worklist/").json()
    assert (len(first["results"]), first["results"][0]["name"], first["results"][0]["level"]) == (50, "人7", 3)
    rest = api("get", first["next"]).json()
    assert (len(rest["results"]), rest["next"]) == (2, None)
    assert api("get", "/api/v1/worklist/?cursor=xx").status_code == 400


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_a_stranger_gets_404_and_a_reader_403(world, log_in, record, method):
    visit = record(world.patient(), world.worker, days_ago(3)).visit
    address = f"/api/v1/visits/{visit.root.uuid}/" if method == "patch" else url(visit.patient)
    data = {"version": 1, "level": 0} if method == "patch" else body()
    client = log_in(world.stranger)
    answer = (
        client.get(address)
        if method == "get"
        else getattr(client, method)(address, data, content_type="application/json")
    )
    assert answer.status_code == 404
    if method != "get":
        client = log_in(world.leader)
        assert getattr(client, method)(address, data, content_type="application/json").status_code == 403
    with scope(world.worker):
        assert Visit.objects.count() == 1
