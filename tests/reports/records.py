"""Puts histories into the database the short way: visits as they stand, summaries recomputed by their own service."""

from uuid import uuid4

from accounts.scope import scope
from followup.models import Visit, VisitRoot
from followup.services.summaries import refresh


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
