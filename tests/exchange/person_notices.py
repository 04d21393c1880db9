"""A county that tells single offices of single persons: templates in force, offices, and what a test does with them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Assignment, User
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import MyNotice, PersonNotice, PersonNoticeCopy
from exchange.queries.my_notices import Card, notice_cards, own_notices
from exchange.queries.templates import presets
from exchange.services.my_notices import open_notice, see_notices, sign_for
from exchange.services.person_notices import fingerprint, send_notice, sendable, sign_notice
from exchange.terms import Rhythm
from registry.models import Patient
from registry.services.status import set_status
from tests import factories
from tests.conftest import COUNTY, TOWN_A, TOWN_B, VILLAGE_A1
from tests.exchange.conftest import as_partner
from tests.exchange.templates import in_force

KEYS = tuple(key for key, one in presets().items() if one.rhythm is Rhythm.AT_ONCE)


def make_house(world: Any, keys: tuple[str, ...] = KEYS) -> dict[str, Any]:
    """Offices of every kind with an account each, and the templates named."""
    county = world.places[COUNTY]
    health = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    clerk, officer = (factories.make_user(role, county, health) for role in (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER))
    for key in keys:
        in_force(county, key, clerk=clerk, officer=officer)
    town_a, town_b, village = world.places[TOWN_A], world.places[TOWN_B], world.places[VILLAGE_A1]
    government = factories.make_agency(AgencyKind.GOVERNMENT, town_a)
    committee = factories.make_agency(AgencyKind.VILLAGE_COMMITTEE, village)
    civil_b = factories.make_agency(AgencyKind.CIVIL_AFFAIRS, town_b)
    found = {
        "world": world, "county": county, "clerk": clerk, "officer": officer,
        "government": factories.make_user(Role.TOWNSHIP_POLITICAL_LEGAL, town_a, government),
        "village": factories.make_user(Role.VILLAGE_CLERK, village, committee),
        "civil_b": factories.make_user(Role.TOWNSHIP_CIVIL_AFFAIRS, town_b, civil_b),
        "police": world.police, "political": world.political_legal, "police_b": world.police_b,
        "worker": world.worker, "worker_b": world.worker_b, "office": world.county_office,
        "psychiatrist": world.psychiatrist,
    }  # fmt: skip
    Assignment.objects.update(ends_on=None)
    return found


def offered(by: User, person: Patient, situation: str) -> list[str]:
    """Names of the offices that could be told now."""
    with scope(by):
        return [one.agency.name for one in sendable(person, situation, by=by) if one.template is not None]


def send(
    by: User, person: Patient, situation: str, *, only: User | None = None, because: str = "现场需要",
    form_id: UUID | None = None,
) -> PersonNotice:  # fmt: skip
    """To every office that could be told, or to one person's own."""
    with scope(by):
        person = Patient.objects.get(pk=person.pk)
        ready = [one for one in sendable(person, situation, by=by) if one.template is not None]
        chosen = [one.agency.uuid for one in ready if only is None or one.agency.pk == only.agency_id]
        return send_notice(
            patient=person, situation=situation, agencies=chosen, because=because,
            seen=fingerprint(situation, ready).hex(), form_id=form_id or uuid4(), by=by,
        )  # fmt: skip


def sign(by: User, notice: PersonNotice) -> PersonNotice:
    with scope(by):
        return sign_notice(notice=notice, seen=bytes(notice.digest or b"").hex(), by=by)


def told(notice: PersonNotice) -> dict[str, PersonNoticeCopy]:
    with scope(counties=[notice.county_id]):
        rows = PersonNoticeCopy.objects.filter(notice=notice).select_related("agency")
        return {row.agency.name: row for row in rows}


def waiting(person: Patient, situation: str = "") -> list[PersonNotice]:
    with scope(counties=[person.duty_county]):
        rows = PersonNotice.objects.filter(patient=person, state="pending")
        return [row for row in rows.order_by("pk") if situation in ("", row.situation)]


# an office's side


def cards(user: User) -> list[Card]:
    with as_partner(user):
        see_notices(by=user)
        return notice_cards(own_notices([user.agency_id]), now=timezone.localtime())


def sign_all(user: User) -> list[str]:
    with as_partner(user):
        return [sign_for(notice=row.uuid, by=user) for row in MyNotice.objects.order_by("id")]


def read(user: User) -> list[dict[str, str]]:
    """What the office reads of each copy that is open to it, by item."""
    with as_partner(user):
        keys = list(MyNotice.objects.order_by("id").values_list("uuid", flat=True))
        found = [open_notice(notice=key, by=user, proven=False) for key in keys]
    return [{item.value: said for item, said in one} for one in found if one]


def lost(house: dict[str, Any], person: Patient, ago: int = 0) -> Patient:
    """失访 since `ago` days."""
    with scope(house["worker"]):
        set_status(
            patient=person,
            value="lost",
            on=timezone.localdate() - timedelta(days=ago),
            by=house["worker"],
            reason="走失",
        )
    return person
