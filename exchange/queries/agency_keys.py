"""Keys of the agencies that can get packages. As app_partner the wall leaves an office its own rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pyrage
from django.conf import settings
from django.db.models import F, QuerySet

from accounts.models import Agency, Division, User
from accounts.queries.administered import agencies_in
from accounts.terms import Permission
from exchange.models import AgencyKey
from exchange.queries.templates import counties_of
from exchange.rules.agency_keys import fingerprint
from exchange.rules.items import RECIPIENTS
from exchange.terms import KeyPurpose, KeyState

OPEN = (KeyState.WAITING, KeyState.ACTIVE)


@dataclass(frozen=True)
class KeyLine:
    """An agency with the key in force, the one that waits for the second person, and those before."""

    agency: Agency
    now: AgencyKey | None
    waiting: AgencyKey | None
    older: list[AgencyKey]
    signs: AgencyKey | None = None  # with which its lists are signed
    signs_waiting: AgencyKey | None = None


def receiving_agencies(county: Division) -> QuerySet[Agency]:
    """Who can get a package of the county: its own agencies of a kind that a template can name."""
    rows = Agency.objects.filter(division=county, kind__in=RECIPIENTS, is_active=True)
    return rows.order_by("kind", "name")


def agency_of(user: User, uuid: UUID | str, today: date) -> Agency | None:
    areas = counties_of(user, Permission.VIEW_EXCHANGE, today)
    return agencies_in(areas).filter(uuid=uuid, kind__in=RECIPIENTS, division__in=areas).first()


def keys_of(county: Division) -> QuerySet[AgencyKey]:
    rows = AgencyKey.objects.filter(agency__division=county)
    return rows.select_related("agency", "entered_by", "confirmed_by", "ended_by").order_by("-entered_at", "-pk")


def key_lines(county: Division) -> list[KeyLine]:
    rows = list(keys_of(county))
    return [_line(agency, [row for row in rows if row.agency_id == agency.pk]) for agency in receiving_agencies(county)]


def _line(agency: Agency, rows: list[AgencyKey]) -> KeyLine:
    def first(purpose: KeyPurpose, state: KeyState) -> AgencyKey | None:
        return next((row for row in rows if (row.purpose, row.state) == (purpose, state)), None)

    return KeyLine(
        agency, first(KeyPurpose.SEAL, KeyState.ACTIVE), first(KeyPurpose.SEAL, KeyState.WAITING),
        [row for row in rows if row.state not in OPEN], first(KeyPurpose.SIGN, KeyState.ACTIVE),
        first(KeyPurpose.SIGN, KeyState.WAITING),
    )  # fmt: skip


def own_keys(offices: Iterable[int]) -> QuerySet[AgencyKey]:
    """An office's own keys for its packages; names by annotation: a partner reads four columns of an account."""
    rows = AgencyKey.objects.filter(agency__in=list(offices), state__in=OPEN, purpose=KeyPurpose.SEAL)
    return rows.annotate(entered_name=F("entered_by__display_name")).order_by("agency_id", "state")


def refused_key(offices: Iterable[int]) -> AgencyKey | None:
    """The office's last key, where the county has sent it back: its account reads why before it enters another."""
    rows = AgencyKey.objects.filter(agency__in=list(offices), purpose=KeyPurpose.SEAL)
    newest = rows.order_by("-entered_at", "-pk").first()
    return newest if newest is not None and newest.state == KeyState.REFUSED else None


def key_in_force(agency: Agency, purpose: KeyPurpose = KeyPurpose.SEAL) -> AgencyKey | None:
    return AgencyKey.objects.filter(agency=agency, state=KeyState.ACTIVE, purpose=purpose).first()


@dataclass(frozen=True)
class OwnKey:
    """This installation's own public key: others encrypt to it what they send us."""

    public_key: str
    fingerprint: str


def own_key() -> OwnKey | None:
    """From EXCHANGE_IDENTITY; None: not set, nothing can be sent to us encrypted."""
    if not settings.EXCHANGE_IDENTITY:
        return None
    key = str(pyrage.x25519.Identity.from_str(settings.EXCHANGE_IDENTITY).to_public())
    return OwnKey(key, fingerprint(key))
