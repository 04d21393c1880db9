"""Cases of one patient, by office."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from accounts.models import Agency
from accounts.prepared import Prepared
from accounts.queries.policy import policies
from accounts.terms import AgencyKind, DivisionLevel
from exchange.models import Alert, AlertEntry
from exchange.rules.assessing import AlertPolicy, CaseFacts, Told
from exchange.terms import DISCLOSING, CaseStatus, ClosedBecause, SourceKind
from registry.models import Patient

_OPEN_CASE = Prepared(lambda key: Alert.objects.filter(patient=key).open().only("pk")[:1], -1)


def has_open_case(patient: Patient) -> bool:
    return bool(_OPEN_CASE(patient.pk))


def newest_cases(patient: Patient) -> list[Alert]:
    """The newest case of every office that ever had one, open or closed; the township's police first."""
    found = (
        Alert.objects.filter(patient=patient)
        .order_by("agency_id", "-id")
        .distinct("agency_id")
        .select_related("agency__division", "county")
    )
    return sorted(found, key=lambda alert: office_order(alert.agency))


def office_order(agency: Agency) -> tuple[bool, bool, int]:
    """Township before county, police before political-legal. The first is the case that the visit's answer names."""
    return (agency.division.level != DivisionLevel.TOWNSHIP, agency.kind != AgencyKind.POLICE, agency.pk)


def alert_policy(county: int, on: date) -> AlertPolicy:
    found = policies(county, on)
    return AlertPolicy(
        from_level=int(found["alert_from_level"]),
        late_days=int(found["alert_late_days"]),
        fall_needs_psychiatrist=bool(found["fall_needs_psychiatrist"]),
        tells_unstable_leaving=bool(found["alert_unstable_leaving"]),
    )


def told_about(cases: Iterable[Alert], source: UUID) -> dict[int, Told]:
    """By case: what its office was last told about this visit, corrections counted."""
    rows = AlertEntry.objects.filter(
        alert__in=[case.pk for case in cases],
        source_kind=SourceKind.VISIT,
        source=source,
        kind__in=DISCLOSING,
        withdrawn_at=None,
    ).order_by("source_version")
    return {row.alert_id: Told(row.occurred_on, row.level) for row in rows if row.level is not None}


def case_facts(case: Alert | None, told: Told | None) -> CaseFacts:
    if case is None:
        return CaseFacts()
    return CaseFacts(
        status=CaseStatus(case.status),
        told=told,
        closed_because=ClosedBecause(case.closed_because) if case.closed_because else None,
        confirmed_on=case.confirmed_on,
    )


def missing_offices(agencies: Iterable[Agency], kinds: Iterable[str]) -> list[str]:
    """Kinds of office that the township has none of: its worker must know that only the county's body is told."""
    there = {agency.kind for agency in agencies if agency.division.level == DivisionLevel.TOWNSHIP}
    return [kind for kind in kinds if kind not in there]
