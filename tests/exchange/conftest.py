"""A visit saved as a worker saves it, and the outbox emptied as the worker process empties it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.scope import scope, take_on
from accounts.terms import AgencyKind, Role
from exchange.models import Alert, AlertEntry, Disclosure
from exchange.queries.inbox import Card, cards, own_cases
from exchange.rules.feedback import Answer
from exchange.services.delivering import deliver_due
from exchange.services.inbox import acknowledge, open_cases
from followup.rules.facts import VisitFacts
from followup.services.corrections import correct_visit
from followup.services.visits import Recorded, record_visit
from tests import factories
from tests.exchange.stand import Packer


@pytest.fixture(scope="session")
def packers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Packer]]:
    """Two warm processes beside the test's, for every test of this worker that wants to see one die."""
    with ExitStack() as stack:
        made = [Packer(tmp_path_factory.mktemp("packer")) for _ in range(2)]
        for packer in made:
            stack.callback(packer.stop)
        yield made


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def facts_of(level: int | None, ago: int = 0, **more: Any) -> VisitFacts:
    plain = {"insight": 1, "basis": "在家中" if level and level >= 3 else ""}
    return VisitFacts(visited_on=days_ago(ago), form="2", seen=("1",), level=level, **{**plain, **more})


def save(by: Any, patient: Any, level: int | None, ago: int = 0, **more: Any) -> Recorded:
    """Record a visit in the person's own reach."""
    with scope(by):
        patient = type(patient).objects.get(pk=patient.pk)
        return record_visit(patient=patient, facts=facts_of(level, ago, **more), form_id=uuid4(), by=by)


def correct(by: Any, recorded: Recorded, level: int | None, ago: int = 0, **more: Any) -> Recorded:
    with scope(by):
        root, visit = recorded.visit.root, recorded.visit
        return correct_visit(root=root, version=visit.version, facts=facts_of(level, ago, **more), by=by)


@pytest.fixture
def told(world: Any) -> Callable[..., list[tuple[str, str, str]]]:
    """(office, kind, level) of every entry of a patient, in the order of writing."""

    def read(patient: Any) -> list[tuple[str, str, str]]:
        with scope(counties=[patient.duty_county]):
            rows = AlertEntry.objects.filter(patient=patient).select_related("alert__agency").order_by("id")
            return [(row.alert.agency.name, row.kind, str(row.level or "")) for row in rows]

    return read


def cases_of(patient: Any) -> dict[str, Alert]:
    """The newest case by office name."""
    with scope(counties=[patient.duty_county]):
        rows = Alert.objects.filter(patient=patient).select_related("agency").order_by("id")
        return {row.agency.name: row for row in rows}


def statuses(patient: Any) -> dict[str, str]:
    return {name: case.status for name, case in cases_of(patient).items()}


def ledger(patient: Any) -> list[Disclosure]:
    with scope(counties=[patient.duty_county]):
        return list(Disclosure.objects.filter(person=patient.uuid).order_by("at", "recipient_name"))


def deliver() -> int:
    return deliver_due()


@contextmanager
def as_partner(user: Any) -> Iterator[None]:
    """A partner's request: the reach of the office, and the database role that reads the partner views only."""
    with transaction.atomic(), scope(user):
        take_on(user)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("RESET ROLE")


def inbox(user: Any) -> list[Card]:
    with as_partner(user):
        return cards([user.agency_id], now=timezone.localtime(), you=user.pk)


def sign(user: Any) -> int:
    """签收 of everything that lies in the inbox."""
    with as_partner(user):
        return sum(acknowledge(case=case, by=user) for case in own_cases([user.agency_id]))


def opened(user: Any) -> dict[str, list[dict[str, str]]]:
    """What the office reads of each case after opening, by number."""
    with as_partner(user):
        cases = {case.uuid: case for case in own_cases([user.agency_id])}
        found = open_cases(cases=cases.values(), by=user)
        return {cases[uuid].number: [entry.content for entry in entries] for uuid, entries in found.items()}


def given(**more: Any) -> Answer:
    plain = {"met": "patient", "met_at": timezone.localtime(), "actions": ("joint_visit",), "result": "calm"}
    return Answer(**{**plain, **more})


def client_of(user: Any) -> Client:
    """A browser of the person's own, beside those of others."""
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client


@pytest.fixture
def lists(world: Any) -> dict[str, Any]:
    """The county, its police and civil affairs with an account each, the exchange clerk, a second person of the office."""
    county = world.county
    offices = {
        kind: factories.make_agency(kind, county)
        for kind in (AgencyKind.POLICE, AgencyKind.CIVIL_AFFAIRS, AgencyKind.DISABLED_FEDERATION)
    }
    health = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    return {
        "county": county, "world": world, "police": world.county_police, "police_office": offices[AgencyKind.POLICE],
        "civil_office": offices[AgencyKind.CIVIL_AFFAIRS],
        "civil": factories.make_user(Role.COUNTY_CIVIL_AFFAIRS, county, offices[AgencyKind.CIVIL_AFFAIRS]),
        "clerk": factories.make_user(Role.EXCHANGE_CLERK, county, health),
        "county_second": factories.make_user(Role.COUNTY_OFFICE, county, health),
        "federation_office": offices[AgencyKind.DISABLED_FEDERATION], "office": world.county_office,
    }  # fmt: skip
