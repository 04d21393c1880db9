"""Puts histories into the database the short way: visits as they stand, summaries recomputed by their own service."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.scope import scope, system_scope
from followup.models import (
    Checkup,
    Dispensing,
    Incident,
    Injection,
    Medicine,
    Plan,
    PlanVersion,
    Visit,
    VisitRoot,
)  # fmt: skip
from followup.services.summaries import refresh
from registry.models import Admission, PatientStatus


def add_visits(patient, history, by):
    """Records in the order given (the order of entry), then the summary of the patient."""
    with scope(counties=[patient.duty_county]):
        for line in history:
            root = VisitRoot.objects.create(patient=patient, form_id=uuid4(), entered_by=by)
            Visit.objects.create(
                root=root,
                patient=patient,
                visited_on=line.on,
                form=line.form,
                seen=list(line.seen),
                level=line.level,
                stability=line.stability,
                adherence=line.adherence,
                hospital=1 if line.in_hospital else 0,
                trouble=line.incidents,
                entered_by=by,
            )
        refresh([patient.pk])


def handed(patient, by, on, *, kind="second", **more):
    with system_scope():
        medicine = Medicine.objects.filter(kind=kind, county=None, long_acting=False).order_by("code")[0]
        return Dispensing.objects.create(
            patient=patient, form_id=uuid4(), medicine=medicine, name=medicine.name, handed_on=on, amount=Decimal(2),
            pack="1", batch="B7", days=30, receiver="1", handed_by="冉医生", next_on=on + timedelta(days=30),
            entered_by=by, **more,
        )  # fmt: skip


def injected(patient, by, on, interval=28):
    with system_scope():
        Injection.objects.create(
            patient=patient, form_id=uuid4(), name="棕榈酸帕利哌酮", given_on=on, dose=Decimal(100), batch="L1", site="1",
            given_by="冉医生", interval_days=interval, entered_by=by,
        )  # fmt: skip


def examined(patient, by, on, **more):
    with system_scope():
        said = {"kind": "yearly", "outcome": "done", "content": {}} | more
        Checkup.objects.create(patient=patient, form_id=uuid4(), checked_on=on, entered_by=by, **said)


def planned(patient, by, on, ended_on=None, kind="individual"):
    with system_scope():
        state = "ended" if ended_on else "active"
        plan = Plan.objects.create(
            patient=patient, kind=kind, state=state, review_on=on, opened_by=by, ended_on=ended_on
        )
        PlanVersion.objects.create(
            plan=plan, patient=patient, number=1, starts_on=on, review_on=on, content={}, written_by=by
        )


def incident(patient, by, at, state="confirmed", **counts):
    ended = {"ended_at": at, "ended_by": by} if state == "dismissed" else {}
    with system_scope():
        Incident.objects.create(
            patient=patient, form_id=uuid4(), state=state, happened_at=at, level=3, entered_by=by,
            confirmed_at=at if state == "confirmed" else None, confirmed_by=by if state == "confirmed" else None,
            confirmed_from="1" if state == "confirmed" else "", **ended, **counts,
        )  # fmt: skip


def stayed(patient, by, first, last=None):
    with system_scope():
        Admission.objects.create(
            patient=patient, hospital_name="县精神卫生中心", admitted_on=first, discharged_on=last, entered_by=by
        )


def became(patient, on, value, **more):
    with system_scope():
        PatientStatus.objects.create(patient=patient, starts_on=on, value=value, **more)
