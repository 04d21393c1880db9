"""How much went out and came in between two days, by agency: numbers only. What a county's exchange table adds up.

Packages and lists belong to the county. Alerts follow their people: whoever reads opens the reach that holds them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Division
from exchange.models import AlertEntry, Feedback, InboundList, Package, PackageClosing, Receipt
from exchange.queries.inbound import Progress, progress_of
from exchange.queries.package_receipts import balances_of
from exchange.queries.packages import GONE_OUT, packages_of
from exchange.rules.periods import NoPeriod, period
from exchange.rules.receipts import Balance
from exchange.terms import DISCLOSING, InboundState, ListKind, RowClass


@dataclass(frozen=True)
class Sent:
    """Packages that one agency was sent for the period, with the lines of 表1-12 and how its receipts stand."""

    agency: str
    packages: int = 0
    closed: int = 0
    new: int = 0
    high_risk: int = 0
    incidents: int = 0
    lost: int = 0
    dead: int = 0
    balance: Balance = field(default_factory=lambda: Balance(0))


@dataclass(frozen=True)
class Told:
    """Alerts delivered to one kind of agency: entries, how many were signed for, cases, how many were answered."""

    kind: str
    entries: int = 0
    signed: int = 0
    cases: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Received:
    """Lists that one agency handed in, their rows by how they compared, and the differences that followed."""

    agency: str
    lists: int = 0
    rows: int = 0
    waiting: int = 0  # rows of lists that are not compared yet
    classes: dict[str, int] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)


def sent_between(county: Division, first: date, last: date) -> list[Sent]:
    """Packages of exchange periods that lie whole in the days, as released and not taken back; corrections among them."""
    rows = packages_of(county).filter(state__in=GONE_OUT, released_at__isnull=False)
    inside = [row for row in rows if _lies_in(row, first, last)]
    closed = set(PackageClosing.objects.filter(package__in=inside).values_list("package", flat=True))
    balances = balances_of(inside)
    found: dict[str, Sent] = {}
    for row in inside:
        before, balance = found.get(row.agency.name, Sent(row.agency.name)), balances[row.pk]
        found[row.agency.name] = Sent(
            agency=row.agency.name,
            packages=before.packages + 1,
            closed=before.closed + (row.pk in closed),
            new=before.new + _rows(row, ListKind.NEW),
            high_risk=before.high_risk + _rows(row, ListKind.HIGH_RISK),
            incidents=before.incidents + _rows(row, ListKind.INCIDENTS),
            lost=before.lost + int(row.counts.get("lost") or 0),
            dead=before.dead + int(row.counts.get("dead") or 0),
            balance=_together(before.balance, balance),
        )
    return [found[name] for name in sorted(found)]


def _lies_in(row: Package, first: date, last: date) -> bool:
    try:
        one = period(row.period)
    except NoPeriod:
        return False
    return first <= one.first and one.last <= last


def _rows(row: Package, kind: ListKind) -> int:
    return int(row.counts.get(kind.value, {}).get("rows", 0))


def _together(left: Balance, right: Balance) -> Balance:
    return Balance(*(getattr(left, each.name) + getattr(right, each.name) for each in fields(Balance)))


def told_between(county: Division, first: date, last: date) -> list[Told]:
    """Entries with content delivered in the days; signed for and answered until the end of the last one."""
    begin, end = _moments(first, last)
    mine = Receipt.objects.filter(alert__county=county, entry__kind__in=DISCLOSING)
    mine = mine.filter(delivered_at__gte=begin, delivered_at__lt=end)
    after = Feedback.objects.filter(alert=OuterRef("alert"), given_at__gte=begin, given_at__lt=end)
    rows = mine.annotate(answered=Exists(after)).values("alert__agency__kind").order_by("alert__agency__kind")
    counted = rows.annotate(
        entries=Count("pk"),
        signed=Count("pk", filter=Q(acknowledged_at__lt=end)),
        cases=Count("alert", distinct=True),
        answers=Count("alert", filter=Q(answered=True), distinct=True),
    )
    return [
        Told(row["alert__agency__kind"], row["entries"], row["signed"], row["cases"], row["answers"]) for row in counted
    ]


def told_total(county: Division, first: date, last: date) -> int:
    """Entries with content whose delivery falls into the days, counted from the entries: the other side of the check."""
    begin, end = _moments(first, last)
    told = AlertEntry.objects.filter(alert__county=county, kind__in=DISCLOSING)
    return told.filter(receipt__delivered_at__gte=begin, receipt__delivered_at__lt=end).count()


def received_between(county: Division, first: date, last: date, today: date) -> list[Received]:
    """Lists handed in within the days. Their differences stand as they are now: each counts with its newest list."""
    begin, end = _moments(first, last)
    lists = InboundList.objects.filter(county=county, sent_at__gte=begin, sent_at__lt=end)
    lists = lists.exclude(state=InboundState.DRAFT).select_related("agency")
    progress = progress_of(county, today)
    found: dict[str, Received] = {}
    for row in lists.order_by("agency__name", "pk"):
        before, after = found.get(row.agency.name, Received(row.agency.name)), progress.get(row.pk, Progress())
        is_compared = row.compared_at is not None
        classes = {
            each.value: before.classes.get(each.value, 0) + (int(row.counts.get(each.value, 0)) if is_compared else 0)
            for each in RowClass
        }
        found[row.agency.name] = Received(
            agency=row.agency.name,
            lists=before.lists + 1,
            rows=before.rows + row.rows,
            waiting=before.waiting + (0 if is_compared else row.rows),
            classes=classes,
            progress=_progress([before.progress, after]),
        )
    return list(found.values())


def _progress(many: Iterable[Progress]) -> Progress:
    parts = list(many)
    return Progress(*(sum(getattr(part, each.name) for part in parts) for each in fields(Progress)))


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    """The days as moments, Shanghai time: from the first midnight to the one after the last day."""
    zone = timezone.get_current_timezone()
    midnight = [datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1))]
    return midnight[0], midnight[1]
