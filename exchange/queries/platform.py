"""Platforms that the county reports to itself: the names of their columns on a day, and how far the differences are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.doors import where
from accounts.models import Division, User
from accounts.queries.policy import policy
from accounts.terms import Permission
from exchange.models import Difference, InboundList, PlatformHeaders
from exchange.queries.differences import labels, name_of
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


@dataclass(frozen=True)
class Followed:
    """One person of the three lists."""

    row: Difference
    name: str
    what: str
    place: str
    how_far: str


@dataclass(frozen=True)
class PeopleList:
    label: str
    hint: str
    people: list[Followed]
    more: int  # beyond what is shown


MOST_SHOWN = 200
HINTS = {
    RowClass.ONLY_OURS: "平台上缺，做进上报表补报",
    RowClass.ONLY_THEIRS: "我方没有档案，交乡镇核实；不会自动建档",
    RowClass.DIFFERS: "两边内容不同，我方无误的做进上报表",
}


def three_lists(row: InboundList, user: User) -> list[PeopleList]:
    """仅我方有、仅对方有、字段不一致 of this platform, as far as they do not agree yet. Source: issue 4, Build 7."""
    reach = where(user, Permission.REVIEW_DIFFERENCE)
    rows = Difference.objects.filter(
        county__in=reach.counties, county=row.county, inbound__kind=row.kind, inbound__agency=row.agency, equal_at=None
    )  # fmt: skip
    rows = rows.exclude(state=S.LAPSED).select_related("patient", "township", "inbound").defer("words", "because")
    found = []
    for one in FOLLOWED:
        its = list(rows.filter(found=one).order_by("township__code", "pk")[: MOST_SHOWN + 1])
        more = rows.filter(found=one).count() - MOST_SHOWN if len(its) > MOST_SHOWN else 0
        found.append(PeopleList(str(one.label), HINTS[one], [_followed(its_row) for its_row in its[:MOST_SHOWN]], more))
    return found


def _followed(row: Difference) -> Followed:
    what = "、".join(labels(row.fields)) if row.found == RowClass.DIFFERS else ""
    how_far = "已做表，等下次导出" if row.sheet_at else row.get_state_display()
    return Followed(row, name_of(row), what, row.township.usual_name if row.township else "没有乡镇", str(how_far))


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
