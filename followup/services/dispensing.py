"""Free dispensing: what was handed out, to whom; a wrong record is corrected by a new one, the old one stays."""

from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.terms import Permission
from followup.models import Dispensing
from followup.queries.medicines import found_by_name, listed
from followup.rules.choice import Problem
from followup.rules.supplies import SupplyFacts, supply_problems
from followup.services.locking import lock_patient
from followup.services.prescriptions import limits_of
from followup.services.refusals import FormSaved, FormUsed, VisitRefused
from followup.services.striking import strike_row
from registry.models import Patient


class SupplyRefused(VisitRefused):
    """`problems` names every field."""


@transaction.atomic
def dispense(*, patient: Patient, facts: SupplyFacts, form_id: UUID, by: User) -> Dispensing:
    """Write down a hand-out of free drugs. The same form again returns the first record.

    Source: issue 3 Follow-up 6 (free dispensing records with batch); practice notes 免费服药. Raises: Denied,
    SupplyRefused, FormUsed.
    """
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    known = _known(patient, form_id, facts)
    if known is not None:
        return known
    row = _new(patient, facts, form_id, by)
    audit.record(
        "followup.dispensing.given", row, by=by, person=patient.uuid,
        facts={"on": facts.handed_on.isoformat(), "days": facts.days, "receiver": facts.receiver},
    )  # fmt: skip
    return row


@transaction.atomic
def correct_dispensing(
    *, dispensing: Dispensing, facts: SupplyFacts, because: str, form_id: UUID, by: User
) -> Dispensing:
    """Strike the wrong record and write the right one, in one step. Raises: as `dispense`, NotHere, Refused."""
    patient = dispensing.patient
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    known = _known(patient, form_id, facts)
    if known is not None:
        return known
    gone = "这条记录已经更正或作废过，请从用药页重新打开。"
    old = strike_row(dispensing, because=because, by=by, gone=gone, verb="更正")
    row = _new(patient, facts, form_id, by, corrects=old.uuid)
    audit.record(
        "followup.dispensing.corrected", row, by=by, person=patient.uuid,
        facts={"on": facts.handed_on.isoformat(), "corrects": str(old.uuid)},
    )  # fmt: skip
    return row


def _known(patient: Patient, form_id: UUID, facts: SupplyFacts) -> Dispensing | None:
    """What this form has made already. Raises: FormUsed, FormSaved."""
    known = Dispensing.objects.filter(form_id=form_id).first()
    if known is not None and known.patient_id != patient.pk:
        raise FormUsed
    same = ("handed_on", "amount", "pack", "batch", "days", "receiver")
    if known is not None and any(getattr(known, name) != getattr(facts, name) for name in same):
        raise FormSaved
    return known


def _new(patient: Patient, facts: SupplyFacts, form_id: UUID, by: User, corrects: UUID | None = None) -> Dispensing:
    """Raises: SupplyRefused."""
    found = supply_problems(facts, limits_of(patient))
    medicine = found_by_name(facts.name, [one.row for one in listed(patient.duty_county)]) if facts.name else None
    if facts.name and medicine is None:
        found.append(Problem("name", f"药品词典里没有“{facts.name}”。请从提示里选。"))
    if found or medicine is None:
        raise SupplyRefused(found)
    words = {"name": facts.receiver_name, "relation": facts.receiver_relation, "note": facts.note}
    row = Dispensing(
        patient=patient, form_id=form_id, medicine=medicine, name=medicine.name, handed_on=facts.handed_on,
        amount=facts.amount, pack=facts.pack, batch=facts.batch, days=facts.days, receiver=facts.receiver,
        handed_by=facts.handed_by, next_on=facts.next_on, corrects=corrects, entered_by=by,
        words={name: text for name, text in words.items() if text} or None,
    )  # fmt: skip
    row.save(force_insert=True)
    return row
