"""Recording a follow-up visit: one transaction from the lock to the alert."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.queries.policy import policies
from accounts.terms import Permission
from followup.models import Visit, VisitRoot
from followup.queries.records import Line, complete_lines, previous_to
from followup.rules.checks import Setting, problems
from followup.rules.choice import Decision, decide
from followup.rules.classification import Verdict, judge
from followup.rules.facts import Choice, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.summary import Record
from followup.services import consequences
from followup.services.locking import lock_patient as lock_patient
from followup.services.locking import lock_with_prescriptions
from followup.services.prescriptions import change_by_visit, change_statement, said
from followup.services.refusals import FormUsed, VisitRefused
from followup.services.summaries import carried_from, push_previous, write_year
from followup.services.windows import refresh_after_record
from followup.terms import Source
from registry.models import Patient

# the form's draft goes in the same statement, and so does what the record changes of the prescriptions
_ROOT = """
WITH draft AS (DELETE FROM followup_draft WHERE patient_id = %s AND form_id = %s){also}
INSERT INTO followup_visitroot (uuid, patient_id, form_id, entered_at, entered_by_id, duty_township, duty_county,
  at_township) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (form_id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Recorded:
    """What came of it. `created` is False when this form had been saved before; `alert` is the case it raised."""

    visit: Visit
    created: bool
    alert: UUID | None = None


def care_policy(county: int, on: date) -> CarePolicy:
    """The rule set that was in force on a day: a record is judged by the rules of its own date."""
    return CarePolicy.of(policies(county, on))


@transaction.atomic
def record_visit(
    *,
    patient: Patient,
    facts: VisitFacts,
    form_id: UUID,
    by: User,
    choice: Choice | None = None,
    source: Source = Source.FORM,
    as_recorded: bool = False,
    policy: CarePolicy | None = None,
    basis_from: int | None = None,
) -> Recorded:
    """Record one visit (随访) and everything that must follow from it.

    Source: 表1-8; 规范第三版 分类干预; design decisions A7, A8, C22–C27. Units: local dates.
    `as_recorded`: a row of the past that keeps the class and date it carries and tells nobody (C25).
    `policy`: the rules of today, where the caller has them; a record of an earlier day is judged by those of its own.
    The same form_id again returns the first record and repeats nothing.
    Raises: Denied, VisitRefused (every field at once), FormUsed (the form stands under another patient).
    """
    authorise(by, Permission.RECORD_VISIT, patient)
    today = timezone.localdate()
    locked = lock_with_prescriptions(patient, form_id)
    if locked.root is not None:
        return _first(locked.root)
    facts = signed(facts, by)
    if policy is None or facts.visited_on < today:
        policy = care_policy(patient.duty_county, min(facts.visited_on, today))
    lines = complete_lines([patient.pk])
    previous = previous_to(facts.visited_on, lines)
    verdict, decision = consider(
        facts, choice or Choice(), policy, previous, patient, today, as_recorded=as_recorded, basis_from=basis_from
    )
    newest = is_newest(patient, facts)
    change = change_by_visit(patient, facts, locked.running, by) if newest and not as_recorded else None
    parts = change_statement(change, patient, facts, source, by) if change else ("", [])
    root = _insert_root(patient, form_id, by, also=parts)
    if root is None:
        return _first_of_form(patient, form_id)
    visit = _insert_version(root, facts, decision_columns(decision, choice or Choice()), source)
    before, was_in_hospital = _level_before(patient, facts, lines), patient.last_in_hospital
    if facts.is_complete:
        lines = _with(lines, line_of(visit, facts))
        _keep_summary(patient, facts, lines, today)
    audit.record(
        "followup.visit.recorded",
        root,
        by=by,
        person=patient.uuid,
        because=verdict.because,
        facts={"on": facts.visited_on.isoformat(), "level": facts.level, "class": decision.stability, **said(change)},
    )
    alert = None
    if not as_recorded:
        alert = consequences.tell(
            visit, facts, previous_level=before, was_in_hospital=was_in_hospital, by=by, newest=newest
        )
    refresh_after_record(patient.pk, lines, facts.visited_on, today=today, county=patient.duty_county)
    return Recorded(visit, True, alert)


def _insert_version(root: VisitRoot, facts: VisitFacts, decided: dict[str, Any], source: Source) -> Visit:
    visit = Visit(
        root=root,
        patient=root.patient,
        source=source,
        entered_at=root.entered_at,
        entered_by=root.entered_by,
        **place_of(root.patient),
        **facts.as_columns(),
        **decided,
    )
    visit.save(force_insert=True)
    return visit


def consider(
    facts: VisitFacts,
    choice: Choice,
    policy: CarePolicy,
    previous: Previous | None,
    patient: Patient,
    today: date,
    *,
    as_recorded: bool = False,
    basis_from: int | None = None,
) -> tuple[Verdict, Decision]:
    """Shape, verdict and choice together. Raises: VisitRefused."""
    wrong = problems(facts, Setting(today, patient.birth_on, patient.closed_on), basis_from=basis_from)
    verdict = judge(facts, policy, previous)
    decision = decide(facts, verdict, choice, policy, previous, as_recorded=as_recorded)
    if wrong or decision.problems:
        raise VisitRefused([*wrong, *decision.problems])
    return verdict, decision


def decision_columns(decision: Decision, choice: Choice) -> dict[str, Any]:
    return {
        "stability": decision.stability,
        "next_due_on": decision.next_due_on,
        "due_reason": decision.due_reason,
        "rule_mismatch": decision.rule_mismatch,
        "deviation_reason": choice.deviation_reason,
    }


def signed(facts: VisitFacts, by: User) -> VisitFacts:
    """随访医生: as written, else who saves it."""
    return facts if facts.doctor_name else facts.changed(doctor_name=by.display_name)


def place_of(patient: Patient) -> dict[str, int]:
    """The database takes the place from the patient anyway; the instance in hand should say the same."""
    return {
        "duty_township": patient.duty_township,
        "duty_county": patient.duty_county,
        "at_township": patient.duty_township,
    }


def is_newest(patient: Patient, facts: VisitFacts) -> bool:
    """The record decides what the patient's row carries; on one day the later entry counts."""
    return facts.is_complete and (patient.last_visit_on is None or facts.visited_on >= patient.last_visit_on)


def line_of(visit: Visit, facts: VisitFacts) -> Line:
    record = Record(
        facts.visited_on, facts.form, facts.seen, facts.level, visit.stability, facts.adherence, facts.in_hospital,
        bool(facts.trouble or facts.crime),
    )  # fmt: skip
    return Line(visit.patient_id, visit.root_id, record, visit.next_due_on, visit.due_reason)


def _with(lines: list[Line], mine: Line) -> list[Line]:
    """All complete records, this one in its place."""
    return sorted([*lines, mine], key=lambda line: (line.visited_on, line.root_id))


def _first(root: int) -> Recorded:
    return Recorded(Visit.objects.select_related("root", "patient").get(root_id=root, is_current=True), False)


def _first_of_form(patient: Patient, form_id: UUID) -> Recorded:
    """The form was taken while this save waited for the lock, or stands under somebody else. Raises: FormUsed."""
    root = VisitRoot.objects.filter(form_id=form_id, patient=patient).values_list("pk", flat=True).first()
    if root is None:
        raise FormUsed
    return _first(root)


def _insert_root(patient: Patient, form_id: UUID, by: User, also: tuple[str, list[Any]]) -> VisitRoot | None:
    """None when the form's number is taken. `also`: what the record changes of the prescriptions."""
    root = VisitRoot(
        uuid=uuid4(),
        patient=patient,
        form_id=form_id,
        entered_at=timezone.now(),
        entered_by=by,
        **place_of(patient),
    )
    values = [
        patient.pk, form_id, *also[1], root.uuid, patient.pk, form_id, root.entered_at, by.pk, patient.duty_township,
        patient.duty_county, patient.duty_township,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ROOT.format(also=f", {also[0]}" if also[0] else ""), values)
        row = cursor.fetchone()
    if row is None:
        return None
    root.pk, root._state.adding, root._state.db = row[0], False, "default"
    return root


def _level_before(patient: Patient, facts: VisitFacts, lines: list[Line]) -> int | None:
    """The level of the record before this one."""
    if is_newest(patient, facts):
        return patient.last_level
    earlier = [line for line in lines if line.visited_on <= facts.visited_on]
    return earlier[-1].record.level if earlier else None


def _keep_summary(patient: Patient, facts: VisitFacts, lines: list[Line], today: date) -> None:
    day = facts.visited_on
    carried = carried_from(lines[-1], patient.opened_on) if is_newest(patient, facts) else {}
    write_year(patient.pk, day.year, lines, carried)
    for name, value in carried.items():
        setattr(patient, name, value)
    if day.year < today.year:
        push_previous(patient.pk, day)
