"""Long-acting injections: written down once given; the next one's day follows from it."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.terms import Permission
from followup.models import Injection, Prescription
from followup.queries.prescriptions import injection_policy
from followup.rules.injections import Given, InjectionFacts, Plan, is_early, shape_problems, spacing_problem
from followup.rules.prescriptions import due_of
from followup.services.locking import lock_patient
from followup.services.prescriptions import limits_of, settle_due
from followup.services.refusals import FormSaved, FormUsed, VisitRefused
from registry.models import Patient


class InjectionRefused(VisitRefused):
    """`problems` names every field."""


@transaction.atomic
def record_injection(
    *, patient: Patient, prescription: UUID | None, facts: InjectionFacts, form_id: UUID, by: User
) -> Injection:
    """Write down an injection that was given. The same form again returns the first record.

    Before its interval it is refused, unless a doctor's order is named: the system prompts, a doctor decides (ADR 12).
    Source: issue 3 Follow-up 6 and bad input. Raises: Denied, InjectionRefused, FormUsed.
    """
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    known = Injection.objects.filter(form_id=form_id).first()
    if known is not None:
        if known.patient_id != patient.pk:
            raise FormUsed
        if (known.given_on, known.batch, known.site) != (facts.given_on, facts.batch, facts.site):
            raise FormSaved
        return known
    written = Prescription.objects.filter(patient=patient, interval_days__isnull=False)
    under = written.filter(uuid=prescription).first() if prescription else None
    plan = _plan(under)
    found = shape_problems(facts, plan, limits_of(patient))
    if found or under is None or plan is None or facts.given_on is None:
        raise InjectionRefused(found)
    given = [
        Given(on, days)
        for on, days in Injection.objects.filter(patient=patient, name=under.name, struck_at=None).values_list(
            "given_on", "interval_days"
        )
    ]
    policy = injection_policy(patient.duty_county, timezone.localdate())
    problem = spacing_problem(facts.given_on, given, plan, policy, ordered=facts.is_ordered)
    if problem is not None:
        raise InjectionRefused([problem])
    before = max((one.on for one in given if one.on < facts.given_on), default=None)
    row = Injection(
        patient=patient, form_id=form_id, medicine_id=under.medicine_id, name=under.name, given_on=facts.given_on,
        dose=Decimal(facts.dose), unit=under.unit, batch=facts.batch, site=facts.site, given_by=facts.given_by,
        interval_days=plan.interval_days, was_due_on=due_of(plan.starts_on, plan.interval_days, before),
        early=is_early(facts.given_on, given, plan, policy), words=facts.as_words() or None, entered_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    settle_due([patient.pk])
    audit.record(
        "followup.injection.given", row, by=by, person=patient.uuid,
        facts={"on": facts.given_on.isoformat(), "early": row.early},
    )  # fmt: skip
    return row


def _plan(row: Prescription | None) -> Plan | None:
    if row is None or row.interval_days is None:
        return None
    return Plan(row.name, row.interval_days, row.starts_on, row.ends_on)
