"""Lists that came in: kinds that ship, who may hand in what, and numbers for pages. No person's row."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet

from accounts.models import Agency, Assignment, Division, User
from accounts.queries.places import townships_under
from accounts.refusals import NotHere
from accounts.terms import ROLES, DivisionLevel, Permission, Role
from exchange.models import InboundList, OwnInbound
from exchange.queries.platform import is_open_here, kind_on
from exchange.rules.inbound_kinds import Kind, read_kinds
from exchange.terms import InboundKind, InboundState

FILE = Path(__file__).resolve().parent.parent / "presets" / "inbound.toml"
MOST = 200


@cache
def kinds() -> dict[InboundKind, Kind]:
    return read_kinds(FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Sender:
    """In whose name the person may hand in lists: an office, the county it belongs to, the kinds it has."""

    agency: Agency
    county: Division
    kinds: tuple[Kind, ...]
    carried: bool = False  # by the county's clerk, in the name of another office


def senders_of(user: User, today: date) -> list[Sender]:
    """The own office of a partner; every office of the county, and for flow notices of others, for the clerk."""
    roles = [role.value for role in Role if Permission.SEND_LIST in ROLES[role].permissions]
    rows = Assignment.objects.live(today).filter(user=user, role__in=roles, division__level=DivisionLevel.COUNTY)
    found: dict[tuple[int, int], Sender] = {}
    for row in rows.select_related("division", "agency__division"):
        offices = _offices(row.division) if row.role == Role.EXCHANGE_CLERK else [row.agency]
        for office in offices:
            if its := _kinds_of(office, row.division, today):
                carried = office.pk != row.agency_id
                found[(office.pk, row.division_id)] = Sender(office, row.division, its, carried)
    return list(found.values())


def _offices(county: Division) -> list[Agency]:
    """County offices, and offices of other places that may send flow notices."""
    wanted = {agency for kind in kinds().values() for agency in kind.agencies}
    here = Q(division=county) | ~Q(division__code__startswith=county.code)
    rows = Agency.objects.filter(here, kind__in=wanted, is_active=True).select_related("division")
    return list(rows.order_by("division__code", "kind", "name"))


def _kinds_of(office: Agency, county: Division, today: date) -> tuple[Kind, ...]:
    """With the names of columns that hold here today; what the county has not switched on is not offered."""
    outside = not office.division.code.startswith(county.code)
    its = (kind for kind in kinds().values() if office.kind in kind.agencies and kind.elsewhere is outside)
    return tuple(kind_on(kind, county, today) for kind in its if is_open_here(kind, county, today))


def sender(user: User, today: date, agency: str, kind: str) -> tuple[Sender, Kind]:
    """Raises: NotHere (an office, or a kind of list, that is not the person's to hand in)."""
    for one in senders_of(user, today):
        for its in one.kinds:
            if (str(one.agency.uuid), its.code.value) == (agency, kind):
                return one, its
    raise NotHere


def own_lists() -> QuerySet[OwnInbound]:
    """What the person's office has handed in, or (for the clerk) the county's; the view ends there by itself."""
    return OwnInbound.objects.order_by("-id")


def own_list(uuid: UUID) -> OwnInbound:
    """Raises: NotHere."""
    found = own_lists().filter(uuid=uuid).first()
    if found is None:
        raise NotHere
    return found


def last_number(agency: Agency, county: Division, kind: InboundKind) -> int:
    rows = own_lists().filter(agency=agency, county=county, kind=kind).exclude(state=InboundState.DRAFT)
    return rows.aggregate(last=Max("number"))["last"] or 0


def towns_of(county: Division) -> dict[str, int]:
    """Code, name and usual name of every township -> its key."""
    found: dict[str, int] = {}
    for town in townships_under(county):
        found |= {town.code: town.pk, town.name: town.pk, town.usual_name: town.pk}
    return found


def inbound_of(county: Division) -> QuerySet[InboundList]:
    rows = InboundList.objects.filter(county=county).exclude(state=InboundState.DRAFT)
    return rows.select_related("county", "agency", "drafted_by", "signed_with").order_by("-sent_at", "-pk")


@dataclass(frozen=True)
class Progress:
    """How far a list's differences are; each is counted with the newest list that shows it."""

    open: int = 0
    late: int = 0
    answered: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        return self.open + self.answered + self.done

    @property
    def late_words(self) -> str:
        return f"逾期 {self.late} 件" if self.late else ""


def progress_of(county: Division, today: date) -> dict[int, Progress]:
    """By key of the list. Numbers only, so that the clerk, who reaches no person, has them too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exchange_progress(%s, %s)", [county.pk, today])
        return {key: Progress(*numbers) for key, *numbers in cursor.fetchall()}
