"""Lowering a colour: one person assesses, another approves; the history keeps both."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can, where
from accounts.models import User
from accounts.queries.policy import policies
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from followup.models import ColourChange, ColourFall, PatientColour
from followup.queries.colours import known_of, tables_in_force
from followup.rules.colour_falls import FALL_MACHINE
from followup.rules.colours import Held, shown, suggest
from followup.services.colours import paint, standing_row
from followup.services.visits import lock_patient
from followup.terms import ColourWay, FallState
from registry.models import Patient

SAME_PERSON = "评估和批准要由两个人办理。请由另一位有批准权限的人批准。"


def _locked(fall: ColourFall, permission: Permission, by: User) -> ColourFall:
    authorise(by, permission, fall.patient)
    lock_patient(fall.patient)
    row = ColourFall.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=fall.pk).first()
    if row is None:
        raise NotHere
    return row


def may_assess(user: User, patient: Patient) -> bool:
    """The worker or a psychiatrist; only the latter where the county says so."""
    if not can(user, Permission.MANAGE_PLAN, patient):
        return False
    rules = policies(patient.duty_county, timezone.localdate())
    return not rules["colour_psychiatrist_assesses"] or can(user, Permission.CONFIRM_RISK, patient)


def may_approve(user: User, patient: Patient) -> bool:
    """The county's office or psychiatrist; the township's leader too where the county says so."""
    if not can(user, Permission.APPROVE_COLOUR, patient):
        return False
    rules = policies(patient.duty_county, timezone.localdate())
    return not rules["colour_county_approves"] or patient.duty_county in where(user, Permission.APPROVE_COLOUR).counties


@transaction.atomic
def assess_fall(*, fall: ColourFall, to: FallState, words: str, by: User) -> ColourFall:
    """The assessment: the colour may fall, or it stays. Source: issue 3, Follow-up 7. Raises: Denied, NotHere, Refused."""
    row = _locked(fall, Permission.MANAGE_PLAN, by)
    step = FALL_MACHINE.step(row.state, to)
    step.demand(words, field="words", sentence="请写评估的情况和理由。")
    if not may_assess(by, row.patient):
        raise Refused("按县里的规则，分色降级由精神科医师评估。")
    row.state, row.assessment, row.assessed_at, row.assessed_by = step.after, words, timezone.now(), by
    if to == FallState.KEPT:
        row.settled_at = row.assessed_at
    row.save()
    audit.record(step.action, row, by=by, person=row.patient.uuid, facts={"before": row.before, "after": row.after})
    return row


@transaction.atomic
def settle_fall(*, fall: ColourFall, to: FallState, because: str, by: User) -> ColourFall:
    """The approval, by another person than who assessed; only then the colour falls.

    Source: issue 3, Follow-up 7; practice notes D. Raises: Denied, NotHere, Refused.
    """
    row = _locked(fall, Permission.APPROVE_COLOUR, by)
    step = FALL_MACHINE.step(row.state, to)
    step.demand(because, field="because", sentence="请写明不同意的理由。")
    if not may_approve(by, row.patient):
        raise Refused("按县里的规则，分色降级由县精防办或精神科医师批准。")
    if row.assessed_by_id == by.pk:
        raise Refused(SAME_PERSON)
    if to == FallState.APPROVED:
        _lower(row, by)
    row.state, row.because, row.settled_at, row.settled_by = step.after, because, timezone.now(), by
    row.save()
    audit.record(
        step.action, row, by=by, person=row.patient.uuid, because="" if to == FallState.APPROVED else "不同意",
        facts={"before": row.before, "after": row.after},
    )  # fmt: skip
    return row


def _lower(fall: ColourFall, by: User) -> None:
    """Raises: Refused when today's facts no longer carry it."""
    today = timezone.localdate()
    one = known_of([fall.patient_id], today, lock=True)[0]
    rule = tables_in_force(today).get(one.county)
    now = PatientColour.objects.filter(patient=fall.patient_id).first()
    changed = Refused("情况有了变化，不能再按这次评估降级。请返回患者页面查看。")
    if rule is None or now is None or now.held != fall.before:
        raise changed
    found = suggest(one.facts, rule.table, today=today)
    if found.colour != fall.after or found.aside:
        raise changed
    held = Held(fall.after)
    made = standing_row(one, rule, held, found, since=today, seen_police=now.seen_police_on)
    made.pk = now.pk
    made.save(force_update=True, update_fields=[
        "table", "held", "aside", "since", "suggested", "reasons", "village_on", "township_on", "psychiatrist_on",
        "police_on",
    ])  # fmt: skip
    ColourChange(
        patient_id=one.key, on=today, before=one.shown, after=shown(held, rule.table), way=ColourWay.FALL,
        reasons=fall.reasons, months=rule.table.incident_months, by=by,
    ).save(force_insert=True)  # fmt: skip
    paint([(one.key, shown(held, rule.table))])
