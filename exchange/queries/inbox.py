"""An office's inbox: three reads of its own views, sorted onto shelves. No person's data is in it before opening."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Agency
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import CountyRules
from exchange.models import InboxCase, InboxEntry, InboxFeedback
from exchange.rules.clocks import Clock, clock, moment_words
from exchange.rules.deadlines import Patience
from exchange.rules.offices import DOCTORS
from exchange.rules.shelves import Receipts, Shelf, shelf
from exchange.terms import DISCLOSING, CaseStatus, EntryKind

MOST_OPEN = 50
MOST_CLOSED = 20


@dataclass(frozen=True)
class Card:
    """A case as its office sees it, words ready for the page."""

    case: InboxCase
    shelf: Shelf
    entries: Sequence[InboxEntry]
    feedback: Sequence[InboxFeedback]
    clock: Clock | None
    sent_words: str
    signed_words: str
    answered_words: str

    @property
    def newest(self) -> InboxEntry:
        return self.entries[-1]

    @property
    def waiting(self) -> Sequence[InboxEntry]:
        return [entry for entry in self.entries if entry.acknowledged_at is None]

    @property
    def heading(self) -> str:
        return self.newest.get_kind_display()

    @property
    def previous_level(self) -> int | None:
        """None where the newest entry changed no level: an incident at level 4 is not "4 级变为 4 级"."""
        told = [entry for entry in self.entries if entry.level is not None]
        return told[-1].previous_level if told and told[-1].previous_level != self.case.level else None

    @property
    def is_release(self) -> bool:
        """Only the notice that the case is over waits for 签收."""
        return self.case.is_closed and self.shelf is Shelf.TO_ACKNOWLEDGE

    @property
    def is_under_review(self) -> bool:
        return self.case.status == CaseStatus.UNDER_REVIEW


def own_cases(offices: Iterable[int]) -> QuerySet[InboxCase]:
    """The view already ends at the offices of the transaction; the filter says it once more."""
    return InboxCase.objects.filter(agency_id__in=list(offices))


def own_case(offices: Iterable[int], uuid: UUID) -> InboxCase | None:
    return own_cases(offices).filter(uuid=uuid).first()


def cards(offices: Iterable[int], *, now: datetime, you: int | None = None) -> list[Card]:
    """The newest 50 open and 20 closed cases. `now` is local; `you` is the officer, named as 您 on the cards."""
    mine = own_cases(offices)
    found = [
        *mine.exclude(status=CaseStatus.CLOSED).order_by("-id")[:MOST_OPEN],
        *mine.filter(status=CaseStatus.CLOSED).order_by("-closed_at", "-id")[:MOST_CLOSED],
    ]
    return cards_of(found, now=now, you=you)


def cards_of(cases: Sequence[InboxCase], *, now: datetime, you: int | None = None) -> list[Card]:
    keys = [case.pk for case in cases]
    entries: dict[int, list[InboxEntry]] = {key: [] for key in keys}
    for entry in InboxEntry.objects.filter(case_id__in=keys).order_by("id"):
        entries[entry.case_id].append(entry)
    feedback: dict[int, list[InboxFeedback]] = {key: [] for key in keys}
    for row in InboxFeedback.objects.filter(case_id__in=keys).order_by("id"):
        feedback[row.case_id].append(row)
    rules, calendar = CountyRules(now.date()), work_calendar()
    return [
        _card(case, entries[case.pk], feedback[case.pk], Patience.of(rules[case.county_id], calendar), now=now, you=you)
        for case in cases
        if entries[case.pk]
    ]


def _card(
    case: InboxCase,
    entries: list[InboxEntry],
    feedback: list[InboxFeedback],
    patience: Patience,
    *,
    now: datetime,
    you: int | None,
) -> Card:
    signed = [entry for entry in entries if entry.acknowledged_at is not None and entry.kind in DISCLOSING]
    told_at = max((entry.acknowledged_at for entry in signed if entry.acknowledged_at), default=None)
    waiting = [entry for entry in entries if entry.acknowledged_at is None]
    answered_at = feedback[-1].given_at if feedback else None
    where = shelf(Receipts(case.is_closed, len(waiting), told_at, answered_at))
    limit, counted = None, patience.counted(on_duty=case.on_duty)
    if where is Shelf.TO_ACKNOWLEDGE:
        start = min(entry.delivered_at for entry in waiting)
        start = start.astimezone(now.tzinfo)
        limit = clock(start, hours=patience.acknowledge, now=now, verb="签收", calendar=counted)
    elif where is Shelf.TO_ANSWER and told_at is not None:
        start = told_at.astimezone(now.tzinfo)
        limit = clock(start, hours=patience.answer, now=now, verb="反馈", calendar=counted)
    return Card(
        case=case,
        shelf=where,
        entries=entries,
        feedback=feedback,
        clock=limit,
        sent_words=f"{_moment(entries[-1].delivered_at, now)} 发来",
        signed_words=_signed(signed, now, you, earlier=where is Shelf.TO_ACKNOWLEDGE),
        answered_words=f"{_moment(answered_at, now)} 反馈" if answered_at else "",
    )


def _moment(at: datetime, now: datetime) -> str:
    return moment_words(at.astimezone(now.tzinfo), now)


def _signed(signed: list[InboxEntry], now: datetime, you: int | None, *, earlier: bool) -> str:
    last = signed[-1] if signed else None
    if last is None or last.acknowledged_at is None:
        return ""
    who = "您" if you is not None and last.acknowledged_by_id == you else last.acknowledged_by_name
    what = "以前的内容 " if earlier else ""  # beside a button 签收 it must not read as if this had been signed for
    return f"{what}{_moment(last.acknowledged_at, now)} 由{who}签收"


def duty_doctor(counties: Iterable[int]) -> Agency | None:
    """The county's office that answers around the clock, for the panel 急事."""
    found = Agency.objects.filter(division__in=list(counties), kind__in=DOCTORS, is_active=True, on_duty=True)
    return found.order_by("kind", "id").first()


def county_of_office(offices: Iterable[int]) -> set[int]:
    """Keys of the counties in which these offices lie."""
    places = Agency.objects.filter(pk__in=list(offices)).select_related("division")
    return {
        int(place.division.parent_id if place.division.level == "township" else place.division_id)  # type: ignore[arg-type]
        for place in places
    }


def is_news(kind: str) -> bool:
    return kind in DISCLOSING or kind == EntryKind.LOWERED
