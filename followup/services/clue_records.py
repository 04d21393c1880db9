"""What becomes of the records that hang on a clue when the person gets a file, or is forgotten."""

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.models import User
from followup.models import Incident
from followup.services.colours import refresh_colours
from followup.services.incidents import is_told
from followup.services.visits import lock_patient
from followup.signals import incident_recorded
from followup.terms import IncidentState
from registry.models import Clue, Patient


def _ask(function: str, clue: Clue) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [clue.pk])
        return int(cursor.fetchone()[0])


def carry(*, clue: Clue, patient: Patient, by: User) -> None:
    """The clue ended in a file: its incidents and records go over, and an incident confirmed before is told now.

    Source: 规范2018 应急处置 (unregistered: the file first, then the record); decisions B19. In the caller's transaction.
    """
    lock_patient(patient)
    if not _ask("carry_clue_records", clue):
        return
    audit.record("followup.incident.carried", clue, by=by, person=patient.uuid)
    refresh_colours([patient.pk])
    today = timezone.localdate()
    confirmed = Incident.objects.filter(clue=clue, patient=patient, state=IncidentState.CONFIRMED, tells=False)
    for row in confirmed.select_related("patient", "clue").order_by("happened_at", "pk"):
        if is_told(row, today):
            row.tells = True
            row.save(update_fields=["tells"])
            audit.record("followup.incident.told", row, by=by, person=patient.uuid, facts={"level": row.level})
            incident_recorded.send(Incident, incident=row, patient=row.patient, by=by, over=False)


def forget(*, clue: Clue) -> None:
    """The clue forgets the person: what the records said goes too; day, kinds and counts stay.

    Source: 个人信息保护法 §47. In the caller's transaction.
    """
    if number := _ask("forget_clue_records", clue):
        audit.record("followup.incident.forgotten", clue, by=None, facts={"records": number})
