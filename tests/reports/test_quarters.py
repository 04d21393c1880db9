"""The kept counts of quarters: equal to a straight count after whatever change, and marked by it."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.scope import scope, system_scope
from followup.models import Dispensing
from followup.services.summaries import refresh
from registry.models import Diagnosis, PatientStatus
from reports.models import QuarterChange, QuarterCount
from reports.queries.counts import counts_in, none_counted
from reports.queries.kept import CODES, counts_on_days, quarter
from reports.queries.periods import Place
from reports.rules.cut import Cut
from reports.rules.indicators import KEPT
from reports.rules.months import quarter_ends_back, quarter_of, quarter_start
from reports.services.quarters import KEPT_QUARTERS, refresh_changed, refresh_quarters
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.reports.histories import Line
from tests.reports.records import add_visits, became, examined, handed, incident, injected, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def cuts(today):
    ends = quarter_ends_back(today - timedelta(days=1), 4)
    return [*(Cut(end, today) for end in ends), Cut(today, today)]


def _towns(world):
    return [world.town_a.pk, world.town_b.pk]


def _read(world, cuts):
    with scope(counties=[world.county.pk]):
        found = counts_on_days(_towns(world), cuts, CODES)
    return {key: {town: dict(counts) for town, counts in towns.items()} for key, towns in found.items()}


def _straight(world, cuts):
    """Everyone counted, nothing read that was kept."""
    with system_scope():
        found = {quarter(cut.as_of): counts_in(Place("township", tuple(_towns(world))), cut, KEPT) for cut in cuts}
    return {
        key: {town: counts.get(town, none_counted(KEPT)) for town in _towns(world)} for key, counts in found.items()
    }


def test_a_refresh_keeps_every_closed_quarter_and_a_second_one_nothing(world, today):
    world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    kept = len({quarter(today), *(quarter(end) for end in quarter_ends_back(today, KEPT_QUARTERS))})
    assert refresh_quarters(today=today) == 2 * kept
    assert [refresh_quarters(today=today), refresh_changed(today=today)] == [0, 0]
    assert (QuarterChange.objects.count(), QuarterCount.objects.count()) == (0, 2 * kept)


def test_a_record_marks_the_quarters_from_its_own_on_in_its_year_and_no_other(world, today, cuts):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    day = cuts[-3].as_of
    add_visits(patient, [Line(day)], world.worker)
    marked = set(QuarterChange.objects.values_list("township", "year", "quarter"))
    begun = [number for number in range(quarter_of(day), 5) if quarter_start(day.year, number) <= today]
    following = {(world.town_a.pk, year, n) for _, year, n in marked if year > day.year}  # it is the last of its year
    assert marked - following == {(world.town_a.pk, day.year, number) for number in begun}


def test_what_changed_is_counted_again_by_the_minute_and_nothing_else(world, today):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    add_visits(patient, [Line(today)], world.worker)
    assert QuarterChange.objects.values_list("township", "year", "quarter").distinct().count() == 1
    assert [refresh_changed(today=today), refresh_changed(today=today)] == [1, 0]


@pytest.mark.parametrize("seed", [1, 2])
def test_kept_counts_equal_a_straight_count_after_random_changes(world, today, cuts, seed):
    dice = Random(seed)
    patients = [world.patient(VILLAGE_A1, opened_on=today - timedelta(days=dice.randrange(100, 900))) for _ in range(6)]
    refresh_quarters(today=today)
    for _ in range(12):
        patient = dice.choice(patients)
        day = today - timedelta(days=dice.randrange(1, 400))
        kind = dice.choice(["visit", "visit", "status", "diagnosis", "refresh", "today"])
        if kind == "visit":
            add_visits(patient, [Line(day, level=dice.choice([0, 3]), adherence=dice.choice([1, 2]))], world.worker)
        elif kind == "today":
            add_visits(patient, [Line(today, level=dice.choice([0, 4]))], world.worker)
        elif kind == "refresh":
            refresh_changed(today=today)
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
        assert _read(world, cuts) == _straight(world, cuts)
    refresh_quarters(today=today)
    assert _read(world, cuts) == _straight(world, cuts)


@pytest.mark.parametrize("act", [
    lambda patient, by, day: handed(patient, by, day),
    lambda patient, by, day: injected(patient, by, day),
    lambda patient, by, day: examined(patient, by, day),
    lambda patient, by, day: planned(patient, by, day),
    lambda patient, by, day: incident(patient, by, timezone.now(), trouble=1),
    lambda patient, by, day: became(patient, day, "lost"),
    lambda patient, by, day: became(patient, day, "away"),
], ids=["medicine", "injection", "examination", "plan", "incident", "lost", "away"])  # fmt: skip
def test_what_is_done_beside_the_visits_is_counted_at_once(world, today, cuts, act):
    """Also when it is written down long after its day, and when it is struck out again."""
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    add_visits(patient, [Line(today, level=3, stability=1, adherence=2)], world.worker)
    refresh_quarters(today=today)
    before = _read(world, cuts)
    act(patient, world.worker, max(today.replace(month=1, day=1), today - timedelta(days=70)))
    assert before != _read(world, cuts) == _straight(world, cuts)
    refresh_changed(today=today)
    assert _read(world, cuts) == _straight(world, cuts)
    with system_scope():
        Dispensing.objects.update(struck_at=timezone.now(), struck_by=world.worker)
    assert _read(world, cuts) == _straight(world, cuts)


def test_what_is_never_kept_is_counted_for_every_township_also_beside_a_changed_one(world, today):
    """One township was marked, the other read as it was kept: both say how many high levels were answered."""
    refresh_quarters(today=today)
    for village in (VILLAGE_A1, VILLAGE_B1):
        patient = world.patient(village, opened_on=date(2024, 5, 6))
        add_visits(patient, [Line(today, level=3, stability=1)], world.worker)
        refresh_quarters(today=today)
    add_visits(world.patient(VILLAGE_A1), [Line(today)], world.worker)
    cut = Cut(today, today)
    with scope(counties=[world.county.pk]):
        found = counts_on_days(_towns(world), [cut], ["registered", "high_risk_managed"])[quarter(today)]
    assert [found[town]["high_risk_managed"] for town in _towns(world)] == [(1, 1), (1, 1)]
    assert [found[town]["registered"][0] for town in _towns(world)] == [2, 1]


def test_what_is_kept_is_read_without_touching_anyone(world, today, cuts, django_assert_num_queries):
    world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    refresh_quarters(today=today)
    with scope(counties=[world.county.pk]), django_assert_num_queries(1):
        counts_on_days(_towns(world), cuts, ["managed"])


def test_counts_of_other_rules_are_not_read(world, today, cuts):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    add_visits(patient, [Line(cuts[0].as_of)], world.worker)
    refresh_quarters(today=today)
    QuarterCount.objects.update(definition="of older rules", counts=[99] * 2 * len(CODES))
    assert _read(world, cuts) == _straight(world, cuts)


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
