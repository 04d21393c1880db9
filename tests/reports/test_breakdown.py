"""An indicator in parts: each way of taking it apart sums to the whole."""

from datetime import date
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from registry.services.moves import move_patient
from reports.queries.breakdown import NO_VILLAGE, by_group, by_place, by_quarter, quarters_alone
from reports.queries.figures import figures_of
from reports.rules.cut import Cut
from reports.rules.indicators import COUNTED, QUARTERLY_RISK, REGISTERED, STANDARD
from reports.terms import Breakdown
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1
from tests.reports.histories import Line
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
CUT = Cut(date(2026, 9, 30), TODAY)


@pytest.fixture
def county(world):
    dice = Random(5)
    for village in (VILLAGE_A1, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B1):
        patient = world.patient(village, diagnosis=dice.choice(["01", "04"]), opened_on=date(2025, 5, 6))
        months = sorted(dice.sample(range(1, 10), 3))
        history = [
            Line(date(2026, month, 5), level=dice.choice([0, 3]), incidents=dice.choice([0, 1])) for month in months
        ]
        add_visits(patient, history, world.worker)
    return world


def _sums(parts):
    return sum(part.numerator for part in parts), sum(part.denominator for part in parts)


@pytest.mark.parametrize("indicator", COUNTED, ids=lambda indicator: indicator.code)
def test_every_way_of_taking_apart_sums_to_the_whole(county, indicator):
    with scope(counties=[county.county.pk]):
        figures, towns = figures_of(county.county, CUT)
        ways = [by_place(indicator, county.county, towns)]
        ways += [
            by_group(indicator, county.county, CUT, by)
            for by in (Breakdown.VILLAGE, Breakdown.DIAGNOSIS, Breakdown.LEVEL)
        ]
    assert [_sums(parts) for parts in ways] == [figures.counts[indicator.code]] * 4


def test_villages_and_diagnoses_have_names_that_lead_on(county):
    with scope(counties=[county.county.pk]):
        villages = by_group(STANDARD, county.town_a, CUT, Breakdown.VILLAGE)
        diagnoses = by_group(STANDARD, county.county, CUT, Breakdown.DIAGNOSIS)
    assert {part.area: part.denominator for part in villages} == {VILLAGE_A1: 2, VILLAGE_A2: 1}
    assert {part.name for part in diagnoses} <= {"精神分裂症", "双相（情感）障碍"}


def test_quarters_are_cumulative_and_the_last_closed_one_is_the_figure(county):
    with scope(counties=[county.county.pk]):
        figures, towns = figures_of(county.county, CUT)
        parts = by_quarter(STANDARD, towns, CUT)
    assert [part.as_of for part in parts] == ["2026-03-31", "2026-06-30", "2026-09-30"]
    assert (parts[-1].numerator, parts[-1].denominator) == figures.counts["standard_managed"]


def test_each_quarter_alone_counts_a_level_in_it_over_who_owed_one(world):
    early = world.patient(VILLAGE_A1, opened_on=date(2025, 5, 6))
    late = world.patient(
        VILLAGE_A1, opened_on=date(2026, 4, 1)
    )  # on the first day of the quarter: owes from the next on
    add_visits(early, [Line(date(2026, 2, 1)), Line(date(2026, 8, 1))], world.worker)
    add_visits(late, [Line(date(2026, 5, 1))], world.worker)
    with scope(counties=[world.county.pk]):
        parts = quarters_alone(world.county, CUT)
    assert [(part.numerator, part.denominator) for part in parts] == [(1, 1), (0, 1), (1, 2)]


def test_the_page_takes_apart_as_asked_and_a_township_by_its_villages(county, log_in):
    address = reverse("reports:indicator", args=["standard_managed"])
    client = log_in(county.commission)
    shown = {
        by: [line.name for line in client.get(address, {"by": by}).context["parts"]] for by in ("", "level", "nonsense")
    }
    assert set(shown[""]) == set(shown["nonsense"]) == {"东街道", "西镇"}
    assert set(shown["level"]) <= {"0 级", "3 级", "没有等级"}
    page = log_in(county.worker).get(address)
    assert (page.context["by"], {line.name for line in page.context["parts"]}) == (
        Breakdown.VILLAGE,
        {"东一社区", "东二社区"},
    )


def test_the_quarterly_page_shows_each_quarter_alone_and_the_prevalence_no_diagnosis(county, log_in):
    client = log_in(county.commission)
    closed = len([q for q in (3, 6, 9, 12) if q < timezone.localdate().month])
    page = client.get(reverse("reports:indicator", args=[QUARTERLY_RISK.code]))
    assert len(page.context["alone"]) == closed
    choices = client.get(reverse("reports:indicator", args=["prevalence"])).context["choices"]
    assert [choice["label"] for choice in choices] == ["乡镇（街道）", "季度"]


def test_a_meeting_sees_no_small_sensitive_part(county, log_in):
    client = log_in(county.commission)
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    page = client.get(reverse("reports:indicator", args=["incident_patients"]), {"by": "village"})
    small = [line for line in page.context["parts"] if not line.fraction.startswith("0 ")]
    assert {line.fraction.split(" / ")[0] for line in small} <= {"<5", "隐藏"}
    assert {line.value for line in small} == {"—"}


def test_a_meeting_is_shown_no_levels_and_no_villages(county, log_in):
    client = log_in(county.county_office)
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    for by in ("level", "diagnosis", "village"):
        page = client.get(reverse("reports:indicator", args=["registered"]), {"by": by})
        assert (page.context["by"], [choice["label"] for choice in page.context["choices"]]) == (
            Breakdown.PLACE,
            ["乡镇（街道）", "季度"],
        )


def test_who_has_moved_away_tells_no_new_village(world):
    patient = world.patient(VILLAGE_A1, opened_on=date(2025, 5, 6))
    world.patient(VILLAGE_A2, opened_on=date(2025, 5, 6))
    with scope(counties=[world.county.pk]):
        move_patient(
            patient=patient, on=date(2026, 10, 8), to_township=world.town_c, by=world.county_office, reason="迁居",
            village=world.places[VILLAGE_C1],
        )  # fmt: skip
        parts = by_group(REGISTERED, world.town_a, CUT, Breakdown.VILLAGE)
    assert {(part.name, part.area, part.numerator) for part in parts} == {
        ("东二社区", VILLAGE_A2, 1), (NO_VILLAGE, "", 1),
    }  # fmt: skip
