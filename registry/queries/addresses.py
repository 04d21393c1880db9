"""Where somebody lived and was registered, from when to when, and which township had the duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Division
from accounts.terms import DivisionLevel
from registry.models import Address, DutyPeriod, Patient
from registry.terms import AddressKind


@dataclass(frozen=True)
class Stay:
    """One row of the history. `until` None: it still holds."""

    since: date
    until: date | None
    place: str
    detail: str
    source: str


@dataclass(frozen=True)
class Addresses:
    residences: list[Stay]
    households: list[Stay]
    duties: list[Stay]


def newest_addresses(patients: Iterable[int]) -> dict[tuple[int, str], Address]:
    """By patient and kind, in one query."""
    rows = Address.objects.filter(patient__in=list(patients)).order_by("patient_id", "kind", "-starts_on")
    return {(row.patient_id, row.kind): row for row in rows.distinct("patient_id", "kind")}


def township_of(division: Division) -> int:
    """The township a residence lies in: the one that has the duty."""
    if division.level == DivisionLevel.VILLAGE and division.parent_id is not None:
        return division.parent_id
    return division.pk


def addresses_of(patient: Patient) -> Addresses:
    """Newest first. Two queries."""
    rows = Address.objects.filter(patient=patient).select_related("division__parent__parent").order_by("-starts_on")
    by_kind: dict[str, list[Address]] = {kind: [] for kind in AddressKind}
    for row in rows:
        by_kind[row.kind].append(row)
    duties = DutyPeriod.objects.filter(patient=patient).select_related("township").order_by("-starts_on")
    return Addresses(
        residences=_stays(by_kind[AddressKind.RESIDENCE], patient),
        households=_stays(by_kind[AddressKind.HOUSEHOLD], patient),
        duties=_duties(list(duties), patient),
    )


def _until(starts: list[date], index: int, patient: Patient) -> date | None:
    """A row holds until the day before the next begins, the last one of a closed file until it was closed."""
    return starts[index - 1] - timedelta(days=1) if index else patient.closed_on


def _stays(rows: list[Address], patient: Patient) -> list[Stay]:
    starts = [row.starts_on for row in rows]
    return [
        Stay(row.starts_on, _until(starts, n, patient), _place(row.division), row.detail, row.get_source_display())
        for n, row in enumerate(rows)
    ]


def _duties(rows: list[DutyPeriod], patient: Patient) -> list[Stay]:
    starts = [row.starts_on for row in rows]
    return [
        Stay(row.starts_on, _until(starts, n, patient), row.township.name, "", row.reason) for n, row in enumerate(rows)
    ]


def _place(division: Division | None) -> str:
    if division is None:
        return ""
    above = division.parent
    return f"{above.name if above else ''}{division.usual_name}"
