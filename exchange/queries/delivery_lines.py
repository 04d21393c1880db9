"""Keys and packages as lines of 今日工作: what waits for the second person, what nobody has fetched."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import Division, User
from accounts.reach import standing
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from exchange.models import AgencyKey, Package, PackageOffer
from exchange.queries.templates import counties_of
from exchange.rules.delivery import REMIND_DAYS
from exchange.terms import KeyState, PackageState

P = Permission


def work_lines(user: User, today: date) -> list[WorkItem]:
    """Source: issue 4, Build 4; security 3.7 (a first signature lapses, a key waits for the second person)."""
    held = standing(user).permissions
    if P.VIEW_EXCHANGE not in held:
        return []
    counties = counties_of(user, P.VIEW_EXCHANGE, today)
    found = [
        _item("核对", "exchange:key", row.uuid, row.agency.name, "公钥等第二个人对指纹", row.agency.division.name)
        for row in AgencyKey.objects.filter(agency__division__in=counties, state=KeyState.WAITING)
        .exclude(entered_by=user).select_related("agency__division").order_by("pk")
    ]  # fmt: skip
    if P.RELEASE_PACKAGE in held:
        rows = Package.objects.filter(county__in=counties, state=PackageState.PREPARED).exclude(first_by=user)
        found += [
            _item("签发", "exchange:package", row.uuid, str(row), "交换包待签发", row.county.name)
            for row in rows.select_related("agency", "county").order_by("pk")
        ]
    return found + (_unfetched(counties, today) if P.PREPARE_PACKAGE in held else [])


def _unfetched(counties: list[Division], today: date) -> list[WorkItem]:
    rows = PackageOffer.objects.filter(
        package__county__in=counties, package__state=PackageState.RELEASED, ended_at=None
    ).select_related("package__agency", "package__county")
    found = []
    for row in rows.order_by("expires_at"):
        until = row.expires_at.astimezone(timezone.get_current_timezone()).date()
        if (until - today).days <= REMIND_DAYS:
            why = "没有领取，下载期限已过" if until < today else f"还没有领取，{until} 截止"
            found.append(_item("催领取", "exchange:package", row.package.uuid, str(row.package), why,
                               row.package.county.name, due=until, urgency=urgency_of(until, today=today)))  # fmt: skip
    return found


def _item(
    verb: str, page: str, uuid: object, name: str, why: str, place: str, *, due: date | None = None,
    urgency: Urgency = Urgency.TODAY,
) -> WorkItem:  # fmt: skip
    return WorkItem(
        topic=Topic.REVIEWS, verb=verb, href=reverse(page, args=[uuid]), name=name, place=place, why=why, due_on=due,
        urgency=urgency,
    )  # fmt: skip
