"""The register's pages, as a person of the cast meets them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.queries.access import who_saw
from accounts.scope import scope
from registry.models import Patient
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1
from tests.registry.walking import page, text

pytestmark = pytest.mark.django_db


def queries(client, url, **data):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.post(url, data) if data else client.get(url)
    return response, len(seen)


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_own_reach_only(world, log_in, ran):
    other = world.patient(VILLAGE_B1, "西镇人")
    client = log_in(world.worker)
    body = text(client.get(reverse("registry:patients")))
    assert "冉启华" in body
    assert other.name not in body
    assert "在册 1 人" in body
    body = text(log_in(world.county_office).get(reverse("registry:patients")))
    assert "冉启华" in body
    assert "西镇人" in body


def test_a_village_doctor_sees_the_own_village(world, log_in, ran):
    world.patient(VILLAGE_A2, "东二人")
    body = text(log_in(world.village_doctor).get(reverse("registry:patients")))
    assert "冉启华" in body
    assert "东二人" not in body


def test_the_list_costs_the_same_for_one_and_for_three(world, log_in, ran):
    client = log_in(world.worker)
    client.get(reverse("registry:patients"))
    _, one = queries(client, reverse("registry:patients"))
    for name in ("乙", "丙"):
        world.patient(VILLAGE_A2, name)
    _, three = queries(client, reverse("registry:patients"))
    assert three == one


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"冉启华", "三级的"}),
        ("?level=high", {"三级的"}),
        ("?level=none", {"冉启华"}),
        ("?status=closed", {"已故的"}),
        ("?status=dead", {"已故的"}),
        ("?status=lost", set()),
        (f"?place={VILLAGE_A2}", {"三级的"}),
        ("?level=x&status=y&place=z&page=0", {"冉启华", "三级的"}),
    ],
)
def test_filters(world, log_in, ran, query, names):
    world.patient(VILLAGE_A2, "三级的", last_level=3, last_visit_on=date(2026, 1, 5))
    world.patient(VILLAGE_A1, "已故的", status="dead", closed_on=date(2025, 1, 1))
    response = log_in(world.worker).get(reverse("registry:patients") + query)
    assert {row.name for row in response.context["rows"]} == names


def test_fifty_a_page(world, log_in):
    for n in range(51):
        world.patient(VILLAGE_A1, f"患者{n}")
    client = log_in(world.worker)
    assert len(client.get(reverse("registry:patients")).context["rows"]) == 50
    assert len(client.get(reverse("registry:patients") + "?page=2").context["rows"]) == 1


def test_the_commission_sees_masked_names_and_numbers_without_links(world, log_in, ran):
    client = log_in(world.commission)
    body = text(client.get(reverse("registry:cases")))
    assert "冉＊华" in body
    assert f"{ran.number:05d}" in body
    assert "冉启华" not in body
    assert str(ran.uuid) not in body
    assert client.get(reverse("registry:patients")).status_code == 403
    assert client.get(page("patient", ran)).status_code == 403


# --- search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["冉启", "冉启华", " 冉启 ", "rqh", "RQ", "ranqi"])
def test_search_by_the_beginning_of_name_or_initials(world, log_in, ran, typed):
    response = log_in(world.worker).post(reverse("registry:search"), {"q": typed})
    assert [row.name for row in response.context["rows"]] == ["冉启华"]


def test_an_exact_number_opens_the_file(world, log_in, ran):
    client = log_in(world.worker)
    lower = f" {ran.id_number[:6]} {ran.id_number[6:]}".lower()
    response = client.post(reverse("registry:search"), {"q": lower})
    assert (response.status_code, response.url) == (302, page("patient", ran))


@pytest.mark.parametrize(
    "typed",
    ["", "r", "冉", "启华", "\x00", "冉\x00", "x" * 10_000, "冉" * 10_000, "%", "_", "19900000001", "123456", "'; --"],
)
def test_what_finds_nobody_is_answered_calmly(world, log_in, ran, typed):
    response = log_in(world.worker).post(reverse("registry:search"), {"q": typed})
    assert response.status_code == 200
    assert response.context["rows"] == []


def test_a_number_elsewhere_and_an_unknown_number_give_the_same_answer(world, log_in, ran):
    client = log_in(world.stranger)
    client.get(reverse("registry:patients"))
    elsewhere, cost = queries(client, reverse("registry:search"), q=ran.id_number)
    unknown, same = queries(client, reverse("registry:search"), q=factories.id_number())
    assert cost == same
    assert strip_token(text(elsewhere)) == strip_token(text(unknown))


def strip_token(body):
    import re

    return re.sub(r"[A-Za-z0-9]{64}", "", body)


def test_search_is_never_a_get(world, log_in):
    assert log_in(world.worker).get(reverse("registry:search") + "?q=x").status_code == 405


# --- the door ------------------------------------------------------------------------------------------------------

PAGES = ["patient", "patient_edit", "patient_history", "patient_access", "transfer_new", "patient_status",
         "patient_close", "patient_reopen"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_meets_the_page_of_a_random_id(world, log_in, ran, name):
    client = log_in(world.stranger)
    client.get(reverse("registry:patients"))
    mine, cost = queries(client, page(name, ran))
    random, same = queries(client, reverse(f"registry:{name}", args=[uuid4()]))
    assert (mine.status_code, random.status_code) == (404, 404)
    assert cost == same
    assert set(mine.headers) == set(random.headers)
    without = [strip_number(text(r), r) for r in (mine, random)]
    assert without[0] == without[1]


def strip_number(body, response):
    number = response.wsgi_request.look.number
    return strip_token(body.replace(number, ""))


@pytest.mark.parametrize("name", PAGES)
def test_the_own_worker_gets_every_page(world, log_in, ran, name):
    response = log_in(world.worker).get(page(name, ran))
    assert response.status_code == 200
    assert "冉启华" in text(response)
    assert ran.id_number not in text(response)
    assert "19900000001" not in text(response)


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("village_doctor", "patient", 200),
        ("village_doctor", "patient_edit", 403),
        ("psychiatrist", "patient", 200),
        ("psychiatrist", "patient_edit", 403),
        ("leader", "patient", 200),
        ("leader", "transfer_new", 403),
        ("worker", "patient_move", 403),
        ("police", "patient", 403),
        ("security_admin", "patient", 403),
        ("county_office", "patient_close", 200),
    ],
)
def test_rights_on_a_patient(world, log_in, ran, who, name, status):
    assert log_in(getattr(world, who)).get(page(name, ran)).status_code == status


def test_a_look_is_logged_with_groups_and_purpose(world, log_in, ran):
    log_in(world.worker).get(page("patient", ran))
    with scope(world.worker):
        looks = who_saw(ran.uuid)
    assert [(look.actor_name, look.purpose, look.route) for look in looks] == [
        (world.worker.display_name, "register", "registry:patient")
    ]
    assert {"F1", "F2", "F3", "F4", "F6", "F13"} <= set(looks[0].groups)


# --- one patient ---------------------------------------------------------------------------------------------------


def test_the_overview_says_what_is_due(world, log_in, ran):
    today = timezone.localdate()
    with scope(world.worker):
        Patient.objects.filter(pk=ran.pk).update(
            next_due_on=today - timedelta(days=6), due_reason="上次为基本稳定，两周内复查。", last_level=1,
            last_visit_on=today - timedelta(days=20), last_class=2,
        )  # fmt: skip
    body = text(log_in(world.worker).get(page("patient", ran)))
    for words in (
        "逾期 6 天",
        "两周内复查",
        "危险性 1 级",
        "基本稳定",
        "999999********",
        "试验监护人",
        "登记写明同意，知情同意书未存",
    ):
        assert words in body


def test_a_number_is_shown_for_a_purpose_and_logged(world, log_in, ran):
    client = log_in(world.worker)
    response = client.post(page("reveal", ran), {"what": "id_number", "purpose": "phone"})
    assert ran.id_number in text(response)
    part = client.post(page("reveal", ran), {"what": "phone", "purpose": "phone"}, headers={"HX-Request": "true"})
    assert 'href="tel:19900000001"' in text(part)
    assert "<html" not in text(part)
    guardian = client.post(page("reveal", ran), {"what": "guardian_phone", "purpose": "phone"})
    assert "19900000002" in text(guardian)
    with scope(world.worker):
        assert [(look.purpose, look.groups) for look in who_saw(ran.uuid)] == [
            ("phone", ["F3"]), ("phone", ["F2"]), ("phone", ["F2"]),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "data", "status"),
    [
        ("worker", {"what": "name", "purpose": "phone"}, 400),
        ("worker", {"what": "id_number"}, 400),
        ("village_doctor", {"what": "id_number", "purpose": "phone"}, 403),
        ("leader", {"what": "id_number", "purpose": "phone"}, 403),
        ("stranger", {"what": "id_number", "purpose": "phone"}, 404),
    ],
)
def test_who_does_not_see_a_number(world, log_in, ran, who, data, status):
    response = log_in(getattr(world, who)).post(page("reveal", ran), data)
    assert response.status_code == status
    assert ran.id_number not in text(response)


def test_history_names_who_changed_what(world, log_in, ran):
    client = log_in(world.worker)
    client.post(page("patient_status", ran), {"value": "away", "on": "2026-01-05", "reason": "外出务工"})
    body = text(client.get(page("patient_history", ran)))
    for words in ("外出务工", "自 2026-01-05 起 外出", world.worker.display_name):
        assert words in body
