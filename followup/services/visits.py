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
from accounts.refusals import NotHere
from accounts.terms import Permission
from followup.models import Visit, VisitRoot
from followup.queries.records import Line, complete_lines, previous_to
from followup.rules.checks import Setting, problems
from followup.rules.choice import Decision, decide
from followup.rules.classification import Verdict, judge
from followup.rules.dates import day_after
from followup.rules.facts import Choice, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.summary import Record
from followup.services import consequences
from followup.services.refusals import FormUsed, VisitRefused
from followup.services.summaries import carried_from, push_previous, write_year
from followup.services.windows import refresh_after_record
from followup.terms import Source
from registry.models import Patient


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
    The same form_id again returns the first record and repeats nothing.
    Raises: Denied, VisitRefused (every field at once), FormUsed (the form stands under another patient).
    """
    authorise(by, Permission.RECORD_VISIT, patient)
    today = timezone.localdate()
    known = lock_patient(patient, form_id)
    if known is not None:
        return _first(known)
    facts = signed(facts, by)
    policy = policy or care_policy(patient.duty_county, min(facts.visited_on, today))
    lines = _lines_around(patient, facts.visited_on, policy)
    previous = previous_to(facts.visited_on, lines)
    verdict, decision = consider(
        facts, choice or Choice(), policy, previous, patient, today, as_recorded=as_recorded, basis_from=basis_from
    )
    root = _insert_root(patient, form_id, by)
    if root is None:
        return _first_of_form(patient, form_id)
    visit = _insert_version(root, facts, decision_columns(decision, choice or Choice()), source)
    before, was_in_hospital = _level_before(patient, facts, lines), patient.last_in_hospital
    newest = is_newest(patient, facts)
    if facts.is_complete:
        _keep_summary(patient, visit, facts, lines, today)
    audit.record(
        "followup.visit.recorded",
        root,
        by=by,
        person=patient.uuid,
        because=verdict.because,
        facts={"on": facts.visited_on.isoformat(), "level": facts.level, "class": decision.stability},
    )
    alert = None
    if not as_recorded:
        alert = consequences.tell(
            visit, facts, previous_level=before, was_in_hospital=was_in_hospital, by=by, newest=newest
        )
    refresh_after_record(patient.pk, facts.visited_on, today=today)
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


def lock_patient(patient: Patient, form_id: UUID | None = None) -> int | None:
    """Lock the patient's row, refresh what the rules read of it, and say whether this form is already there.

    Raises: NotHere.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.birth_on, p.closed_on, p.opened_on, p.duty_township, p.duty_county, p.last_visit_on, "
            "p.last_level, p.last_in_hospital, p.status, (SELECT r.id FROM followup_visitroot r "
            "WHERE r.form_id = %s AND r.patient_id = p.id) FROM registry_patient p WHERE p.id = %s FOR NO KEY UPDATE",
            [form_id, patient.pk],
        )
        row = cursor.fetchone()
    if row is None:  # moved out of reach between the door and here
        raise NotHere
    names = "birth_on closed_on opened_on duty_township duty_county last_visit_on last_level last_in_hospital status"
    for name, value in zip(names.split(), row, strict=False):
        setattr(patient, name, value)
    found: int | None = row[-1]
    return found


def is_newest(patient: Patient, facts: VisitFacts) -> bool:
    """The record decides what the patient's row carries; on one day the later entry counts."""
    return facts.is_complete and (patient.last_visit_on is None or facts.visited_on >= patient.last_visit_on)


def line_of(visit: Visit, facts: VisitFacts) -> Line:
    record = Record(
        facts.visited_on, facts.form, facts.seen, facts.level, visit.stability, facts.adherence, facts.in_hospital,
        bool(facts.trouble or facts.crime),
    )  # fmt: skip
    return Line(visit.patient_id, visit.root_id, record, visit.next_due_on, visit.due_reason)


def _lines_around(patient: Patient, day: date, policy: CarePolicy) -> list[Line]:
    """The records that judging (21 days back) and the year's summary need."""
    since = min(date(day.year, 1, 1), day_after(day, -policy.fair_check_window_days))
    return complete_lines([patient.pk], since=since)


def _first(root: int) -> Recorded:
    return Recorded(Visit.objects.select_related("root", "patient").get(root_id=root, is_current=True), False)


def _first_of_form(patient: Patient, form_id: UUID) -> Recorded:
    """The form was taken while this save waited for the lock, or stands under somebody else. Raises: FormUsed."""
    root = VisitRoot.objects.filter(form_id=form_id, patient=patient).values_list("pk", flat=True).first()
    if root is None:
        raise FormUsed
    return _first(root)


def _insert_root(patient: Patient, form_id: UUID, by: User) -> VisitRoot | None:
    """None when the form's number is taken."""
    root = VisitRoot(
        uuid=uuid4(),
        patient=patient,
        form_id=form_id,
        entered_at=timezone.now(),
        entered_by=by,
        **place_of(patient),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            # the form's draft goes in the same statement
            "WITH draft AS (DELETE FROM followup_draft WHERE patient_id = %s AND form_id = %s) "
            "INSERT INTO followup_visitroot (uuid, patient_id, form_id, entered_at, entered_by_id, duty_township, "
            "duty_county, at_township) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (form_id) DO NOTHING RETURNING id",
            [patient.pk, form_id, root.uuid, patient.pk, form_id, root.entered_at, by.pk, patient.duty_township, patient.duty_county,
             patient.duty_township],
        )  # fmt: skip
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


def _keep_summary(patient: Patient, visit: Visit, facts: VisitFacts, lines: list[Line], today: date) -> None:
    day = facts.visited_on
    mine = line_of(visit, facts)
    ordered = sorted([*lines, mine], key=lambda line: (line.visited_on, line.root_id))
    carried = carried_from(mine, patient.opened_on) if is_newest(patient, facts) else {}
    write_year(patient.pk, day.year, ordered, carried)
    for name, value in carried.items():
        setattr(patient, name, value)
    if day.year < today.year:
        push_previous(patient.pk, day)
