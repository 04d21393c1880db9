"""Teams and psychiatrists of places: the rules, the counts on a day, the page with a reason for every place."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind as K
from registry.models import GroupMember
from registry.services.teams import add_member, end_member, link_psychiatrist
from reports.queries.figures import figures_of
from reports.rules.cut import Cut
from reports.rules.place_indicators import (
    GROUP_AGENCIES,
    Judged,
    alert_timely,
    psychiatrist_link,
    township_group,
    village_group,
)
from tests.conftest import TOWN_B, VILLAGE_A1, VILLAGE_A2
from tests.exchange.conftest import deliver, save

TODAY, T = date(2026, 11, 24), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("kinds", "met", "why"),
    [
        (GROUP_AGENCIES, True, "各部门都有成员"),
        ((*GROUP_AGENCIES, K.POLICE, K.EDUCATION), True, "各部门都有成员"),
        ([kind for kind in GROUP_AGENCIES if kind not in (K.POLICE, K.JUDICIAL)], False,
         "小组里还没有：公安局（派出所）、司法行政部门"),
        ((), False, "还没有综合管理小组"),
    ],
    ids=["all", "more", "two-lacking", "none"],
)  # fmt: skip
def test_a_township_group_has_every_agency(kinds, met, why):
    assert township_group(kinds) == Judged(met, why)


@pytest.mark.parametrize(
    ("kinds", "met", "why"),
    [
        ([K.VILLAGE_COMMITTEE, K.VILLAGE_CLINIC, K.POLICE], True, "成员 3 人，有村（居）干部和村医或精防人员"),
        ([K.VILLAGE_COMMITTEE, K.HEALTH_CENTRE], False, "成员只有 2 人"),
        ([K.VILLAGE_COMMITTEE, K.POLICE, K.POLICE], False, "没有村医或精防人员"),
        ([K.VILLAGE_CLINIC, K.POLICE], False, "成员只有 2 人，没有村（居）干部"),
        ([], False, "还没有关爱帮扶小组"),
    ],
)
def test_a_village_group_has_three_with_a_cadre_and_a_doctor(kinds, met, why):
    assert village_group(kinds) == Judged(met, why)


def test_a_village_without_a_name_has_no_psychiatrist():
    assert (psychiatrist_link("").met, psychiatrist_link("周医师")) == (False, Judged(True, "对口医师 周医师"))


CODES = ("township_groups", "village_groups", "psychiatrist_link")


def figures(world, day=T, area=None, user=None):
    with scope(user or world.commission):
        found, towns = figures_of(area or world.county, Cut(day, TODAY), CODES)
    return {code: (found[code].numerator, found[code].denominator) for code in CODES}, towns


@pytest.fixture
def staffed(world):
    """东街道: a whole group, one village with three members, one with two; a psychiatrist for one village."""
    office, on = world.county_office, date(2025, 3, 1)
    with scope(office):
        for number, kind in enumerate(GROUP_AGENCIES):
            add_member(division=world.town_a, kind="township", on=on, name=f"甲{number}", agency_kind=kind, by=office)
        for number, kind in enumerate((K.VILLAGE_COMMITTEE, K.VILLAGE_CLINIC, K.POLICE)):
            add_member(
                division=world.places[VILLAGE_A1],
                kind="village",
                on=on,
                name=f"乙{number}",
                agency_kind=kind,
                by=office,
            )
        add_member(division=world.places[VILLAGE_A2], kind="village", on=on, name="丙", agency_kind=K.POLICE, by=office)
        link_psychiatrist(division=world.places[VILLAGE_A1], on=on, psychiatrist=world.psychiatrist, by=office)
    return world


@pytest.mark.django_db
def test_places_are_counted_as_they_stood_on_the_day(staffed):
    with system_scope():
        villages = Division.objects.filter(level="village", code__startswith=staffed.county.code).count()
    assert figures(staffed)[0] == {
        "township_groups": (1, 2), "village_groups": (1, villages), "psychiatrist_link": (1, villages),
    }  # fmt: skip
    assert figures(staffed, date(2025, 2, 28))[0]["township_groups"] == (0, 2)
    towns = figures(staffed)[1]
    assert [town["township_groups"].numerator for town in towns.values()] == [1, 0]
    own, _ = figures(staffed, area=staffed.town_a, user=staffed.worker)
    assert own["township_groups"] == (1, 1)
    with scope(staffed.county_office):
        slot = GroupMember.objects.get(group__division=staffed.town_a, agency_kind=K.POLICE).slot
        end_member(slot=slot, on=date(2025, 12, 31), by=staffed.county_office)
    assert figures(staffed)[0]["township_groups"] == (0, 2)
    assert figures(staffed, date(2025, 12, 30))[0]["township_groups"] == (1, 2)


@pytest.mark.django_db
def test_a_village_that_no_longer_existed_is_not_missing(staffed):
    with system_scope():
        Division.objects.filter(code=VILLAGE_A2).update(valid_to=date(2025, 12, 31))
    assert figures(staffed)[0]["village_groups"][1] == figures(staffed, date(2025, 12, 30))[0]["village_groups"][1] - 1


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_the_page_opens_into_places_with_reasons(staffed, log_in, code):
    client, address = log_in(staffed.commission), reverse("reports:indicator", args=[code])
    page = client.get(address, {"as_of": "2025-12-31"})
    numerator, denominator = figures(staffed)[0][code]
    assert (page.context["numerator"], page.context["denominator"]) == (str(numerator), str(denominator))
    assert [side["count"] for side in page.context["sides"]] == [denominator - numerator, numerator]
    assert page.context["page"].paginator.count == denominator - numerator
    assert all(line["why"] for line in page.context["lines"])
    met = client.get(address, {"as_of": "2025-12-31", "side": "met"})
    assert met.context["page"].paginator.count == numerator
    assert [part.name for part in page.context["parts"]] == ["西镇", "东街道"]  # what is lacking stands first
    below = client.get(address, {"as_of": "2025-12-31", "area": TOWN_B})
    assert (below.status_code, below.context["numerator"]) == (200, "0")


@pytest.mark.parametrize(
    ("police", "political", "judged"),
    [
        (timedelta(hours=24), timedelta(minutes=5), Judged(True, "公安 24 小时 0 分送达，政法委（综治中心） 5 分钟送达")),
        (timedelta(hours=24, seconds=1), timedelta(0),
         Judged(False, "公安 24 小时 0 分送达，政法委（综治中心） 0 分钟送达")),
        (None, timedelta(0), Judged(False, "公安没有送达，政法委（综治中心） 0 分钟送达")),
    ],
    ids=["in-time", "a-second-late", "never"],
)  # fmt: skip
def test_an_alert_is_in_time_when_both_sides_have_it_within_a_day(police, political, judged):
    found = alert_timely(police, political)
    assert (found.met, found.why) == (judged.met, judged.why)


@pytest.mark.django_db
def test_assessments_are_counted_by_when_both_sides_had_them(world, log_in):
    """In time; to one side late; never; entered too late to be told; of a lower level."""
    today = timezone.localdate()

    def assessed(level, *, back=0):
        save(world.worker, world.patient(), level, back)

    assessed(3), assessed(1), assessed(4, back=8)
    deliver()
    assessed(3)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        deliver()
    assessed(5)
    with scope(world.commission):
        found, towns = figures_of(world.county, Cut(today, today), ["alert_timely"])
        before, _ = figures_of(world.county, Cut(today - timedelta(days=1), today), ["alert_timely"])
    assert (found["alert_timely"].numerator, found["alert_timely"].denominator) == (1, 3)
    assert before["alert_timely"].denominator == 0
    assert found.hours is not None
    assert [town.hours for town in towns.values()] == [found.hours, None]
    assert found.hours[0] < Decimal("12.6") < Decimal(25) <= found.hours[1] < Decimal("25.1")
    page = log_in(world.commission).get(reverse("reports:indicator", args=["alert_timely"]))
    assert [line["name"] for line in page.context["lines"]] == [f"{today} 评估 5 级", f"{today} 评估 3 级"]
    whys = [line["why"] for line in page.context["lines"]]
    assert whys[0] == "公安没有送达，政法委（综治中心）没有送达"
    assert whys[1].startswith("公安 25 小时")
    assert "试验患者" not in page.content.decode()
