"""Everything of one patient's page 用药. The patient has come through a door; the wall stands behind."""

from datetime import date

from followup.models import Checkup, Dispensing, Visit
from followup.rules.adherence import MOST, Taken
from followup.rules.supplies import Supply
from followup.terms import SideEffect
from registry.models import Patient


def dispensings_of(patient: Patient) -> list[Dispensing]:
    found = Dispensing.objects.filter(patient=patient).select_related("entered_by", "struck_by")
    return list(found.order_by("-handed_on", "-pk"))


def checkups_of(patient: Patient) -> list[Checkup]:
    found = Checkup.objects.filter(patient=patient).select_related("entered_by", "struck_by")
    return list(found.order_by("-checked_on", "-pk"))


def last_records(patient: Patient) -> list[Visit]:
    """The last complete records, oldest first: what the trend is drawn from, and what prescriptions are held against."""
    rows = Visit.objects.complete().filter(patient=patient).newest_first().select_related("entered_by")
    return list(reversed(list(rows[:MOST])))


def taken_of(rows: list[Visit]) -> list[Taken]:
    return [Taken(row.visited_on, row.adherence, row.in_hospital, _side_effect(row)) for row in rows]


def _side_effect(row: Visit) -> str:
    if row.side_effect != SideEffect.YES:
        return ""
    return f"{row.side_effect_text or '有'}{'（严重）' if row.severe_side_effect else ''}"


def supplies_of(rows: list[Dispensing]) -> dict[str, list[Supply]]:
    """By drug; struck ones left out."""
    found: dict[str, list[Supply]] = {}
    for row in rows:
        if row.struck_at is None:
            found.setdefault(row.name, []).append(Supply(row.name, row.handed_on, row.next_on))
    return found


def last_yearly_on(rows: list[Checkup]) -> date | None:
    return next(
        (row.checked_on for row in rows if row.kind == "yearly" and row.outcome == "done" and row.struck_at is None),
        None,
    )
