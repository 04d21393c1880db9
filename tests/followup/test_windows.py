"""Due windows as stored: kept in the record's transaction, by the sweeps, and equal to the rule at any time."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.scope import scope
from followup.models import Window
from followup.services.corrections import correct_visit
from followup.services.windows import rebuild_windows, sweep_passed, sweep_stale
from registry.services.moves import move_patient
from registry.services.status import close_patient, set_status
from tests.followup.conftest import days_ago, good

pytestmark = pytest.mark.django_db


def kept(patient):
    """(opener, days from opening to due, outcome, excuse) of every stored window, oldest first."""
    with scope(counties=[patient.duty_county]):
        rows = Window.objects.filter(patient=patient).order_by("opened_on")
        return [(w.opener, (w.due_on - w.opened_on).days, w.outcome, w.excuse) for w in rows]


def agree(county):
    with scope(counties=[county.pk]):
        return rebuild_windows(check=True) == []


def test_a_new_file_has_its_first_window(world):
    patient = world.patient(opened_on=days_ago(3))
    assert kept(patient) == [("registered", 14, "", "")]
    assert agree(world.county)


def test_a_record_ends_one_window_and_opens_the_next(world, record):
    patient = world.patient(opened_on=days_ago(20))
    record(patient, world.worker, days_ago(6), level=1)
    assert kept(patient) == [("registered", 14, "done", ""), ("record", 14, "", "")]
    assert agree(world.county)


@pytest.mark.parametrize(("after", "outcome"), [(14, "done"), (15, "late"), (28, "late"), (29, "missed")])
def test_how_late_a_record_may_be(world, record, after, outcome):
    patient = world.patient(opened_on=days_ago(60))
    record(patient, world.worker, days_ago(60 - after))
    assert kept(patient)[0] == ("registered", 14, outcome, "")


def test_the_night_closes_what_nobody_visited_from_the_day_after(world):
    patient = world.patient(opened_on=days_ago(2))
    due = patient.opened_on + timedelta(days=14)
    with scope(counties=[world.county.pk]):
        assert sweep_passed(due) == 0
        assert sweep_passed(due + timedelta(days=1)) == 1
    assert kept(patient) == [("registered", 14, "missed", "")]


def test_a_late_entry_decides_anew(world, record):
    patient = world.patient(opened_on=days_ago(40))
    record(patient, world.worker, days_ago(10))
    assert kept(patient)[0] == ("registered", 14, "missed", "")
    record(patient, world.worker, days_ago(30), level=1)
    assert kept(patient) == [
        ("registered", 14, "done", ""),
        ("record", 14, "late", ""),
        ("record", (patient.next_due_on - days_ago(10)).days, "", ""),
    ]
    assert agree(world.county)


def test_a_correction_of_the_date_decides_anew(world, record):
    patient = world.patient(opened_on=days_ago(40))
    visit = record(patient, world.worker, days_ago(26)).visit
    assert kept(patient)[0] == ("registered", 14, "done", "")
    with scope(world.worker):
        correct_visit(root=visit.root, version=1, facts=good(days_ago(25)), by=world.worker)
    assert kept(patient)[0] == ("registered", 14, "late", "")
    assert agree(world.county)


def test_a_status_waits_for_the_sweep_and_then_excuses(world):
    patient = world.patient(opened_on=days_ago(20))
    with scope(world.worker):
        set_status(patient=patient, value="admitted", on=days_ago(6), by=world.worker)
    with scope(counties=[world.county.pk]):
        assert Window.objects.get(patient=patient).stale
        assert sweep_stale() == 1
        assert sweep_stale() == 0
    assert kept(patient) == [("registered", 14, "excused", "admitted")]
    assert agree(world.county)


def test_a_death_ends_the_window_with_its_reason(world):
    patient = world.patient(opened_on=days_ago(5))
    with scope(world.worker):
        close_patient(
            patient=patient, value="dead", on=days_ago(1), by=world.worker, reason="家属告知", death_cause="1"
        )
    with scope(counties=[world.county.pk]):
        sweep_stale()
    assert kept(patient) == [("registered", 14, "excused", "dead")]


def test_the_check_names_a_row_that_somebody_spoiled_and_the_rebuild_mends_it(world, record, capsys):
    patient = world.patient(opened_on=days_ago(20))
    record(patient, world.worker, days_ago(10))
    with scope(counties=[world.county.pk]):
        Window.objects.filter(patient=patient, opener="registered").update(outcome="missed")
    with pytest.raises(SystemExit):
        call_command("rebuild_windows", check=True)
    assert "outcome: stored missed, expected done" in capsys.readouterr().out
    call_command("rebuild_windows")
    call_command("rebuild_windows", check=True)
    assert kept(patient)[0] == ("registered", 14, "done", "")


def test_an_open_window_is_open_until_its_day_ends(world):
    patient = world.patient(opened_on=timezone.localdate() - timedelta(days=14))
    with scope(counties=[world.county.pk]):
        assert sweep_passed() == 0
    assert kept(patient) == [("registered", 14, "", "")]


def test_a_record_is_judged_by_the_rules_of_its_own_day(world, record):
    patient = world.patient(opened_on=days_ago(60))
    CountyPolicy.objects.create(
        county=world.county, key="stable_months", value=1, starts_on=days_ago(10), basis="x", set_by=world.county_office
    )
    late_entry = record(patient, world.worker, days_ago(11)).visit
    fresh = record(patient, world.worker, days_ago(10)).visit
    assert (late_entry.due_reason, fresh.due_reason) == ("稳定，三个月一次", "稳定，一个月一次")


def test_saving_a_moved_file_leaves_the_day_that_the_move_gave_it(world):
    """Every column is written; only another opening day makes another first date."""
    patient = world.patient(opened_on=days_ago(60))
    with scope(counties=[world.county.pk]):
        move_patient(
            patient=patient, on=days_ago(30), to_township=world.town_b, by=world.county_office, reason="迁居"
        )  # fmt: skip
        sweep_stale()
        patient.refresh_from_db()
        assert (patient.next_due_on, patient.due_reason) == (days_ago(16), "转入后两周内首次随访")
        patient.save()
        patient.refresh_from_db()
        assert patient.next_due_on == days_ago(16)
