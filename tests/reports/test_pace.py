"""目标进度与预警: the line from a base or the first known value, the months left, and the townships that fall short."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope, system_scope
from reports.queries import packs
from reports.queries.figures import figures_of
from reports.queries.plan_table import all_rows
from reports.queries.shortfalls import towns_short
from reports.rules.cut import Cut
from reports.rules.pace import Line
from reports.rules.plan_row import First, Value, plan_row
from reports.services.plans import load_plan
from reports.services.reported import confirm_value, enter_value
from reports.terms import Operator, Standing, Unit
from reports.views.asked import MEETING
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.reports.conftest import PLAN
from tests.reports.histories import Line as Visited
from tests.reports.records import add_visits

AT_LEAST = Operator.AT_LEAST
YEARS = re.compile(r"(base_year|first_year|last_year|target|due|year|as_of)\b")
NO_BASE = Line(Unit.PERCENT, AT_LEAST, Decimal(80), None, 2022, 2025)


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2025, 12, 31), 0), (date(2025, 12, 30), 1), (date(2025, 11, 30), 1), (date(2025, 11, 1), 2),
     (date(2024, 12, 31), 12), (date(2026, 3, 1), 0)],
)  # fmt: skip
def test_months_left_are_those_not_over_yet(day, months):
    assert NO_BASE.months_left(day) == months


def test_a_line_without_a_base_begins_at_the_first_value_known():
    line = NO_BASE.beginning(Decimal(50), date(2023, 12, 31))
    day = date(2024, 12, 31)
    assert (line.months_total, line.months_done(day), line.due_value(day)) == (24, 12, Decimal(65))
    assert (line.standing(Decimal(66), day), line.standing(Decimal(64), day)) == (Standing.ON_TRACK, Standing.FAR)


def test_a_base_of_the_plan_stays_and_a_first_value_after_the_end_begins_nothing():
    with_base = Line(Unit.PERCENT, AT_LEAST, Decimal(80), Decimal(40), 2022, 2025)
    assert with_base.beginning(Decimal(50), date(2023, 12, 31)) == with_base
    assert NO_BASE.beginning(Decimal(50), date(2025, 12, 31)) == NO_BASE


def test_the_first_value_is_no_beginning_on_its_own_day(plan_text):
    from reports.rules.pack_reading import read_pack

    row = read_pack(plan_text, "youyang-2023.toml").row("mental_health_literacy")
    first = First(10, 100, date(2024, 6, 30))
    on_the_day = plan_row(row, 2022, date(2024, 6, 30), Value(10, 100, first=first))
    later = plan_row(row, 2022, date(2024, 12, 31), Value(20, 100, first=first))
    assert (on_the_day.projected, on_the_day.due_text) == (None, "—")
    assert (later.projected, later.due_text, later.months_left) == (Decimal(40), "16.67%", 12)
    assert later.standing is Standing.ON_TRACK


@pytest.fixture
def running(world, plan_text, tmp_path, monkeypatch):
    """A plan that runs until next year's end and names no base for its rate of regular medicine."""
    today = timezone.localdate()
    text = plan_text.replace('area = "500242"', 'area = "990001"').replace('id = "youyang-2023"', f'id = "{PLAN}"')
    ahead = today.year + 1 - 2025

    def shifted(line):
        return re.sub(r"20\d\d", lambda year: str(int(year[0]) + ahead), line)

    text = "\n".join(shifted(line) if YEARS.match(line) else line for line in text.splitlines())
    text = text.replace("base = 76.81\n", "")
    (tmp_path / f"{PLAN}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan(PLAN)
    return packs.pack(PLAN)


def _rows(world, pack, day=None):
    today = timezone.localdate()
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(day or today, today), pack.codes)
        return {row.row.key: row for row in all_rows(pack, figures, towns)}, towns


@pytest.mark.django_db
def test_a_computed_row_without_a_base_begins_at_the_first_year_with_records(world, running):
    today = timezone.localdate()
    last_year = date(today.year - 1, 11, 3)
    for adherence in (1, 2):
        patient = world.patient(VILLAGE_A1, opened_on=date(2020, 5, 6))
        add_visits(patient, [Visited(last_year, adherence=adherence), Visited(today, adherence=1)], world.worker)
    rows, _ = _rows(world, running)
    regular = next(row for row in rows.values() if row.row.code == "regular_medication")
    assert (regular.line.base, regular.line.from_on) == (Decimal(50), date(today.year - 1, 12, 31))
    assert regular.standing is Standing.MET


@pytest.mark.django_db
def test_a_reported_row_begins_at_its_first_confirmed_value(world, running):
    today = timezone.localdate()
    for year, count in ((today.year - 1, 40), (today.year, 60)):
        day = min(date(year, 6, 30), today)
        value = enter_value(
            pack_id=PLAN, key="mental_health_literacy", area=world.county, period_to=day, numerator=Decimal(count),
            denominator=Decimal(400), evidence="抽样调查", by=world.commission,
        )  # fmt: skip
        confirm_value(value, by=world.county_office)
    row = _rows(world, running)[0]["mental_health_literacy"]
    assert (row.line.base, row.line.from_on, row.counting) == (
        Decimal(10), date(today.year - 1, 6, 30), Decimal(15),
    )  # fmt: skip


@pytest.fixture
def short(world, running):
    """East: three people, one seen; west: one, seen."""
    today = timezone.localdate()
    for _ in range(2):
        world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    for village in (VILLAGE_A1, VILLAGE_B1):
        add_visits(world.patient(village, opened_on=date(2024, 5, 6)), [Visited(today, adherence=1)], world.worker)
    return running


@pytest.mark.django_db
def test_townships_are_judged_by_their_own_figures_and_the_one_lacking_most_comes_first(world, short):
    _, towns = _rows(world, short)
    with scope(counties=[world.county.pk]):
        found = {town.area: {row.row.code: row.missing for row in town.rows} for town in towns_short(short, towns)}
    assert next(iter(found)) == world.town_a
    assert (found[world.town_a]["standard_managed"], found[world.town_a]["regular_medication"]) == (2, 2)
    assert "standard_managed" not in found.get(world.town_b, {})


@pytest.mark.django_db
def test_the_page_of_the_commission_and_of_a_township_leader(world, short, log_in):
    page = log_in(world.commission).get(reverse("reports:pace"))
    (plan,) = page.context["plans"]
    lines = {line["row"].row.code: line for line in plan["lines"] if line["row"].row.code}
    assert (lines["standard_managed"]["gap"], lines["standard_managed"]["row"].months_left > 12) == ("2 人", True)
    assert plan["towns"][0]["name"] == "东街道"
    own = log_in(world.leader).get(reverse("reports:pace"))
    assert (own.context["above"], own.context["asked"].area) == (False, world.town_a)
    (mine,) = own.context["plans"]
    assert {line["row"].row.kind.value for line in mine["lines"]} == {"computed"}
    assert log_in(world.leader).get(reverse("reports:pace"), {"area": world.town_b.code}).status_code == 404


@pytest.mark.django_db
def test_a_meeting_reads_nothing_that_could_point_at_a_person(world, short, log_in):
    client = log_in(world.commission)
    session = client.session
    session[MEETING] = True
    session.save()
    (plan,) = client.get(reverse("reports:pace")).context["plans"]
    lai = next(line for line in plan["lines"] if line["row"].row.code == "lai")
    assert (lai["value"], lai["gap"]) == ("—", "")
    assert all(target["name"] != lai["row"].row.name for town in plan["towns"] for target in town["targets"])


@pytest.mark.django_db
def test_a_day_ahead_is_refused_and_without_a_plan_the_page_says_so(world, short, log_in):
    client = log_in(world.commission)
    assert client.get(reverse("reports:pace"), {"as_of": "2099-12-31"}).status_code == 400
    page = log_in(world.stranger).get(reverse("reports:pace"))
    assert (page.context["plans"], "还没有载入计划" in page.content.decode()) == ([], True)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_number_of_queries(world, running, log_in, count, django_assert_num_queries):
    for village in (VILLAGE_A1, VILLAGE_B1, VILLAGE_A1)[:count]:
        world.patient(village, opened_on=date(2024, 5, 6))
    with system_scope():
        world.patient(VILLAGE_A1, opened_on=timezone.localdate() - timedelta(days=9))
    client = log_in(world.commission)
    client.get(reverse("reports:pace"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("reports:pace"))


PAGE_QUERIES = 32
