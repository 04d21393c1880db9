"""What was told of single persons against the records of today, as of the day of the telling: a difference is work."""

from django.utils import timezone

from accounts import audit
from accounts.models import Division
from accounts.scope import scope
from accounts.terms import DivisionLevel
from exchange.models import PersonNotice
from exchange.queries.person_notices import copies_of, drawn
from exchange.terms import PersonNoticeState


def compare_notices() -> int:
    """From the clock, once a night: notices that their offices still read. How many say something else by now.

    Source: issue 4, Build 3 (corrections reach every past recipient); as packages are compared (ADR 20). What happened
    after the day is no correction; a person decides, and corrects or withdraws.
    """
    found = 0
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        with scope(counties=[county]):
            rows = PersonNotice.objects.filter(state=PersonNoticeState.SENT, expires_at__gt=timezone.now())
            for row in rows.select_related("patient", "first_by__agency").order_by("pk"):
                found += _compare(row)
    return found


def _compare(row: PersonNotice) -> bool:
    if row.released_at is None:
        return False
    day = timezone.localdate(row.released_at)
    reading = {copy.agency_id: copy for copy in copies_of(row) if copy.ended_at is None}
    agencies = [copy.agency for copy in reading.values()]
    again = drawn(row.patient, row.situation, day, agencies, by=row.first_by)
    told: dict[int, object] = {key: copy.content for key, copy in reading.items()}
    differs = any(one.template is not None and one.cells != told[one.agency.pk] for one in again)
    if differs != (row.differs_at is not None):
        row.differs_at = timezone.now() if differs else None
        row.save(update_fields=["differs_at"])
        if differs:
            facts = {"situation": row.situation}
            audit.record("exchange.person_notice.differs", row, by=None, person=row.patient.uuid, facts=facts)
    return differs
