"""Corrections are new versions; of two people who save one record the second is told, with both texts."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from accounts.refusals import Denied
from accounts.scope import scope
from followup.models import Visit
from followup.rules.facts import Choice
from followup.services.corrections import VisitConflict, correct_visit
from followup.services.refusals import VisitRefused
from followup.services.visits import record_visit
from followup.signals import risk_assessed
from registry.models import Patient
from tests.followup.conftest import days_ago, good


def correct(root, version, by, day, **changes):
    choice = changes.pop("choice", None)
    with scope(by):
        return correct_visit(root=root, version=version, facts=good(day, **changes), by=by, choice=choice)


@pytest.mark.django_db
def test_a_correction_is_the_next_version_and_the_old_one_stays(world, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(5), level=1).visit
    new = correct(visit.root, 1, world.worker, days_ago(5), level=0, effect=1).visit
    with scope(world.worker):
        rows = list(
            Visit.objects.filter(root=visit.root).order_by("version").values_list("version", "is_current", "level")
        )
        patient.refresh_from_db()
    assert rows == [(1, False, 1), (2, True, 0)]
    assert (new.stability, patient.last_class, patient.next_due_on) == (3, 3, new.next_due_on)


@pytest.mark.django_db
def test_the_same_content_again_writes_no_version(world, record):
    visit = record(world.patient(), world.worker, days_ago(5)).visit
    again = correct(visit.root, 1, world.worker, days_ago(5))
    assert (again.created, again.visit.version) == (False, 1)


@pytest.mark.django_db
def test_a_stale_version_is_refused_with_both_texts(world, record):
    visit = record(world.patient(), world.worker, days_ago(5), level=1).visit
    correct(visit.root, 1, world.worker, days_ago(5), level=2)
    with pytest.raises(VisitConflict) as refusal:
        correct(visit.root, 1, world.psychiatrist, days_ago(5), level=0)
    assert (refusal.value.status, refusal.value.theirs["level"], refusal.value.mine["level"]) == (409, 2, 0)
    assert refusal.value.theirs["version"] == 2


@pytest.mark.django_db
def test_an_earlier_record_corrected_does_not_judge_later_ones_anew(world, record):
    patient = world.patient()
    first = record(patient, world.worker, days_ago(20), level=1).visit
    second = record(patient, world.worker, days_ago(6), level=1, effect=3).visit
    assert second.due_reason == "仍基本稳定，一个月一次"
    correct(first.root, 1, world.worker, days_ago(20), level=0)
    with scope(world.worker):
        assert Visit.objects.get(pk=second.pk).due_reason == "仍基本稳定，一个月一次"


@pytest.mark.django_db
def test_same_day_order_is_the_order_of_first_entry(world, record):
    patient = world.patient()
    first = record(patient, world.worker, days_ago(5), level=2).visit
    record(patient, world.worker, days_ago(5), level=0, form="3")
    correct(first.root, 1, world.worker, days_ago(5), level=1)  # corrected later, entered first
    with scope(world.worker):
        patient.refresh_from_db()
    assert (patient.last_level, patient.last_class) == (0, 3)


@pytest.mark.django_db
def test_corrections_are_told_too(world, record):
    heard = []

    def listen(sender, **facts):
        heard.append((facts["visit"].level, facts["previous_level"], facts["corrected"]))

    patient = world.patient()
    record(patient, world.worker, days_ago(30), level=1)
    visit = record(patient, world.worker, days_ago(5), level=4).visit
    risk_assessed.connect(listen)
    try:
        correct(visit.root, 1, world.worker, days_ago(5), level=2)
        correct(visit.root, 2, world.worker, days_ago(5), level=None, hospital=1)
    finally:
        risk_assessed.disconnect(listen)
    assert heard == [(2, 1, True), (None, 1, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["village_doctor", "leader", "stranger", "police"])
def test_who_may_not_correct_is_denied(world, record, who):
    visit = record(world.patient(), world.worker, days_ago(5)).visit
    with pytest.raises(Denied):
        correct(visit.root, 1, getattr(world, who), days_ago(5), level=1)


@pytest.mark.django_db
def test_a_correction_keeps_to_the_same_rules(world, record):
    visit = record(world.patient(), world.worker, days_ago(5)).visit
    for changes, field in (
        ({"level": 3, "choice": Choice(2)}, "stability"),
        ({"level": 1, "choice": Choice(3)}, "deviation_reason"),
        ({"day": days_ago(-1)}, "visited_on"),
    ):
        with pytest.raises(VisitRefused) as refusal:
            correct(visit.root, 1, world.worker, changes.pop("day", days_ago(5)), **changes)
        assert refusal.value.field == field


# --- at the same moment --------------------------------------------------------------------------------------------


def together(*acts):
    """Run the acts at one moment in threads of their own; answers what each gave or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            gate.wait()
            results[index] = act()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_one_is_refused(world, record):
    visit = record(world.patient(), world.worker, days_ago(5), level=1).visit
    users = world.worker, world.psychiatrist
    results = together(
        lambda: correct(visit.root, 1, users[0], days_ago(5), level=0),
        lambda: correct(visit.root, 1, users[1], days_ago(5), level=2),
    )
    assert sorted(isinstance(result, VisitConflict) for result in results) == [False, True]
    with scope(world.worker):
        assert Visit.objects.filter(root=visit.root, is_current=True).count() == 1
        assert Visit.objects.filter(root=visit.root).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_form_saved_twice_at_once_is_one_record(world, record):
    patient, form_id, by = world.patient(), uuid4(), world.worker

    def save():
        with scope(by):
            mine = Patient.objects.get(pk=patient.pk)
            return record_visit(patient=mine, facts=good(days_ago(1)), form_id=form_id, by=by)

    results = together(save, save)
    assert sorted(result.created for result in results) == [False, True]
    with scope(by):
        assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_visits_of_one_patient_at_once_both_count(world):
    from followup.models import PatientYear
    from followup.services.rebuild import rebuild_summaries

    patient, by = world.patient(), world.worker

    def save(level):
        def act():
            with scope(by):
                mine = Patient.objects.get(pk=patient.pk)
                return record_visit(patient=mine, facts=good(days_ago(1), level=level), form_id=uuid4(), by=by)

        return act

    results = together(save(1), save(2))
    assert [result.created for result in results] == [True, True]
    with scope(counties=[world.county.pk]):
        assert PatientYear.objects.get(patient=patient, year=days_ago(1).year).complete_n[3] == 2
        assert rebuild_summaries(check=True) == []
