"""Numbers from the database: both ways of counting, areas of any level, townships without people, past days."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from accounts.reach import Reach
from accounts.scope import scope
from followup.services.summaries import refresh
from registry.models import Diagnosis, DutyPeriod, PatientStatus, Population
from reports.queries.counts import counts_in, counts_sql, read_counts
from reports.queries.figures import figures_of
from reports.queries.people import COUNTED as COUNTED_SIDE
from reports.queries.people import Wanted, groups_of, people, period_of, visible_count
from reports.queries.periods import COLUMNS, place_of, slots_sql, straight_sql
from reports.rules.cut import Cut
from reports.rules.indicators import COUNTED, INDICATORS
from tests.conftest import COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1
from tests.reports.histories import WORKED, Line, T
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
ANSWERS = ("managed", "standard_managed", "standard_managed_strict", "medicated", "regular_medication", "face_to_face")


def _all_of(world):
    return Reach(counties=frozenset({world.county.pk}))


def _rows(sql):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM ({sql}) period ORDER BY patient_id")
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(("history", "expected"), WORKED)
@pytest.mark.parametrize("way", ["slots", "straight"])
def test_worked_cases_in_the_database(world, way, history, expected):
    add_visits(world.patient(), history, world.worker)
    today = TODAY if way == "slots" else date(2024, 12, 31)  # a cut-off ahead of the year's rows goes straight
    cut = Cut(T, today)
    with scope(counties=[world.county.pk]):
        figures, _ = figures_of(world.county, cut)
    assert cut.reads_slots is (way == "slots")
    assert tuple(bool(figures.count(code)) for code in ANSWERS) == expected


def _random_history(dice, opened_on):
    """A person's records over three years, with calls, hospital stays, levels and gaps of every size."""
    day, found = opened_on - timedelta(days=dice.choice([0, 0, 40, 200])), []
    while day < date(2026, 11, 1):
        day += timedelta(days=dice.choice([0, 7, 14, 28, 60, 88, 92, 100, 130, 400]))
        inside = dice.random() < 0.08
        found.append(
            Line(
                min(day, TODAY),
                level=None if inside else dice.choice([0, 0, 0, 1, 2, 3, 4, 5]),
                adherence=dice.choice([1, 1, 1, 2, 3, 4, None]),
                form=dice.choice("123"),
                seen=dice.choice([("1",), ("1", "2"), ("2",), ("3",)]),
                stability=dice.choice([1, 2, 3, None]),
                in_hospital=inside,
                incidents=dice.choice([0, 0, 0, 2]),
            )
        )
    return found


def _scatter(world, dice, count=24):
    """Patients of both counties with moves, endings, returns, other diagnoses and random records, none dated ahead."""
    for _ in range(count):
        village = dice.choice([VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1])
        opened = date(2024, 1, 1) + timedelta(days=dice.randrange(1000))
        patient = world.patient(village, opened_on=opened, diagnosis=dice.choice(["01", "04", "99"]))
        add_visits(patient, _random_history(dice, opened), world.worker)
        place = {"patient": patient, "at_township": patient.duty_township}

        def later(opened=opened):
            return min(TODAY, opened + timedelta(days=dice.randrange(1, 700)))

        with scope(counties=[world.county.pk, world.places[OTHER_COUNTY].pk]):
            if dice.random() < 0.4:
                to = dice.choice([world.town_a, world.town_b, world.town_c])
                DutyPeriod.objects.create(**place, starts_on=later(), township=to, county=to.parent)
            if dice.random() < 0.3:
                Diagnosis.objects.create(**place, starts_on=later(), code="01")
            days = sorted({later() for _ in range(dice.choice([0, 0, 1, 2]))})
            for day in days:
                value = dice.choice(["dead", "moved_out", "lost", "managed", "excluded"])
                PatientStatus.objects.create(**place, starts_on=day, value=value)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_summary_rows_and_visits_give_the_same_people_with_the_same_facts(world, seed):
    dice = Random(seed)
    _scatter(world, dice)
    areas = [world.county, world.places["9900"], world.town_a, world.town_b, world.places[OTHER_COUNTY]]
    with scope(counties=[world.county.pk, world.places[OTHER_COUNTY].pk]):
        refresh(list(DutyPeriod.objects.values_list("patient_id", flat=True).distinct()))
        for end in (date(2024, 12, 31), date(2025, 3, 31), date(2025, 9, 30), date(2026, 6, 30), TODAY):
            cut = Cut(end, TODAY)
            assert cut.reads_slots
            for area in areas:
                place = place_of(area)
                assert _rows(slots_sql(place, cut)) == _rows(straight_sql(place, cut)), (end, area.name)


@pytest.mark.parametrize("day", [date(2025, 9, 30), date(2025, 8, 17), TODAY], ids=["quarter", "any-day", "today"])
def test_the_database_and_the_rules_agree_person_by_person(world, day):
    _scatter(world, Random(7))
    cut = Cut(day, TODAY)
    with scope(counties=[world.county.pk]):
        periods = [period_of(row, cut) for row in _rows_of(world.county, cut)]
        figures, _ = figures_of(world.county, cut)
    assert len(periods) > 3
    for indicator in COUNTED:
        expected = (sum(map(indicator.counts, periods)), sum(map(indicator.includes, periods)))
        assert (indicator.code, figures.counts[indicator.code]) == (indicator.code, expected)


def _rows_of(area, cut):
    from reports.queries.periods import period_sql

    return _rows(period_sql(place_of(area), cut))


def test_every_list_is_as_long_as_its_number(world, subtests):
    """One county for all indicators: making it takes far longer than reading one."""
    _scatter(world, Random(11), count=16)
    cut = Cut(TODAY, TODAY)
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, cut)
        areas = [(world.county, figures), (world.town_a, towns[TOWN_A]), (world.town_b, towns[TOWN_B])]
        for indicator, (area, inside) in product(COUNTED, areas):
            with subtests.test(indicator.code, area=area.code):
                wanted, counted = Wanted(indicator, area, cut), Wanted(indicator, area, cut, side=COUNTED_SIDE)
                numerator, denominator = inside.counts[indicator.code]
                assert len(people(counted, named=_all_of(world), size=500)) == visible_count(counted) == numerator
                missing = people(wanted, named=_all_of(world), size=500)
                assert len(missing) == visible_count(wanted) == denominator - numerator
                assert sum(group.count for group in groups_of(wanted)) == denominator - numerator


def test_every_person_not_counted_has_a_reason_and_the_mendable_ones_come_first(world):
    mended = world.patient(name="冉启明")
    world.patient(name="王某", opened_on=date(2023, 1, 1))
    add_visits(mended, [Line(date(2026, 1, 10)), Line(date(2026, 6, 10))], world.worker)
    with scope(townships=[world.town_a.pk]):
        found = people(Wanted(INDICATORS["standard_managed"], world.county, Cut(TODAY, TODAY)), named=Reach())
    assert [(row.name, row.why) for row in found] == [
        ("王＊", "2026 年没有随访记录；2023-01-01 建档后还没有随访过"),
        ("冉＊明", "两次随访间隔 5 个月：01-10 → 06-10"),
    ]


def test_townships_without_patients_are_listed_and_sum_to_the_county(world):
    world.patient(VILLAGE_A1)
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(TODAY, TODAY))
    assert {code: town.count("registered") for code, town in towns.items()} == {TOWN_A: 1, TOWN_B: 0}
    assert (figures.count("registered"), towns[TOWN_B]["managed"].rate) == (1, None)


def test_a_village_is_an_area_too(world):
    world.patient(VILLAGE_A1)
    world.patient(VILLAGE_A2)
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.places[VILLAGE_A2], Cut(TODAY, TODAY))
    assert (figures.count("registered"), towns, figures["prevalence"].rate) == (1, {}, None)


def test_a_person_who_moved_counts_where_they_lived_on_the_day(world):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    with scope(counties=[world.county.pk]):
        DutyPeriod.objects.create(
            patient=patient, at_township=patient.duty_township, starts_on=date(2025, 10, 1),
            township=world.town_b, county=world.county,
        )  # fmt: skip
        days = {}
        for day in (date(2025, 9, 30), date(2025, 10, 1), date(2025, 12, 31)):
            _, towns = figures_of(world.county, Cut(day, TODAY))
            days[day] = (towns[TOWN_A].count("registered"), towns[TOWN_B].count("registered"))
    assert list(days.values()) == [(1, 0), (0, 1), (0, 1)]


def test_the_day_of_death_is_the_first_day_off_the_register(world):
    patient = world.patient(VILLAGE_A1)
    with scope(counties=[world.county.pk]):
        PatientStatus.objects.create(
            patient=patient, at_township=patient.duty_township, starts_on=date(2025, 10, 1), value="dead"
        )
        found = [
            figures_of(world.county, Cut(day, TODAY))[0].count("registered")
            for day in (date(2025, 9, 30), date(2025, 10, 1))
        ]
    assert found == [1, 0]


def test_people_who_left_the_reach_are_counted_on_a_past_day_but_not_listed(world):
    """The number stays as it was printed then; the name is no longer this county's to see."""
    from django.db import connection

    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    other = world.town_c
    with scope(counties=[world.county.pk, other.parent_id]):
        DutyPeriod.objects.create(
            patient=patient, at_township=patient.duty_township, starts_on=date(2026, 1, 5),
            township=other, county=other.parent,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT hand_over(%s, %s, %s, %s)", [patient.pk, world.town_a.pk, other.pk, other.parent_id])
    wanted = Wanted(INDICATORS["managed"], world.county, Cut(date(2025, 12, 31), TODAY))
    with scope(counties=[world.county.pk]):
        figures, _ = figures_of(world.county, wanted.cut)
        listed = people(wanted, named=_all_of(world))
        assert (figures.counts["managed"], visible_count(wanted), listed) == ((0, 1), 0, [])


def test_the_later_entered_of_two_records_on_one_day_is_the_last(world):
    patient = world.patient()
    add_visits(patient, [Line(date(2025, 12, 1), adherence=1), Line(date(2025, 12, 1), adherence=3)], world.worker)
    for today in (TODAY, date(2024, 12, 31)):
        with scope(counties=[world.county.pk]):
            assert figures_of(world.county, Cut(T, today))[0].count("medicated") == 0


def test_prevalence_by_township_and_its_fallbacks(world):
    for village in (VILLAGE_A1, VILLAGE_A1, VILLAGE_B1):
        world.patient(village)
    cut = Cut(TODAY, TODAY)
    Population.objects.create(township=world.town_a, year=2024, people=1000)
    with scope(counties=[world.county.pk]):
        county, towns = figures_of(world.county, cut)
        assert (county["prevalence"].rate, county.population.missing) == (None, (world.town_b.pk,))
        assert (towns[TOWN_A]["prevalence"].rate, towns[TOWN_A].population.older_years) == (Decimal("2.00"), (2024,))
        Population.objects.create(township=world.town_b, year=2026, people=2000)
        Population.objects.create(township=world.town_b, year=2027, people=9)
        county, _ = figures_of(world.county, cut)
    assert (county["prevalence"].rate, county.population.total) == (Decimal("1.00"), 3000)


def test_one_statement_counts_everything(world, django_assert_num_queries):
    world.patient()
    with scope(counties=[world.county.pk]), django_assert_num_queries(1):
        found = counts_in(place_of(world.county), Cut(TODAY, TODAY))
    assert found[world.town_a.pk]["registered"] == (1, 1)


def test_reading_a_row_of_counts_takes_exactly_its_columns():
    sql = counts_sql("SELECT 1", Cut(T, TODAY))
    columns = sql.count("count(*)")
    assert read_counts(tuple(range(columns)))["registered"] == (1, 0)
    with pytest.raises(StopIteration):
        read_counts(tuple(range(columns - 1)))


def test_the_area_of_a_code_elsewhere_sees_nothing(world):
    world.patient(VILLAGE_C1)
    with scope(counties=[world.county.pk]):
        assert figures_of(world.county, Cut(TODAY, TODAY))[0].count("registered") == 0
    assert world.places[COUNTY].pk != world.places[OTHER_COUNTY].pk
