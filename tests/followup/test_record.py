"""Recording a visit: what is written, once, and for whom."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.refusals import Denied, NotHere
from accounts.scope import scope
from followup.models import PatientYear, Visit, VisitRoot
from followup.rules.facts import Choice
from followup.services.refusals import FormUsed, VisitRefused
from followup.signals import patient_lost, risk_assessed
from registry.models import Patient
from registry.services.moves import move_patient
from registry.signals import admission_changed
from tests.followup.conftest import Ago, days_ago, of_today

pytestmark = pytest.mark.django_db


def test_a_visit_carries_class_date_and_reason(world, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(0), level=1).visit
    assert (visit.stability, visit.next_due_on, visit.due_reason) == (2, days_ago(-14), "基本稳定，两周内复查")
    assert (visit.version, visit.is_current, visit.complete, visit.doctor_name) == (1, True, True, "冉医生")
    assert (visit.duty_township, visit.at_township) == (world.town_a.pk, world.town_a.pk)


def test_the_patient_row_carries_the_newest_record(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(40), level=2)
    record(patient, world.worker, days_ago(3), level=1)
    record(patient, world.worker, days_ago(30), level=4)  # entered late
    with scope(world.worker):
        row = Patient.objects.get(pk=patient.pk)
    assert (row.last_visit_on, row.last_level, row.last_class, row.last_in_hospital) == (days_ago(3), 1, 2, False)
    assert (row.next_due_on, row.due_reason) == (days_ago(-11), "基本稳定，两周内复查")


def test_of_two_records_of_one_day_the_later_entered_counts(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(3), level=3)
    record(patient, world.worker, days_ago(3), level=0, form="3")
    with scope(world.worker):
        row = Patient.objects.get(pk=patient.pk)
        year = PatientYear.objects.get(patient=patient, year=days_ago(3).year)
        newest = Visit.objects.complete().filter(patient=patient).newest_first().first()
    assert (row.last_level, row.last_class) == (0, 3)
    assert (year.last_level[3], year.complete_n[3], year.high_n[3]) == (0, 2, 1)
    assert newest.level == 0


def test_the_same_form_sent_twice_is_one_record(world, record):
    patient, form_id = world.patient(), uuid4()
    first = record(patient, world.worker, form_id=form_id)
    again = record(patient, world.worker, form_id=form_id, level=4)
    assert (first.created, again.created) == (True, False)
    assert again.visit.pk == first.visit.pk
    with scope(world.worker):
        assert (Visit.objects.count(), VisitRoot.objects.count()) == (1, 1)


def test_a_form_used_for_another_patient_is_refused(world, record):
    form_id = uuid4()
    record(world.patient(), world.worker, form_id=form_id)
    with pytest.raises(FormUsed):
        record(world.patient(), world.worker, form_id=form_id)
    with pytest.raises(FormUsed):  # also where the other one is out of sight
        record(world.patient("990001101201"), world.worker_b, form_id=form_id)


@pytest.mark.parametrize("who", ["leader", "police", "stranger", "worker_b", "commission", "auditor"])
def test_who_may_not_record_is_denied(world, record, who):
    with pytest.raises(Denied):
        record(world.patient(), getattr(world, who))


@pytest.mark.parametrize("who", ["village_doctor", "worker", "psychiatrist", "county_office"])
def test_health_roles_in_reach_may_record(world, record, who):
    assert record(world.patient(), getattr(world, who)).created


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        pytest.param({"day": Ago(-1)}, "visited_on", "随访日期不能晚于今天。请改为实际随访的日期。", id="tomorrow"),
        pytest.param(
            {"day": date(1980, 5, 5)}, "visited_on", "随访日期早于患者的出生日期。请核对。", id="before-birth"
        ),
        pytest.param({"level": None}, "level", None, id="no-level"),
        pytest.param({"level": 6}, "level", "危险性只有 0 至 5 级。", id="level-6"),
        pytest.param({"form": "4"}, "form", None, id="unknown-form"),
        pytest.param({"seen": ()}, "seen", "请选择随访对象。", id="nobody-seen"),
        pytest.param({"seen": ("4",)}, "seen", None, id="unknown-person"),
        pytest.param({"insight": 4}, "insight", "没有代码 4。可以填 1 完全、2 不全、3 缺失。", id="unknown-code"),
        pytest.param({"symptoms": (13,)}, "symptoms", "目前症状只有 1 至 12。", id="unknown-symptom"),
        pytest.param({"trouble": 1000}, "trouble", "次数要在 0 至 999 之间。", id="too-many-times"),
        pytest.param({"level": None, "lost_reason": "3", "trouble": 1}, "level", None, id="danger-without-level"),
        pytest.param({"died_on": Ago(1), "death_cause": "1"}, "level", None, id="dead-with-level"),
        pytest.param({"discharged_on": Ago(-1)}, "discharged_on", "末次出院日期不能晚于今天。", id="discharge-ahead"),
        pytest.param({"basis": "长" * 1001}, "basis", "文字太长，最多 1000 个字。", id="long-text"),
    ],
)
def test_a_wrong_field_is_refused_by_name(world, record, changes, field, message):
    said = of_today(changes)
    day = said.pop("day", None)
    with pytest.raises(VisitRefused) as refusal:
        record(world.patient(), world.worker, day, **said)
    assert refusal.value.field == field
    if message:
        assert refusal.value.message == message


@pytest.mark.parametrize(("day", "accepted"), [(0, False), (1, True), (-1, False)])
def test_a_visit_before_the_end_of_a_file_is_accepted_after_it(world, record, day, accepted):
    ended = days_ago(10)
    patient = world.patient(closed_on=ended, status="dead")
    if accepted:
        assert record(patient, world.worker, days_ago(10 + day)).created
        return
    with pytest.raises(VisitRefused) as refusal:
        record(patient, world.worker, days_ago(10 + day))
    assert refusal.value.field == "visited_on"


def test_a_refused_visit_leaves_nothing(world, record):
    patient = world.patient()
    with pytest.raises(VisitRefused):
        record(patient, world.worker, level=1, choice=Choice(3))
    with scope(world.worker):
        assert (Visit.objects.count(), VisitRoot.objects.count()) == (0, 0)
        assert Patient.objects.get(pk=patient.pk).last_visit_on is None


def test_risk_is_told_with_the_level_before(world, record):
    heard = []

    def listen(sender, **facts):
        heard.append((facts["visit"].level, facts["previous_level"], facts["corrected"]))

    risk_assessed.connect(listen)
    try:
        patient = world.patient()
        record(patient, world.worker, days_ago(30), level=1)
        record(patient, world.worker, days_ago(2), level=3)
        record(patient, world.worker, days_ago(1), level=None, hospital=1)
        record(patient, world.worker, days_ago(200), level=3, as_recorded=True)
    finally:
        risk_assessed.disconnect(listen)
    assert heard == [(1, None, False), (3, 1, False)]


def test_admission_and_loss_are_told(world, record):
    heard = []

    def admitted(sender, **facts):
        heard.append(("in_hospital", facts["in_hospital"], facts["on"]))

    def lost(sender, **facts):
        heard.append(("lost", facts["reason"], facts["on"]))

    admission_changed.connect(admitted)
    patient_lost.connect(lost)
    try:
        patient = world.patient()
        record(patient, world.worker, days_ago(30), level=None, hospital=1)
        record(patient, world.worker, days_ago(20), level=None, hospital=1)
        record(patient, world.worker, days_ago(10), hospital=2)
        record(patient, world.worker, days_ago(1), level=None, hospital=None, lost_reason="3", seen=())
    finally:
        admission_changed.disconnect(admitted)
        patient_lost.disconnect(lost)
    assert heard == [
        ("in_hospital", True, days_ago(30)), ("in_hospital", False, days_ago(10)), ("lost", "3", days_ago(1))
    ]  # fmt: skip


def test_a_lost_patient_who_is_reached_is_managed_again(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(5), level=None, hospital=None, lost_reason="3")
    with scope(world.worker):
        assert Patient.objects.get(pk=patient.pk).status == "lost"
    record(patient, world.worker, days_ago(1))
    with scope(world.worker):
        assert Patient.objects.get(pk=patient.pk).status == "managed"


def test_a_death_told_at_a_visit_closes_the_file(world, record):
    patient = world.patient()
    record(
        patient, world.worker, days_ago(1), level=None, hospital=None, died_on=days_ago(4), death_cause="1", seen=("2",)
    )
    with scope(world.worker):
        row = Patient.objects.get(pk=patient.pk)
    assert (row.status, row.closed_on) == ("dead", days_ago(4))


def test_two_kinds_of_history_are_kept_by_the_database(world, record):
    """The application can neither edit nor remove a version."""
    from django.db import ProgrammingError, connection, transaction

    visit = record(world.patient(), world.worker).visit
    with scope(world.worker):
        for statement in ("UPDATE followup_visit SET level = 5", "DELETE FROM followup_visit"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM followup_visithistoryevent WHERE pgh_obj_id = %s", [visit.pk])
            assert cursor.fetchone() == (1,)


def test_a_file_that_moved_away_between_door_and_saving_is_not_here(world, record):
    patient = world.patient()
    with scope(world.county_office):
        move_patient(
            patient=Patient.objects.get(),
            on=days_ago(1),
            to_township=world.town_b,
            by=world.county_office,
            reason="迁居",
        )
    with pytest.raises(NotHere):
        record(patient, world.worker)


@pytest.mark.parametrize("day", [date.min, date.max, date(1879, 12, 31)], ids=str)
def test_a_day_that_cannot_be_is_refused_also_without_a_birth_date(world, record, day):
    with pytest.raises(VisitRefused) as refusal:
        record(world.patient(birth_on=None), world.worker, day)
    assert "visited_on" in {problem.field for problem in refusal.value.problems}
