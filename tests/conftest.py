"""The cast: one small world of two counties, and the people of the matrix who live in it."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from accounts.models import Division, User
from accounts.services import pdf, pdf_child
from accounts.terms import AgencyKind, Role
from tests import factories

# A busy machine is no failure: nothing in the suite is judged by how long it takes.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

COUNTY, TOWN_A, TOWN_B = "990001", "990001001", "990001101"
OTHER_COUNTY, TOWN_C = "990002", "990002201"
VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1 = "990001001001", "990001001002", "990001101201", "990002201201"

# name -> role, division, kind of agency
CAST: dict[str, tuple[Role, str, AgencyKind]] = {
    "village_doctor": (Role.VILLAGE_DOCTOR, VILLAGE_A1, AgencyKind.VILLAGE_CLINIC),
    "worker": (Role.TOWNSHIP_WORKER, TOWN_A, AgencyKind.HEALTH_CENTRE),
    "worker_b": (Role.TOWNSHIP_WORKER, TOWN_B, AgencyKind.HEALTH_CENTRE),
    "leader": (Role.TOWNSHIP_LEADER, TOWN_A, AgencyKind.HEALTH_CENTRE),
    "psychiatrist": (Role.PSYCHIATRIST, COUNTY, AgencyKind.HOSPITAL),
    "hospital": (Role.HOSPITAL, COUNTY, AgencyKind.HOSPITAL),
    "county_office": (Role.COUNTY_OFFICE, COUNTY, AgencyKind.PREVENTION_OFFICE),
    "commission": (Role.COMMISSION, COUNTY, AgencyKind.HEALTH_COMMISSION),
    "police": (Role.TOWNSHIP_POLICE, TOWN_A, AgencyKind.POLICE),
    "police_b": (Role.TOWNSHIP_POLICE, TOWN_B, AgencyKind.POLICE),
    "political_legal": (Role.TOWNSHIP_POLITICAL_LEGAL, TOWN_A, AgencyKind.POLITICAL_LEGAL),
    "county_police": (Role.COUNTY_POLICE, COUNTY, AgencyKind.POLICE),
    "county_political_legal": (Role.COUNTY_POLITICAL_LEGAL, COUNTY, AgencyKind.POLITICAL_LEGAL),
    "department": (Role.DEPARTMENT, COUNTY, AgencyKind.EDUCATION),
    "privacy_officer": (Role.PRIVACY_OFFICER, COUNTY, AgencyKind.HEALTH_COMMISSION),
    "auditor": (Role.AUDITOR, COUNTY, AgencyKind.HEALTH_COMMISSION),
    "security_admin": (Role.SECURITY_ADMIN, COUNTY, AgencyKind.HEALTH_COMMISSION),
    "system_admin": (Role.SYSTEM_ADMIN, COUNTY, AgencyKind.HEALTH_COMMISSION),
    "stranger": (Role.TOWNSHIP_WORKER, TOWN_C, AgencyKind.HEALTH_CENTRE),
}
# every town has its offices, whether or not a person of the cast sits there
OFFICES = [
    (kind, place)
    for kind in (AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL)
    for place in (TOWN_A, TOWN_B, TOWN_C, COUNTY, OTHER_COUNTY)
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a minute begin first: otherwise one process waits for the last of another."""
    items.sort(key=lambda item: item.path.parent.name not in {"journeys", "ops"})


def pytest_collection_finish() -> None:
    """What is loaded now stays: the collector need not look through it again a hundred times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@dataclass
class World:
    """`world.worker` is a member of the cast, `world.places[code]` a division, `world.patient("东", ...)` a new file."""

    places: dict[str, Division]
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        if name.startswith("_") or name not in CAST:
            raise AttributeError(name)
        if name not in self.users:
            role, code, kind = CAST[name]
            place = self.places[code]
            self.users[name] = factories.make_user(role, place, factories.make_agency(kind, place), username=name)
        return self.users[name]

    @property
    def county(self) -> Division:
        return self.places[COUNTY]

    @property
    def town_a(self) -> Division:
        return self.places[TOWN_A]

    @property
    def town_b(self) -> Division:
        return self.places[TOWN_B]

    @property
    def town_c(self) -> Division:
        return self.places[TOWN_C]

    def patient(self, village: str = VILLAGE_A1, name: str = "试验患者", **facts: Any) -> Any:
        return factories.make_patient(self.places[village], name, **facts)


@pytest.fixture(scope="session", autouse=True)
def warm_pdf_engine() -> None:
    """The engine that has printed once prints ten times as fast; `pdf_in_a_child` is for what only the real one has."""
    pdf.engine = pdf_child.answer


@pytest.fixture
def pdf_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "engine", pdf.in_a_child)


def make_world() -> World:
    places = factories.make_places()
    factories.make_offices(*((kind, places[code]) for kind, code in OFFICES))
    return World(places)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def log_in(client: Any) -> Callable[[User], Any]:
    """A test client that is this person, past password and code."""

    def enter(user: User) -> Any:
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return enter
