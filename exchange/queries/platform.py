"""Platforms that the county reports to itself: the names of their columns on a day, and how far the differences are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.doors import where
from accounts.models import Division, User
from accounts.queries.policy import policy
from accounts.terms import Permission
from exchange.models import Difference, InboundList, PlatformHeaders
from exchange.rules.inbound_kinds import Kind
from exchange.terms import Conclusion, DifferenceState, InboundItem, RowClass

S = DifferenceState
FOLLOWED = (RowClass.ONLY_OURS, RowClass.ONLY_THEIRS, RowClass.DIFFERS)


def is_open_here(kind: Kind, county: Division, today: date) -> bool:
    """Source: decisions F (file interfaces by data-element number are off by default)."""
    return not kind.switch or bool(policy(county.pk, kind.switch, today))


def headers_on(kind: Kind, county: Division, day: date) -> dict[InboundItem, str]:
    """The county's own names of columns that hold on that day."""
    row = (
        PlatformHeaders.objects.filter(county=county, kind=kind.code, starts_on__lte=day).order_by("-starts_on").first()
    )
    known = {item.value: item for item in kind.columns}
    return {known[name]: said for name, said in row.headers.items() if name in known} if row else {}


def kind_on(kind: Kind, county: Division, day: date) -> Kind:
    """The kind with the names of columns that hold in this county on that day."""
    return kind.with_headers(headers_on(kind, county, day)) if kind.platform else kind


def headers_of(county: Division, kind: Kind) -> QuerySet[PlatformHeaders]:
    rows = PlatformHeaders.objects.filter(county=county, kind=kind.code)
    return rows.select_related("set_by").order_by("-starts_on")


@dataclass(frozen=True)
class Track:
    """One of the three lists: how many wait for a sheet, stand in one, were seen equal."""

    label: str
    waiting: int
    in_sheet: int
    equal: int


def tracks_of(row: InboundList) -> list[Track]:
    """Of this platform in this county, over all its exports. Needs the county's reach."""
    rows = Difference.objects.filter(county=row.county, inbound__kind=row.kind, inbound__agency=row.agency)
    open_ = Q(equal_at=None) & ~Q(state=S.LAPSED)
    counts = rows.values("found").annotate(
        waiting=Count("pk", filter=open_ & Q(sheet_at=None)), in_sheet=Count("pk", filter=open_ & Q(sheet_at__isnull=False)),
        equal=Count("pk", filter=~open_),
    )  # fmt: skip
    by_class = {one["found"]: (one["waiting"], one["in_sheet"], one["equal"]) for one in counts}
    return [Track(str(one.label), *by_class.get(one.value, (0, 0, 0))) for one in FOLLOWED]


def for_sheet(row: InboundList, user: User) -> QuerySet[Difference]:
    """What we have to say anew to the platform: whom it lacks, and what it has otherwise where ours is not wrong."""
    reach = where(user, Permission.REVIEW_DIFFERENCE)
    rows = Difference.objects.filter(
        county__in=reach.counties, last_inbound=row, equal_at=None, patient__isnull=False,
        found__in=(RowClass.ONLY_OURS, RowClass.DIFFERS),
    )  # fmt: skip
    rows = (
        rows.exclude(state=S.LAPSED)
        .exclude(conclusion=Conclusion.OURS_MENDED)
        .exclude(patient__closed_on__isnull=False)
    )
    return rows.select_related("patient").order_by("found", "patient__number")
