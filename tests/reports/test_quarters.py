"""The kept counts of closed quarters: equal to a fresh count after whatever change, and marked by it."""

from datetime import date, timedelta
from random import Random

import pytest

from accounts.scope import scope
from followup.services.summaries import refresh
from registry.models import Diagnosis, PatientStatus
from reports.models import QuarterChange, QuarterCount
from reports.queries.quarters import at_quarter_ends, county_counts
from reports.rules.indicators import COUNTED
from reports.rules.months import quarter_ends_back
from reports.services.quarters import KEPT_QUARTERS, refresh_quarters
from tests.conftest import VILLAGE_A1
from tests.reports.histories import Line
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db
CODES = [indicator.code for indicator in COUNTED]


@pytest.fixture
def today():
    from django.utils import timezone

    return timezone.localdate()


@pytest.fixture
def ends(today):
    return quarter_ends_back(today - timedelta(days=2), 4)


def _read(world, ends, today):
    with scope(counties=[world.county.pk]):
        return at_quarter_ends(world.county, [world.town_a.pk, world.town_b.pk], ends, today, CODES)


def _fresh(world, ends, today):
    return {
        (end.year, (end.month + 2) // 3): {
            town: {code: counts[code] for code in CODES}
            for town, counts in county_counts(world.county, end, today).items()
        }
        for end in ends
    }


def _plain(found):
    return {
        quarter: {town: {code: tuple(counts[code]) for code in CODES} for town, counts in towns.items()}
        for quarter, towns in found.items()
    }


def test_a_refresh_keeps_every_closed_quarter_and_a_second_one_nothing(world, today):
    world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    assert refresh_quarters(today=today) == KEPT_QUARTERS
    assert refresh_quarters(today=today) == 0
    assert (QuarterChange.objects.count(), QuarterCount.objects.count()) == (0, 2 * KEPT_QUARTERS)


def test_a_late_entry_marks_the_quarters_it_changes_and_no_other(world, today, ends):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    add_visits(patient, [Line(ends[-2])], world.worker)
    marked = set(QuarterChange.objects.values_list("township", "year", "quarter"))
    inside = {(end.year, (end.month + 2) // 3) for end in ends[-2:] if end.year == ends[-2].year}
    assert {(year, quarter) for _, year, quarter in marked} >= inside
    assert all((year, quarter) >= min(inside) for _, year, quarter in marked)
    assert {town for town, _, _ in marked} == {world.town_a.pk}


def test_a_visit_of_today_marks_no_closed_quarter(world, today):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    add_visits(patient, [Line(today)], world.worker)
    assert QuarterChange.objects.count() == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_kept_counts_equal_a_fresh_count_after_random_changes(world, today, ends, seed):
    dice = Random(seed)
    patients = [world.patient(VILLAGE_A1, opened_on=today - timedelta(days=dice.randrange(100, 900))) for _ in range(6)]
    refresh_quarters(today=today)
    for _ in range(12):
        patient = dice.choice(patients)
        day = today - timedelta(days=dice.randrange(1, 400))
        kind = dice.choice(["visit", "visit", "status", "diagnosis", "refresh"])
        if kind == "visit":
            add_visits(patient, [Line(day, level=dice.choice([0, 3]), adherence=dice.choice([1, 2]))], world.worker)
        elif kind == "refresh":
            refresh_quarters(today=today)
        else:
            place = {"patient": patient, "at_township": patient.duty_township, "starts_on": day}
            with scope(counties=[world.county.pk]):
                if kind == "status":
                    PatientStatus.objects.update_or_create(
                        patient=patient, starts_on=day,
                        defaults={"at_township": patient.duty_township, "value": dice.choice(["lost", "dead", "managed"])},
                    )  # fmt: skip
                elif not Diagnosis.objects.filter(patient=patient, starts_on=day).exists():
                    Diagnosis.objects.create(**place, code=dice.choice(["01", "04"]))
        assert _plain(_read(world, ends, today)) == _fresh(world, ends, today)
    refresh_quarters(today=today)
    assert _plain(_read(world, ends, today)) == _fresh(world, ends, today)


def test_an_unmarked_quarter_is_read_without_touching_anyone(world, today, ends, django_assert_num_queries):
    world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    with scope(counties=[world.county.pk]), django_assert_num_queries(1):
        at_quarter_ends(world.county, [world.town_a.pk, world.town_b.pk], ends, today, ["managed"])


def test_counts_of_other_rules_are_not_read(world, today, ends):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    add_visits(patient, [Line(ends[-1])], world.worker)
    refresh_quarters(today=today)
    QuarterCount.objects.update(definition="of older rules", counts=[99] * 2 * len(CODES))
    assert _plain(_read(world, ends, today)) == _fresh(world, ends, today)


def test_the_application_cannot_forge_a_mark(world):
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        QuarterChange.objects.create(township=1, county=1, year=2025, quarter=1)


def test_summaries_rebuilt_without_a_difference_mark_nothing(world, today):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    with scope(counties=[world.county.pk]):
        refresh([patient.pk])
    assert QuarterChange.objects.count() == 0
