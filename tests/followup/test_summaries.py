"""The summary row: its slots, and that it always equals the records. Cases: indicators, small worked cases."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Refused
from accounts.scope import scope, system_scope
from followup.models import PatientYear, Visit
from followup.rules.facts import VisitFacts
from followup.rules.standing import standing
from followup.rules.summary import Record, summarise
from followup.services.corrections import correct_visit
from followup.services.rebuild import rebuild_summaries
from followup.services.visits import record_visit
from followup.services.years import open_years
from registry.services.facts import record_diagnosis
from registry.services.moves import move_patient
from registry.services.status import close_patient, reopen_patient
from tests.followup.conftest import good

YEAR = 2025


def line(day: str, level: int | None = 0, adherence: int | None = 1, form="2", seen=("1",), **more: Any) -> Record:
    values = {"stability": 3, "in_hospital": False, "incident": False, **more}
    return Record(date.fromisoformat(f"{YEAR}-{day}"), form, seen, level, values["stability"], adherence,
                  values["in_hospital"], values["incident"])  # fmt: skip


def test_no_records_leave_empty_slots():
    slots = summarise([])
    assert (slots.complete_n, slots.max_gap, slots.last_on, slots.any_taken) == (
        (0,) * 4, (0,) * 4, (None,) * 4, (False,) * 4,
    )  # fmt: skip


def test_slots_are_cumulative_and_the_level_flag_is_the_quarter_alone():
    slots = summarise([line("01-31", 1), line("05-01", 3, 2), line("08-01", None, in_hospital=True, stability=None)])
    assert slots.complete_n == (1, 2, 3, 3)
    assert slots.max_gap == (0, 4, 4, 4)
    assert slots.last_level == (1, 3, None, None)
    assert slots.last_hospital == (False, False, True, True)
    assert slots.level_seen_q == (True, True, False, False)
    assert slots.high_n == (0, 1, 1, 1)
    assert slots.any_not_taken == (False, True, True, True)


@pytest.mark.parametrize(
    ("days", "gap"),
    [
        pytest.param(("01-02", "04-30"), 3, id="two-january-to-thirty-april"),
        pytest.param(("01-31", "05-01"), 4, id="one-day-later-is-four-months"),
        pytest.param(("03-31", "04-01", "06-30"), 2, id="the-largest-counts"),
        pytest.param(("05-05",), 0, id="one-record"),
    ],
)
def test_gap_is_counted_in_calendar_months(days, gap):
    assert summarise([line(day) for day in days]).max_gap[3] == gap


def test_a_stay_in_hospital_is_taken_whatever_adherence_it_carries():
    slots = summarise([line("03-15", None, 2, in_hospital=True)])
    assert (slots.any_taken[3], slots.any_not_taken[3], slots.last_adherence[3]) == (True, False, 2)


def test_not_needed_and_blank_are_passed_over():
    slots = summarise([line("02-01", 1, 4), line("04-20", 1, None)])
    assert (slots.any_taken[3], slots.any_not_taken[3]) == (False, False)


@pytest.mark.parametrize(
    ("form", "seen", "face"),
    [("1", ("1",), 1), ("2", ("1", "2"), 1), ("2", ("2",), 0), ("3", ("1",), 0)],
)
def test_face_to_face_needs_the_place_and_the_person(form, seen, face):
    assert summarise([line("02-01", form=form, seen=seen)]).face_n[3] == face


def test_standing_is_what_held_on_each_quarter_end():
    found = standing(
        YEAR, date(YEAR, 2, 1),
        [(date(YEAR, 2, 1), "managed"), (date(YEAR, 9, 30), "dead")],
        [(date(YEAR, 2, 1), 7), (date(YEAR, 7, 1), 8)], [(date(YEAR, 2, 1), 3)], [(date(YEAR, 6, 1), "02")],
    )  # fmt: skip
    assert found.registered == (True, True, False, False)
    assert found.township == (7, 7, 8, 8)
    assert found.diagnosis == ("02", "02", "02", "02")


# --- in the database -----------------------------------------------------------------------------------------------


def differences() -> list[str]:
    with system_scope():
        return [f"{d.number} {d.year} {d.field}: {d.stored} / {d.expected}" for d in rebuild_summaries(check=True)]


@pytest.mark.django_db
def test_every_registered_year_has_a_row_from_the_day_of_opening(world):
    patient = world.patient(opened_on=date(2024, 5, 6))
    with scope(world.worker):
        rows = {row.year: row for row in PatientYear.objects.filter(patient=patient)}
    this_year = timezone.localdate().year
    assert sorted(rows) == list(range(2024, this_year + 1))
    assert rows[2024].registered == [False, True, True, True]
    assert rows[2024].township == [None, world.town_a.pk, world.town_a.pk, world.town_a.pk]
    assert rows[2024].diagnosis == ["01"] * 4
    assert differences() == []


@pytest.mark.django_db
def test_a_record_before_the_file_and_the_last_of_the_year_before(world, record):
    patient = world.patient(opened_on=date(2024, 5, 6))
    record(patient, world.worker, date(2025, 2, 1), as_recorded=True)
    record(patient, world.worker, date(2023, 12, 30), as_recorded=True)
    record(patient, world.worker, date(2024, 3, 1), as_recorded=True)
    with scope(world.worker):
        rows = dict(PatientYear.objects.filter(patient=patient).values_list("year", "prev_on"))
    assert (rows[2023], rows[2024], rows[2025]) == (None, date(2023, 12, 30), date(2024, 3, 1))
    assert differences() == []


@pytest.mark.django_db
def test_transfer_death_return_and_new_diagnosis_keep_the_row_right(world, record):
    patient = world.patient(opened_on=date(2024, 5, 6))
    record(patient, world.worker, date(2025, 2, 1), as_recorded=True)
    with scope(world.worker):
        record_diagnosis(patient=patient, on=date(2025, 3, 31), code="04", by=world.worker)
        move_patient(patient=patient, on=date(2025, 7, 1), to_township=world.town_b, by=world.worker)
    with scope(world.worker_b):
        row = PatientYear.objects.get(patient=patient, year=2025)
        a, b = world.town_a.pk, world.town_b.pk
        assert (row.township, row.diagnosis, row.duty_township) == ([a, a, b, b], ["04"] * 4, b)
        close_patient(
            patient=patient, value="dead", on=date(2025, 10, 1), reason="疾病", death_cause="1", by=world.worker_b
        )
        row.refresh_from_db()
        assert row.registered == [True, True, True, False]
    assert differences() == []
    with scope(world.worker_b):
        assert not PatientYear.objects.filter(patient=patient, year=2026).exists()
        reopen_patient(patient=patient, on=date(2025, 10, 1), reason="误报", by=world.worker_b)
        assert PatientYear.objects.filter(patient=patient, year=2026).exists()
    assert differences() == []


@pytest.mark.django_db
def test_a_correction_that_moves_the_date_moves_the_summary(world, record):
    patient = world.patient(opened_on=date(2024, 5, 6))
    visit = record(patient, world.worker, date(2025, 1, 5), level=3, as_recorded=True).visit
    with scope(world.worker):
        correct_visit(
            root=visit.root, version=1, facts=good(date(2024, 12, 30), level=2), by=world.worker, as_recorded=True
        )
        rows = {row.year: row for row in PatientYear.objects.filter(patient=patient)}
    assert (rows[2024].complete_n[3], rows[2024].high_n[3], rows[2025].complete_n[3]) == (1, 0, 0)
    assert rows[2025].prev_on == date(2024, 12, 30)
    assert differences() == []


@pytest.mark.django_db
def test_check_names_the_differing_row_and_rebuild_mends_it(world, record, capsys):
    patient = world.patient()
    record(patient, world.worker)
    with scope(world.worker), connection.cursor() as cursor:
        cursor.execute("UPDATE followup_patientyear SET high_n = '{9,9,9,9}' WHERE patient_id = %s", [patient.pk])
        cursor.execute("UPDATE registry_patient SET last_level = 5 WHERE id = %s", [patient.pk])
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_summaries", "--check")
    assert ended.value.code == 1
    shown = capsys.readouterr().out
    assert f"{patient.number:05d} patient last_level: stored 5, expected 0" in shown
    assert "high_n: stored [9, 9, 9, 9], expected [0, 0, 0, 0]" in shown
    call_command("rebuild_summaries")
    call_command("rebuild_summaries", "--check")
    assert capsys.readouterr().out.splitlines()[-1] == "0 differences"


@pytest.mark.django_db
def test_new_years_night_opens_the_missing_rows(world):
    patient = world.patient()
    year = timezone.localdate().year
    with system_scope():
        PatientYear.objects.filter(patient=patient, year=year).delete()
        assert open_years() == 1
        assert open_years() == 0
        assert PatientYear.objects.filter(patient=patient, year=year).exists()
    assert differences() == []


LEVELS = st.sampled_from([None, 0, 0, 1, 2, 3, 5])
EDIT = st.tuples(
    st.sampled_from(["visit", "visit", "visit", "correct", "correct", "move", "diagnose", "die", "return"]),
    st.integers(0, 900), LEVELS, st.sampled_from([1, 2, 3, 4, None]), st.sampled_from(["1", "2", "3"]),
    st.integers(0, 9),
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDIT, min_size=3, max_size=12))
def test_summary_equals_recomputation_after_any_edits(world, edits):
    patient = world.patient(opened_on=date(2024, 5, 6))
    for edit in edits:
        with suppress(Refused):  # a step that the register does not allow here
            apply(world, patient, *edit)
    assert differences() == []


def apply(world, patient, kind: str, back: int, level, adherence, form: str, which: int) -> None:
    by, day = world.county_office, timezone.localdate() - timedelta(days=back)
    facts: VisitFacts = good(day, level=level, hospital=1 if level is None else 0, adherence=adherence, form=form)
    with scope(by):
        patient.refresh_from_db()
        if kind == "visit":
            record_visit(patient=patient, facts=facts, form_id=uuid4(), by=by, as_recorded=which > 4)
        elif kind == "correct":
            versions = list(Visit.objects.current().filter(patient=patient).select_related("root__patient"))
            if versions:
                old = versions[which % len(versions)]
                correct_visit(root=old.root, version=old.version, facts=facts, by=by, as_recorded=which > 4)
        elif kind == "move":
            to = world.town_b if patient.duty_township == world.town_a.pk else world.town_a
            move_patient(patient=patient, on=day, to_township=to, by=by)
        elif kind == "diagnose":
            record_diagnosis(patient=patient, on=day, code=f"0{1 + which % 6}", by=by)
        elif kind == "die":
            close_patient(patient=patient, value="dead", on=day, reason="疾病", death_cause="1", by=by)
        else:
            reopen_patient(patient=patient, on=day, reason="误报", by=by)
