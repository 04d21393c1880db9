"""Every living registered person has exactly one township of duty on every day: who breaks that, in words."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, Sum, When
from django.urls import reverse

from accounts.doors import can, where
from accounts.models import Division
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import DivisionLevel, Permission
from registry.models import Address, DutyCheck, DutyPeriod, Patient
from registry.terms import AddressKind

if TYPE_CHECKING:
    from accounts.models import User

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
    lives = Address.objects.filter(patient=OuterRef("pk"), kind=AddressKind.RESIDENCE).order_by("-starts_on")
    of_village = Case(When(division__level=DivisionLevel.VILLAGE, then="division__parent_id"), default="division_id")
    live = Division.objects.filter(pk=OuterRef("duty_township"), valid_to=None)
    rows = Patient.objects.filter(closed_on=None).annotate(
        has_first=Exists(begun), now_at=Subquery(held.values("township_id")[:1]), is_live=Exists(live),
        lives_at=Subquery(lives.annotate(town=of_village).values("town")[:1]),
    )  # fmt: skip
    wrong = rows.filter(
        Q(has_first=False)
        | Q(now_at=None)
        | ~Q(now_at=F("duty_township"))
        | Q(is_live=False)
        | (Q(lives_at__isnull=False) & ~Q(lives_at=F("duty_township")))
    ).order_by("duty_county", "number")[:AT_MOST]
    return [Breach(row.uuid, str(row), row.duty_county, _words(row)) for row in wrong]


def breaches_for(user: "User", today: date) -> list[Breach]:
    """Those of the counties whose duty the user corrects."""
    reach = where(user, Permission.CORRECT_DUTY)
    return [one for one in breaches(today) if one.county in reach.counties]


def last_checks(user: "User") -> list[DutyCheck]:
    """What the last nights found, newest first."""
    reach = where(user, Permission.CORRECT_DUTY)
    rows = DutyCheck.objects.filter(county__in=reach.counties).select_related("county")
    return list(rows.order_by("-checked_on", "county__code")[:14])


def latest_check() -> tuple[date | None, int]:
    """The newest night that was checked and what it found in all counties. No person's data: the probes read it."""
    newest = DutyCheck.objects.aggregate(on=Max("checked_on"))["on"]
    if newest is None:
        return None, 0
    return newest, DutyCheck.objects.filter(checked_on=newest).aggregate(n=Sum("breaches"))["n"]


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """One line for the county office while the last night's number is not nought."""
    if not can(user, Permission.CORRECT_DUTY):
        return []
    newest: dict[int, DutyCheck] = {}
    for row in last_checks(user):
        newest.setdefault(row.county_id, row)
    return [
        WorkItem(
            topic=Topic.FILES, verb="看管辖检查", href=reverse("registry:duty_breaches"), name=row.county.name, place="",
            why=f"{row.checked_on} 夜间检查：{row.breaches} 份档案的管辖不正确。", due_on=None, urgency=Urgency.TODAY,
        )
        for row in newest.values()
        if row.breaches
    ]  # fmt: skip


def _words(row: Patient) -> str:
    if not row.has_first:  # type: ignore[attr-defined]
        return "从建档那天起没有管辖记录"
    if row.now_at != row.duty_township:  # type: ignore[attr-defined]
        return "管辖记录和档案所在的乡镇不一致"
    if row.lives_at not in (None, row.duty_township):  # type: ignore[attr-defined]
        return "现住地不在管辖的乡镇里"
    return "档案所在的乡镇已经撤销，需要按区划调整移交"
