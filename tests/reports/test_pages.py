"""The pages: who may open them, what they say, what they log, what a meeting does not see."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment
from accounts.scope import scope
from accounts.terms import Role
from registry.models import DutyPeriod, Patient, PatientStatus
from reports.rules.indicators import DEFINED
from reports.services.quarters import refresh_quarters
from tests.conftest import COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, VILLAGE_C1
from tests.reports.histories import Line
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db


def _text(response):
    return response.content.decode()


@pytest.fixture
def people(world):
    """Two in 东街道 (one of them dangerous), one in 西镇, one in the other county."""
    today = timezone.localdate()
    calm = world.patient(VILLAGE_A1, "冉启明")
    wild = world.patient(VILLAGE_A1, "石大山")
    west = world.patient(VILLAGE_B1, "白小川")
    world.patient(VILLAGE_C1, "远方人")
    add_visits(calm, [Line(today - timedelta(days=3))], world.worker)
    add_visits(wild, [Line(today - timedelta(days=2), level=4, stability=1, adherence=3, incidents=1)], world.worker)
    return {"calm": calm, "wild": wild, "west": west}


def test_the_dashboard_says_the_numbers_of_the_county(world, people, plan, log_in):
    page = log_in(world.commission).get(reverse("reports:dashboard"))
    assert page.status_code == 200
    heads = {head.label: head.number for head in page.context["headlines"]}
    assert heads == {
        "在册患者": "3", "在管患者": "2", "3 级及以上": "1", "未签收预警": "0", "逾期随访": "1", "失访": "0",
    }  # fmt: skip
    assert [line.row.row.number for line in page.context["lines"]] == list(range(1, 14))
    assert page.context["lines"][10].row.value_text == "66.67%"
    assert [line.row.standing.label for line in page.context["lines"] if line.row.row.number in (8, 13)] == [
        "暂无数据",  # nobody is in post yet
        "差距大",
    ]
    assert [line.name for line in page.context["places"]] == ["西镇", "东街道"]  # worst first


def test_a_township_sees_its_own_numbers_and_only_computed_rows(world, people, plan, log_in):
    page = log_in(world.worker).get(reverse("reports:dashboard"))
    assert page.context["heading"] == "本月进度"
    assert page.context["headlines"][0].number == "2"
    assert {line.row.row.code for line in page.context["lines"]} == {
        "staff_ratio", "prevalence", "standard_managed", "regular_medication", "free_sga",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["village_doctor", "police", "department", "auditor", "psychiatrist", "system_admin"])
def test_roles_without_indicators_are_turned_away(world, log_in, who):
    client = log_in(getattr(world, who))
    for name, args in (("dashboard", []), ("indicator", ["managed"]), ("people", ["managed"]), ("live", ["overdue"])):
        assert client.get(reverse(f"reports:{name}", args=args)).status_code == 403


def test_another_area_looks_like_an_unknown_one(world, people, log_in):
    client = log_in(world.worker)
    for code in (TOWN_B, COUNTY, OTHER_COUNTY, "123456", "x' or 1=1", "9" * 500):
        for name, args in (("dashboard", []), ("indicator", ["managed"]), ("people", ["managed"])):
            assert client.get(reverse(f"reports:{name}", args=args), {"area": code}).status_code == 404


@pytest.mark.parametrize("day", ["", "2026-13-40", "明天", "20990101", "9" * 40])
def test_a_day_that_is_none_or_lies_ahead_is_refused_in_words(world, log_in, day):
    page = log_in(world.commission).get(reverse("reports:dashboard"), {"as_of": day})
    assert page.status_code == (200 if day == "" else 400)


def test_the_list_is_masked_for_the_commission_and_full_for_the_township(world, people, log_in):
    address = reverse("reports:indicator", args=["regular_medication"])
    masked = _text(log_in(world.commission).get(address))
    assert ("石＊山" in masked, "石大山" in masked, "白＊川" in masked) == (True, False, True)
    full = _text(log_in(world.worker).get(address))
    assert ("石大山" in full, "白小川" in full, "不用药" in full) == (True, False, True)


def test_a_second_assignment_in_one_village_unmasks_nobody_else(world, people, log_in):
    Assignment.objects.create(
        user=world.commission, role=Role.VILLAGE_DOCTOR, agency=world.commission.agency,
        division=world.places[VILLAGE_A1], starts_on=timezone.localdate(),
    )  # fmt: skip
    client = log_in(world.commission)
    for address in (reverse("reports:indicator", args=["medicated"]), reverse("reports:live", args=["overdue"])):
        page = client.get(address)
        lines = {(line["row"].name, line["row"].village, bool(line["href"])) for line in page.context["people"]}
        assert ("白＊川", "", False) in lines
        assert ("白小川" in _text(page), page.context["full_names"]) == (False, False)
    assert ("石大山", "东一社区", True) in {
        (line["row"].name, line["row"].village, bool(line["href"]))
        for line in client.get(reverse("reports:indicator", args=["medicated"])).context["people"]
    }


def test_opening_a_list_is_logged_with_the_people_on_it(world, people, log_in, looks):
    log_in(world.commission).get(reverse("reports:indicator", args=["medicated"]))
    assert set(looks[-1].persons) == {people["wild"].uuid, people["west"].uuid}
    assert (set(looks[-1].groups), looks[-1].purpose) == ({"F1", "F4", "F7"}, "indicator")


def test_the_dashboard_itself_names_nobody(world, people, plan, log_in, looks):
    page = _text(log_in(world.commission).get(reverse("reports:dashboard")))
    assert [name for name in ("冉", "石大山", "白小川") if name in page] == []
    assert [look.persons for look in looks] == [[]]


def test_every_headline_leads_to_a_list_as_long_as_its_number(world, people, log_in):
    client = log_in(world.commission)
    heads = client.get(reverse("reports:dashboard")).context["headlines"]
    for head in heads:
        page = client.get(head.href)
        assert page.status_code == 200
        shown = page.context.get("page")
        if head.label == "在管患者":
            assert page.context["numerator"] == head.number
        else:
            assert (head.label, shown.paginator.count) == (head.label, int(head.number))


def test_a_meeting_sees_no_small_numbers_and_no_names(world, people, plan, log_in):
    client = log_in(world.commission)
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    page = client.get(reverse("reports:dashboard"))
    assert page.context["headlines"][2].number == "<5"
    assert {line.cell.label for line in page.context["levels"]} >= {"<5"}
    assert [line.high.label for line in page.context["places"]] == ["0", "<5"]
    listed = client.get(reverse("reports:indicator", args=["risk_4"]))
    assert (listed.context["people"], listed.context["numerator"]) == (None, "<5")
    assert client.get(reverse("reports:live", args=["overdue"])).context["people"] is None
    client.post(reverse("reports:mode"), {"mode": "inside"})
    assert client.get(reverse("reports:dashboard")).context["headlines"][2].number == "1"


def test_a_past_day_counts_who_was_there_and_says_who_is_elsewhere_now(world, log_in):
    from django.db import connection

    patient = world.patient(VILLAGE_A1, "移动人", opened_on=date(2024, 5, 6))
    today = timezone.localdate()
    with scope(counties=[world.county.pk, world.town_c.parent_id]):
        DutyPeriod.objects.create(
            patient=patient, at_township=world.town_a.pk, starts_on=today, township=world.town_c,
            county=world.town_c.parent,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT hand_over(%s, %s, %s, %s)",
                [patient.pk, world.town_a.pk, world.town_c.pk, world.town_c.parent_id],
            )
    page = log_in(world.commission).get(
        reverse("reports:indicator", args=["managed"]), {"as_of": f"{today - timedelta(days=1):%Y-%m-%d}"}
    )
    assert (page.context["denominator"], page.context["people"], page.context["elsewhere"]) == ("1", [], 1)
    assert "另有 1 人当时算在这里" in _text(page)


def test_the_overdue_and_lost_lists_hold_who_is_overdue_and_lost_now(world, people, log_in):
    with scope(counties=[world.county.pk]):
        PatientStatus.objects.create(
            patient=people["west"], at_township=world.town_b.pk, starts_on=date(2026, 1, 5), value="lost"
        )
        Patient.objects.filter(pk=people["west"].pk).update(status="lost")
    client = log_in(world.commission)
    lost = client.get(reverse("reports:live", args=["lost"])).context["people"]
    assert [line["row"].why for line in lost] == ["2026-01-05 起失访；建档后还没有随访过"]
    overdue = client.get(reverse("reports:live", args=["overdue"])).context["people"]
    assert [line["row"].name for line in overdue] == ["白＊川"]
    assert client.get(reverse("reports:live", args=["nobody"])).status_code == 404


def test_a_code_without_data_says_so_and_an_unknown_one_is_not_found(world, log_in):
    client = log_in(world.commission)
    assert "暂无数据" in _text(client.get(reverse("reports:indicator", args=["rehab_home"])))
    assert client.get(reverse("reports:indicator", args=["nonsense"])).status_code == 404


def test_sorting_turns_round_and_back(world, people, plan, log_in):
    client = log_in(world.commission)
    by_name = client.get(reverse("reports:dashboard"), {"sort": "name"}).context
    turned = client.get(reverse("reports:dashboard"), {"sort": "name", "turn": "1"}).context
    assert [line.name for line in by_name["places"]] == ["东街道", "西镇"]
    assert [line.name for line in turned["places"]] == ["西镇", "东街道"]
    assert (by_name["heads"]["name"]["current"], "turn=1" in by_name["heads"]["name"]["href"]) == (True, True)


def test_the_prefecture_sees_its_counties(world, people, log_in):
    from accounts.terms import AgencyKind, Role
    from tests import factories

    city = world.places["9900"]
    user = factories.make_user(
        Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city), username="prefecture"
    )
    client = log_in(user)
    page = client.get(reverse("reports:dashboard"))
    assert {line.name: line.fraction for line in page.context["places"]} == {"甲县": "2 / 3", "乙县": "0 / 1"}
    assert client.get(reverse("reports:dashboard"), {"area": TOWN_A}).status_code == 200


LIST_QUERIES = 24
BOARD_QUERIES = 23  # one of them asks whether there is an outline to draw a map from


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_number_of_queries_for_one_and_for_three(world, log_in, count, django_assert_num_queries):
    for place in range(count):
        world.patient(VILLAGE_A1, f"人{place}")
    refresh_quarters(today=timezone.localdate())
    client = log_in(world.worker)
    address = reverse("reports:indicator", args=["managed"])
    client.get(address)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_costs_the_same_number_of_queries(world, plan, log_in, count, django_assert_num_queries):
    for place in range(count):
        world.patient([VILLAGE_A1, VILLAGE_B1][place % 2], f"人{place}", opened_on=date(2024, 5, 6))
    refresh_quarters(today=timezone.localdate())
    client = log_in(world.commission)
    client.get(reverse("reports:dashboard"))
    with django_assert_num_queries(BOARD_QUERIES):
        client.get(reverse("reports:dashboard"))


def test_every_figure_is_found_from_the_dashboard(world, people, plan, log_in):
    """Also those that no row of the plan names; what cannot be counted yet says so."""
    client = log_in(world.commission)
    assert reverse("reports:indicators") in client.get(reverse("reports:dashboard")).content.decode()
    lines = {line["name"]: line for line in client.get(reverse("reports:indicators")).context["lines"]}
    assert len(lines) == len(DEFINED)
    assert (lines["管理率"]["value"], lines["管理率"]["fraction"]) == ("66.67%", "2 / 3")
    assert lines["居家患者接受社区康复比例"]["value"] == "暂无数据"
    assert all(client.get(line["href"]).status_code == 200 for line in lines.values())
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    shown = {line["name"]: line for line in client.get(reverse("reports:indicators")).context["lines"]}
    assert (shown["4 级患者"]["value"], shown["管理率"]["fraction"]) == ("<5", "2 / 3")
