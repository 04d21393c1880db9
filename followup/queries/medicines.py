"""The dictionary as a county sees it: the shipped drugs, its own, and what it has closed. No person's data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from followup.models import Medicine, MedicineClosing
from followup.rules.medicines import Entry


@dataclass(frozen=True)
class Listed:
    """A drug on the county's page."""

    row: Medicine
    closing: MedicineClosing | None

    @property
    def is_own(self) -> bool:
        return self.row.county_id is not None


def entry_of(row: Medicine) -> Entry:
    return Entry(
        code=row.code, name=row.name, kind=row.kind, aliases=tuple(row.aliases), form=row.form, unit=row.unit,
        interval_days=row.interval_days, essential=row.essential,
    )  # fmt: skip


def listed(county: int) -> list[Listed]:
    """Every drug of the county, in the order of the file, its own last."""
    rows = Medicine.objects.filter(Q(county=None) | Q(county=county)).order_by("county_id", "pk")
    closed = {
        one.medicine_id: one
        for one in MedicineClosing.objects.filter(county=county, reopened_on=None).select_related("made_by")
    }
    ordered = sorted(rows, key=lambda row: row.county_id is not None)
    return [Listed(row, closed.get(row.pk)) for row in ordered]


def offered(county: int, today: date) -> list[Medicine]:
    """What may be newly prescribed: not closed on the day."""
    return [one.row for one in listed(county) if one.closing is None or one.closing.closed_on > today]


def found_by_name(name: str, rows: Iterable[Medicine]) -> Medicine | None:
    """Letter by letter, the usual boxes are aliases: a similar name is another drug. A county's own comes before the shipped one."""
    found = [row for row in rows if name == row.name or name in row.aliases]
    return next((row for row in found if row.county_id is not None), found[0] if found else None)
