"""One world for the whole matrix: every role once, people in every relation to them, made by the product's services."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from exchange.models import Alert, InboxCase
from exchange.services.delivering import deliver_due
from exchange.services.inbox import acknowledge
from followup.rules.colour_table import START
from followup.rules.facts import Choice, Drug, VisitFacts
from followup.services.colour_tables import activate_table, draft_table
from followup.services.visits import record_visit
from registry.models import IdentityStep, Patient
from registry.rules.person import PersonFacts
from registry.services.addresses import record_address
from registry.services.around import log_training, name_companion, record_social, set_guardianship
from registry.services.consents import sign_consent
from registry.services.death_reports import report_death
from registry.services.moves import move_patient
from registry.services.objections import record_objection
from registry.services.registration import register_patient
from registry.services.scans import keep_scan
from registry.services.sharing import record_sharing_consent
from registry.services.sheets import fill_sheet
from registry.services.status import close_patient, set_status
from reports.rules.months import last_quarter_end
from reports.services.freezes import freeze
from reports.terms import FreezeKind
from tests import factories
from tests.access.canaries import Canary, tokens_for
from tests.exchange.person_notices import send
from tests.exchange.templates import in_force

COUNTY, TOWN_A, TOWN_B, CITY, OTHER_COUNTY = "990001", "990001001", "990001101", "9900", "990002"
A1, A2, B1, C1 = "990001001001", "990001001002", "990001101201", "990002201201"

# Where one person of each role sits. Written by hand: a new role code without a line here fails the matrix.
SEATS: dict[str, tuple[str, AgencyKind]] = {
    "village_clerk": (A1, AgencyKind.VILLAGE_COMMITTEE),
    "village_doctor": (A1, AgencyKind.VILLAGE_CLINIC),
    "township_worker": (TOWN_A, AgencyKind.HEALTH_CENTRE),
    "township_leader": (TOWN_A, AgencyKind.HEALTH_CENTRE),
    "township_police": (TOWN_A, AgencyKind.POLICE),
    "township_political_legal": (TOWN_A, AgencyKind.POLITICAL_LEGAL),
    "township_civil_affairs": (TOWN_A, AgencyKind.CIVIL_AFFAIRS),
    "township_disabled_federation": (TOWN_A, AgencyKind.DISABLED_FEDERATION),
    "hospital": (COUNTY, AgencyKind.HOSPITAL),
    "county_office": (COUNTY, AgencyKind.PREVENTION_OFFICE),
    "psychiatrist": (COUNTY, AgencyKind.HOSPITAL),
    "commission": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "prefecture": (CITY, AgencyKind.HEALTH_COMMISSION),
    "department": (COUNTY, AgencyKind.EDUCATION),
    "exchange_clerk": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "county_police": (COUNTY, AgencyKind.POLICE),
    "county_political_legal": (COUNTY, AgencyKind.POLITICAL_LEGAL),
    "county_civil_affairs": (COUNTY, AgencyKind.CIVIL_AFFAIRS),
    "disabled_federation": (COUNTY, AgencyKind.DISABLED_FEDERATION),
    "judicial": (COUNTY, AgencyKind.JUDICIAL),
    "insurance": (COUNTY, AgencyKind.INSURANCE),
    "finance": (COUNTY, AgencyKind.FINANCE),
    "privacy_officer": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "auditor": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "system_admin": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "security_admin": (COUNTY, AgencyKind.HEALTH_COMMISSION),
    "rehab_site": (TOWN_A, AgencyKind.REHAB_SITE),
}

# relation -> village, level of the newest visit. All stand to the roles that sit at A1, TOWN_A and COUNTY.
PEOPLE = (
    Canary("own_village", A1, 0),
    Canary("own_township", A2, 1),
    Canary("other_township", B1, 2),
    Canary("other_county", C1, 3),
    Canary("moved_out", A1, 4),  # handed over to TOWN_B, level 3 before
    Canary("dead", A1, 5),
    Canary("left", A1, 6),  # closed as moved away, still a file of TOWN_A
    Canary("alerted", A1, 7, level=4),
    Canary("alerted_elsewhere", B1, 8, level=3),
    Canary("fallen", A1, 9, level=1),  # was 3: the alert is closed
    Canary("alerted_abroad", C1, 10, level=3),
)


NOBODY = UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class AccessWorld:
    places: dict[str, Division]
    users: dict[str, User] = field(default_factory=dict)
    people: list[Canary] = field(default_factory=list)
    uuids: dict[str, UUID] = field(default_factory=dict)
    scans: dict[str, UUID] = field(default_factory=dict)
    visits: dict[str, UUID] = field(default_factory=dict)  # relation -> root of the newest visit
    cases: dict[tuple[int, str], UUID] = field(default_factory=dict)  # office, relation -> its newest case
    freeze: UUID = NOBODY  # of the last quarter, made before anything of these people was entered

    def client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.users[role], backend="accounts.backends.AccountBackend")
        return client

    def case_for(self, role: str, relation: str) -> UUID:
        """The case of the role's own office; where it has none, another office's case about the same person."""
        office = self.users[role].agency_id if role else 0
        others = [case for (_office, about), case in self.cases.items() if about == relation]
        return self.cases.get((office, relation)) or next(iter(others), NOBODY)

    def person(self, relation: str) -> Canary:
        return next(person for person in self.people if person.relation == relation)


def build() -> AccessWorld:
    places = factories.make_places()
    world = AccessWorld(places)
    for role, (code, kind) in SEATS.items():
        place = places[code]
        world.users[role] = factories.make_user(Role(role), place, factories.make_agency(kind, place), username=role)
    for kind in (AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL):
        for code in (TOWN_B, "990002201", OTHER_COUNTY):
            factories.make_agency(kind, places[code])
    office_b = _office(places[OTHER_COUNTY])
    _colours(places[COUNTY], world.users["county_office"])
    for code in (TOWN_A, TOWN_B):
        factories.make_agency(AgencyKind.GOVERNMENT, places[code])
    in_force(
        places[COUNTY], "government.sudden_change", clerk=world.users["exchange_clerk"],
        officer=world.users["privacy_officer"],
    )  # fmt: skip
    by = world.users["commission"]
    with scope(by):
        day = last_quarter_end(timezone.localdate())
        world.freeze = freeze(kind=FreezeKind.QUARTER, area=places[COUNTY], as_of=day, by=by).uuid
    for person in PEOPLE:
        whole = Canary(person.relation, person.village, person.serial, person.level, tokens_for(person.serial))
        world.people.append(whole)
        _live(world, whole, office_b if person.village == C1 else world.users["county_office"])
    _tell_governments(world)
    deliver_due()
    _sign_for_all(world)
    return world


def _tell_governments(world: AccessWorld) -> None:
    """A notice about one person of either township, to an office where nobody of the matrix sits."""
    by = world.users["county_office"]
    for relation in ("alerted", "alerted_elsewhere"):
        with scope(by):
            person = Patient.objects.get(uuid=world.uuids[relation])
        send(by, person, "sudden_change")


def _colours(county: Division, office: User) -> None:
    """The county keeps colours; nobody is set aside, so that a proposal to lower one is there."""
    today, table = timezone.localdate(), replace(START, aside=None, aside_when=frozenset())
    with scope(office):
        row = draft_table(county=county, table=table, starts_on=today, basis="试1号", version=None, by=office)
        activate_table(table=row, version=row.version, seen=0, by=office)


def _sign_for_all(world: AccessWorld) -> None:
    """Every office has signed for what it was sent, so that content shows where content may be shown."""
    relation_of = {uuid: relation for relation, uuid in world.uuids.items()}
    with system_scope():
        rows = Alert.objects.order_by("pk").values_list("agency_id", "patient__uuid", "uuid")
        world.cases = {(office, relation_of[patient]): case for office, patient, case in rows}
    for role in ("township_police", "township_political_legal", "county_police", "county_political_legal"):
        user = world.users[role]
        for (office, _relation), case in world.cases.items():
            if office == user.agency_id:
                with scope(user):
                    acknowledge(case=InboxCase.objects.get(uuid=case), by=user)


def _office(county: Division) -> User:
    return factories.make_user(Role.COUNTY_OFFICE, county, factories.make_agency(AgencyKind.PREVENTION_OFFICE, county))


def _live(world: AccessWorld, person: Canary, by: User) -> None:
    """Open the file, record what there is to record, and let happen what the relation says."""
    today = timezone.localdate()
    with scope(by):
        patient = register_patient(facts=_facts(person), by=by)
        world.uuids[person.relation] = patient.uuid
        set_status(
            patient=patient, value="away", on=today - timedelta(days=200), by=by, reason=person.tokens["status_reason"]
        )
        world.scans[person.relation] = keep_scan(
            patient=patient,
            upload=BytesIO(b"\x89PNG\r\n\x1a\n" + person.tokens["scan"].encode()),
            kind="consent",
            by=by,
        ).uuid
        _around(patient, person, today - timedelta(days=150), by)
        before = 3 if person.relation in ("fallen", "moved_out") else 1
        _visit(patient, person, today - timedelta(days=100), 0, by)
        world.visits[person.relation] = _visit(patient, person, today - timedelta(days=6), before, by)
        if person.relation != "moved_out":
            newest = _visit(patient, person, today - timedelta(days=2), person.level or 0, by)
            world.visits[person.relation] = newest
        _end(world, person, Patient.objects.get(pk=patient.pk), by)


def _around(patient: Patient, person: Canary, on: date, by: User) -> None:
    t = person.tokens
    record_address(patient=patient, kind="household", on=on, division=None, detail=t["household_address"], by=by)
    IdentityStep.objects.create(patient=patient, state="waiting", words=t["helper"], on=on, by=by)
    name_companion(patient=patient, role="assistant", on=on, name=t["helper"], phone=t["guardian_phone"], by=by)
    name_companion(patient=patient, role="grid", on=on, name=t["helper"], duty=t["helper"], by=by)
    set_guardianship(patient=patient, state="weak", on=on, note=t["helper"], by=by)
    record_social(
        patient=patient, kind="disability", holds=True, grade=2, number=t["disability_number"], on=on,
        source="disabled_federation", note=t["social"], by=by,
    )  # fmt: skip
    log_training(patient=patient, on=on, topic=t["training"], hours=Decimal(2), attended=t["helper"], by=by)
    record_objection(patient=patient, on=on, made_by="guardian", about="facts", words=t["consent_reason"], by=by)
    record_sharing_consent(
        patient=patient, on=on, agency_kind="political_legal", agreed=False, signer="patient", words=t["consent_reason"],
        by=by,
    )  # fmt: skip
    report_death(patient=patient, agency=by.agency, died_on=on, by=by)
    sign_consent(patient=patient, on=on, path="informed", reason=t["consent_reason"], by=by)
    for form, key in (("basics", "surgery"), ("supplement", "opinion")):
        fill_sheet(patient=patient, form=form, on=on, answers={key: t["sheet"]}, by=by)


def _facts(person: Canary) -> PersonFacts:
    t = person.tokens
    opened = timezone.localdate() - timedelta(days=400)
    return PersonFacts(
        name=t["name"],
        id_number=t["id_number"],
        sex="1" if int(t["id_number"][16]) % 2 else "2",
        birth_on=date(int(t["id_number"][6:10]), int(t["id_number"][10:12]), int(t["id_number"][12:14])),
        residence_code=person.village,
        residence_address=f"{t['address']}村{t['door']}",
        household_address=t["household_address"],
        phone=t["phone"],
        ethnicity="汉族",
        guardian_name=t["guardian_name"],
        guardian_relation="2",
        guardian_phone=t["guardian_phone"],
        guardian_id_number=t["guardian_id_number"],
        diagnosed_on=opened,
        diagnosing_hospital=t["hospital"],
        diagnosis="01",
        icd10=t["icd10"],
        consent=True,
        opened_on=opened,
        disability_number=t["disability_number"],
    )


def _visit(patient: Patient, person: Canary, on: date, level: int, by: User) -> UUID:
    t = person.tokens
    facts = VisitFacts(
        visited_on=on, form="2", seen=("1",), level=level, basis=t["basis"], symptoms=(12,), symptom_text=t["symptom"],
        insight=2, sleep=1, diet=1, self_care=1, housework=1, work=1, learning=1, social=1, hospital=0, lab=2,
        lab_text=t["lab"], adherence=1, side_effect=2, side_effect_text=t["side_effect"], effect=2, referral=2,
        referral_reason=t["referral_reason"], referral_to=t["referral_to"], drugs=(Drug(name=t["drug"], morning="1"),),
        rehab=(5,), rehab_text=t["rehab"],
    )  # fmt: skip
    choice = Choice(deviation_reason=t["deviation"])
    return record_visit(patient=patient, facts=facts, choice=choice, form_id=uuid4(), by=by).visit.root.uuid


def _end(world: AccessWorld, person: Canary, patient: Patient, by: User) -> None:
    today = timezone.localdate()
    facts: dict[str, Any] = {"patient": patient, "by": by, "on": today}
    if person.relation == "moved_out":
        move_patient(**facts, to_township=world.places[TOWN_B], reason="迁居", address=f"{person.tokens['address']}村")
    elif person.relation == "dead":
        close_patient(**facts, value="dead", reason="家属告知", death_cause="1")
    elif person.relation == "left":
        close_patient(**facts, value="moved_out", reason="已接收")
