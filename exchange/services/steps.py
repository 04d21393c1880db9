"""Moving cases through the table of states and collecting what is told about it, so that it is written at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.models import Agency, AuditEvent, Division, User
from exchange.models import Alert, AlertEntry
from exchange.queries.people import area_of, person_facts
from exchange.rules.cases import CaseEvent, step
from exchange.rules.numbers import case_number
from exchange.services.disclosing import Source, Telling, disclose
from exchange.services.failpoints import reached
from exchange.services.person_notice_ends import hear_case_closed
from exchange.terms import CaseStatus, ClosedBecause, EntryKind
from registry.models import Patient


@dataclass
class Batch:
    """What one act says about one patient's cases. `written()` writes it in the act's transaction."""

    patient: Patient
    by: User | None
    because: str = ""
    tellings: list[Telling] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, telling: Telling) -> None:
        self.tellings.append(telling)

    def note(self, action: str, alert: Alert, **facts: Any) -> None:
        facts = {"agency": str(alert.agency.uuid), "status": alert.status, **facts}
        self.events.append(
            audit.event_facts(action, alert, by=self.by, person=self.patient.uuid, because=self.because, facts=facts)
        )

    def written(self) -> list[AlertEntry]:
        AuditEvent.objects.bulk_create([AuditEvent(**facts) for facts in self.events])
        if not self.tellings:
            return []
        person = person_facts(self.patient, self.by, timezone.localdate())
        return disclose(self.tellings, person=person, who=self.patient.uuid, by=self.by)


def open_cases(
    patient: Patient, agencies: Sequence[Agency], *, status: CaseStatus, level: int, confirmed: tuple[date, User] | None
) -> list[Alert]:
    """A new case for each of these offices, with its number. The patient's row is locked by the act that asks."""
    if not agencies:
        return []
    county = Division.objects.get(pk=patient.duty_county)
    today = timezone.localdate()
    made = [
        Alert(
            patient=patient,
            agency=agency,
            county=county,
            number=number,
            status=status,
            level=level,
            area=area_of(patient),
            confirmed_on=confirmed[0] if confirmed else None,
            confirmed_by=confirmed[1] if confirmed else None,
        )
        for agency, number in zip(agencies, next_numbers(county, today.year, len(agencies)), strict=True)
    ]
    opened = Alert.objects.bulk_create(made)
    reached("case_opened")
    return opened


def next_numbers(county: Division, year: int, count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_alert_number(%s, %s) FROM generate_series(1, %s)", [county.pk, year, count])
        return [case_number(county.name, year, running) for (running,) in cursor.fetchall()]


def move(
    case: Alert,
    event: CaseEvent,
    *,
    level: int | None = None,
    confirmed: tuple[date, User | None] | None = None,
    because: ClosedBecause = ClosedBecause.FELL,
) -> tuple[str, EntryKind | None] | None:
    """Apply an event to an open case and save it. What the audit writes and what the office is told; None: nothing."""
    found = step(CaseStatus(case.status), event)
    if found is None:
        return None
    case.status = found.after
    if level is not None:
        case.level, case.fell_on = level, None
    if confirmed is not None:
        case.confirmed_on, case.confirmed_by = confirmed
    if found.after == CaseStatus.CLOSED:
        case.closed_at, case.closed_because = timezone.now(), because
    case.save(
        update_fields=["status", "level", "fell_on", "confirmed_on", "confirmed_by", "closed_at", "closed_because"]
    )
    if found.after == CaseStatus.CLOSED:
        hear_case_closed(case)
    return found.action, found.tells


def take_back(case: Alert, source: Source) -> int:
    """Earlier entries of this source no longer hold: their content is out of the office's sight at once."""
    return AlertEntry.objects.filter(
        alert=case, source_kind=source.kind, source=source.uuid, withdrawn_at=None, level__isnull=False
    ).update(withdrawn_at=timezone.now())


def close_cases(
    batch: Batch, cases: Iterable[Alert], event: CaseEvent, *, because: ClosedBecause, source: Source, on: date
) -> None:
    """Recall: every office's view is empty with this transaction; the notice follows by delivery."""
    for case in cases:
        moved = move(case, event, because=because)
        if moved and moved[1]:
            batch.tell(Telling(case, moved[1], source, on))
            batch.note(moved[0], case, because=because.value)
