"""Every living registered person has exactly one township of duty on every day: who breaks that, in words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import Division
from registry.models import DutyPeriod, Patient

AT_MOST = 200


@dataclass(frozen=True)
class Breach:
    """One person and what is wrong; the number and the uuid, never the name: this ends up in logs."""

    uuid: UUID
    number: str
    county: int
    words: str


def breaches(today: date) -> list[Breach]:
    """Of the present reach, worst first. One statement. The database's constraint should leave nothing to find.

    Two periods on one day and a later gap cannot exist: a period has a start only, and one start a day.
    """
    periods = DutyPeriod.objects.filter(patient=OuterRef("pk")).order_by("-starts_on")
    begun = periods.filter(starts_on__lte=OuterRef("opened_on"))
    held = periods.filter(starts_on__lte=today)
    live = Division.objects.filter(pk=OuterRef("duty_township"), valid_to=None)
    rows = Patient.objects.filter(closed_on=None).annotate(
        has_first=Exists(begun), now_at=Subquery(held.values("township_id")[:1]), is_live=Exists(live)
    )
    wrong = rows.filter(
        Q(has_first=False) | Q(now_at=None) | ~Q(now_at=F("duty_township")) | Q(is_live=False)
    ).order_by("duty_county", "number")[:AT_MOST]
    return [Breach(row.uuid, str(row), row.duty_county, _words(row)) for row in wrong]


def _words(row: Patient) -> str:
    if not row.has_first:  # type: ignore[attr-defined]
        return "从建档那天起没有管辖记录"
    if row.now_at != row.duty_township:  # type: ignore[attr-defined]
        return "管辖记录和档案所在的乡镇不一致"
    return "档案所在的乡镇已经撤销，需要按区划调整移交"
