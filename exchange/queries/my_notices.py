"""单人告知 as its own office sees it: a list without content, sorted by what waits. No person is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.doors import where
from accounts.models import User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import CountyRules
from accounts.reach import standing
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import MyNotice
from exchange.rules.clocks import Clock, clock, moment_words
from exchange.rules.deadlines import Patience
from exchange.terms import CopyEnded

MOST = 100


@dataclass(frozen=True)
class Card:
    """A copy with its words. `waits`: it is to be signed for; `is_end`: what is to be signed for is its end."""

    row: MyNotice
    clock: Clock | None
    sent_words: str
    until_words: str

    @property
    def is_over(self) -> bool:
        return self.row.ended_at is not None

    @property
    def is_end(self) -> bool:
        return self.is_over and self.row.end_acknowledged_at is None and self.row.ended_because != CopyEnded.EXPIRED

    @property
    def waits(self) -> bool:
        return self.is_end or (not self.is_over and self.row.acknowledged_at is None)


def own_notices(offices: Iterable[int]) -> QuerySet[MyNotice]:
    """The view already ends at the offices of the transaction; the filter says it once more."""
    return MyNotice.objects.filter(agency_id__in=list(offices)).order_by("-id")


def own_notice(offices: Iterable[int], uuid: UUID) -> MyNotice | None:
    return own_notices(offices).filter(uuid=uuid).first()


def notice_cards(rows: Iterable[MyNotice], *, now: datetime) -> list[Card]:
    """`now` is local."""
    rules, calendar = CountyRules(now.date()), work_calendar()
    return [_card(row, Patience.of(rules[row.county_id], calendar), now) for row in rows]


def _card(row: MyNotice, patience: Patience, now: datetime) -> Card:
    limit, start = None, row.delivered_at.astimezone(now.tzinfo)
    if row.ended_at is None and row.acknowledged_at is None:
        counted = patience.counted(on_duty=row.on_duty)
        limit = clock(start, hours=patience.acknowledge, now=now, verb="签收", calendar=counted)
    until = row.expires_at.astimezone(now.tzinfo)
    return Card(row, limit, f"{moment_words(start, now)} 发来", f"{until:%Y-%m-%d %H:%M} 前可以查看")


def waiting(offices: Iterable[int]) -> QuerySet[MyNotice]:
    """What the office has still to sign for: a copy, or its end."""
    new = Q(ended_at=None, acknowledged_at=None)
    over = Q(ended_at__isnull=False, end_acknowledged_at=None) & ~Q(ended_because=CopyEnded.EXPIRED)
    return own_notices(offices).filter(new | over)


def waiting_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of the health side: what other offices have told the own one and nobody has signed for."""
    held = standing(user).permissions
    if Permission.RECEIVE_NOTICE not in held or Permission.VIEW_TODAY not in held:
        return []
    return [_line(row) for row in waiting(where(user, Permission.RECEIVE_NOTICE).offices)[:MOST]]


def _line(row: MyNotice) -> WorkItem:
    said = f"{row.get_ended_because_display()}，请签收" if row.ended_at else "发给本单位，等待签收"
    return WorkItem(
        topic=Topic.RECEIVED, verb="签收", href=reverse("exchange:my_notices"),
        name=f"{row.get_situation_display()} {row.number}", place=row.agency_name,
        why=f"{row.delivered_at.astimezone(timezone.get_current_timezone()):%m-%d %H:%M} {said}", due_on=None, urgency=Urgency.TODAY,
    )  # fmt: skip
