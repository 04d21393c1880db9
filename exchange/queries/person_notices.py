"""单人告知: which offices are to be told on an occasion, what each would read, and what was told already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Agency, Division, User
from accounts.queries.offices import offices_for
from accounts.reach import in_reach
from accounts.rules.places import whole_address
from accounts.terms import AgencyKind
from exchange.models import PersonNotice, PersonNoticeCopy, RecipientTemplate
from exchange.queries.assessments import newest_visit
from exchange.queries.cases import alert_policy
from exchange.queries.people import contact, responsible_worker
from exchange.queries.snapshots import snapshot_of
from exchange.queries.templates import template_on
from exchange.rules.absence import Standing, is_told
from exchange.rules.readers import row
from exchange.rules.recipient_templates import is_stale
from exchange.rules.snapshot import PersonSnapshot, RowSource
from exchange.terms import PersonNoticeState, Situation
from followup.queries.incidents import told_open
from registry.models import Admission, Patient, TemporaryFile
from registry.queries.places import address_of
from registry.queries.sharing import agrees
from registry.terms import CareStatus

K = AgencyKind


@dataclass(frozen=True)
class Offer:
    """An office that is to be told, its template in force, and exactly what it would read.

    `template` None: it cannot be told; no template yet, or (`unagreed`) one that rests on a consent that is not there.
    """

    agency: Agency
    template: RecipientTemplate | None
    cells: dict[str, str]
    unagreed: bool = False


def offices_to_tell(patient: Patient, situation: str, today: date) -> list[Agency]:
    """Who is to be told on this occasion, the township's own first. What the register has told already is not repeated.

    Source: 邹城 二(三) and 三(一); decisions B20; ADR 25 (who is told what by the register itself).
    """
    find: dict[str, Callable[[Patient, date], Iterable[Agency]]] = {
        Situation.URGENT: lambda one, _day: offices_for(one.duty_township, (K.POLICE, K.POLITICAL_LEGAL)),
        Situation.SUDDEN_CHANGE: lambda one, _day: _of_the_place(one),
        Situation.LOST_REPORT: lambda one, _day: _searching(one),
        Situation.FLOW: _at_the_destination,
        Situation.DISCHARGE: lambda one, _day: _caring(one),
    }
    return list(find[situation](patient, today)) if situation in find else []


def _active(places: Iterable[int | None], *kinds: AgencyKind) -> list[Agency]:
    rows = Agency.objects.filter(division__in=[place for place in places if place], kind__in=kinds, is_active=True)
    return list(rows.select_related("division").order_by("-division__code", "kind", "pk"))


def _of_the_place(patient: Patient) -> list[Agency]:
    """The township's government and the committee of the person's own village. Source: decisions B20."""
    return [*_active([patient.duty_township], K.GOVERNMENT), *_active([patient.village_id], K.VILLAGE_COMMITTEE)]


def _searching(patient: Patient) -> list[Agency]:
    """Of a lost person those who search and the higher 精防机构; of a death only the latter; else nobody: it is not true."""
    higher = _active([patient.duty_county], K.PREVENTION_OFFICE)
    if patient.status != CareStatus.LOST:
        return higher if patient.status == CareStatus.DEAD else []
    return [*offices_for(patient.duty_township, (K.POLICE, K.POLITICAL_LEGAL)), *higher]


def destination_of(patient: Patient) -> TemporaryFile | None:
    rows = TemporaryFile.objects.filter(patient=patient, ended_on=None, to_township__isnull=False)
    return rows.select_related("to_township").first()


def _at_the_destination(patient: Patient, today: date) -> list[Agency]:
    """Police (of whom alerts would be told) and civil affairs there; health there has its temporary file already."""
    file = destination_of(patient)
    if file is None or file.to_township is None:
        return []
    kinds = (K.POLICE, K.CIVIL_AFFAIRS) if _is_watched(patient, today) else (K.CIVIL_AFFAIRS,)
    found = offices_for(file.to_township, kinds)
    abroad = file.to_county_id if file.to_county_id != patient.duty_county else None
    return [*found, *_active([abroad], K.PREVENTION_OFFICE)]


def _staying(patient: Patient) -> str:
    """Where the person is to be found now; empty when only the township is known."""
    file = destination_of(patient)
    told = cast("dict[str, str]", file.told) if file else {}
    where = told.get("address") or ""
    return whole_address(file.to_township.name, "", where) if file and file.to_township and where else ""


def _is_watched(patient: Patient, today: date) -> bool:
    """Police see somebody only while level, incident or search is told to them. Source: security, decided (1)."""
    newest, policy = newest_visit(patient), alert_policy(patient.duty_county, today)
    standing = Standing(newest.level, newest.stability) if newest else Standing()
    told = is_told(CareStatus.AWAY, standing, from_level=policy.from_level, unstable_too=policy.tells_unstable_leaving)
    return told or told_open(patient)


def _caring(patient: Patient) -> list[Agency]:
    """The centre that answers for the person, and the one where the person stays for a while; once there was a discharge."""
    if not Admission.objects.filter(patient=patient, discharged_on__isnull=False).exists():
        return []
    file = destination_of(patient)
    there = file.to_township_id if file else None
    abroad = file.to_county_id if file and file.to_county_id != patient.duty_county else None
    return [*_active([patient.duty_township, there], K.HEALTH_CENTRE), *_active([abroad], K.PREVENTION_OFFICE)]


def offers(
    patient: Patient, situation: str, today: date, *, by: User | None, but: Iterable[int | None] = ()
) -> list[Offer]:
    """What each office would read, from the record as it stands. `but`: offices that know it, as they entered it."""
    return drawn(patient, situation, today, _besides(offices_to_tell(patient, situation, today), but), by=by)


def _besides(agencies: Iterable[Agency], but: Iterable[int | None]) -> list[Agency]:
    known = set(but)
    return [agency for agency in agencies if agency.pk not in known]


def drawn(
    patient: Patient, situation: str, today: date, agencies: Iterable[Agency], *, by: User | None
) -> list[Offer]:  # fmt: skip
    """The cells of these offices' templates: nothing but the template says what is in them (ADR 11)."""
    county = Division.objects.get(pk=patient.duty_county)
    templates: dict[str, RecipientTemplate | None] = {}
    found, person = [], None
    for agency in agencies:
        if agency.kind not in templates:
            templates[agency.kind] = _in_force(county, agency.kind, situation, today)
        template = templates[agency.kind]
        if template is None:
            found.append(Offer(agency, None, {}))
            continue
        if template.asks and not agrees(patient, template.asks, today):
            found.append(Offer(agency, None, {}, unagreed=True))
            continue
        if person is None:
            person = at_once(patient, county, today, by)
            if situation == Situation.FLOW:
                person = replace(person, address=_staying(patient) or person.address)
        items = [item for part in template.parts for item in part.items]
        cells = zip(items, row(items, RowSource(today, person)), strict=True)
        found.append(Offer(agency, template, {item.value: said for item, said in cells}))
    return found


def _in_force(county: Division, kind: str, situation: str, today: date) -> RecipientTemplate | None:
    template = template_on(county, kind, situation, today)
    return None if template is None or is_stale(template.assessed_on, today) else template


def at_once(patient: Patient, county: Division, today: date, by: User | None) -> PersonSnapshot:
    """The person today: what packages draw from, with the responsible doctor and the newest stay in hospital."""
    person = snapshot_of(patient, county, today) or PersonSnapshot()
    worker, phone = contact(responsible_worker(patient, by, today))
    stay = Admission.objects.filter(patient=patient, admitted_on__lte=today).order_by("-admitted_on").first()
    return replace(
        person,
        address=address_of(patient),  # it leaves alone: with the places that it lies in
        worker=worker,
        worker_phone=phone,
        admitted_on=stay.admitted_on if stay else None,
        discharged_on=stay.discharged_on if stay else None,
    )


def is_prepared(county: int, situation: str, today: date) -> bool:
    """Whether the county has any template for the occasion: without one nothing could be told."""
    rows = RecipientTemplate.objects.filter(county=county, situation=situation, starts_on__lte=today, state="active")
    return rows.exists()


@dataclass(frozen=True)
class NoticeLine:
    """One 单人告知 on the patient's page, and which offices have signed for it."""

    row: PersonNotice
    copies: list[PersonNoticeCopy]


def notices_of(patient: Patient) -> list[NoticeLine]:
    """The newest first."""
    rows = list(PersonNotice.objects.filter(patient=patient).select_related("released_by").order_by("-pk"))
    told: dict[int, list[PersonNoticeCopy]] = {row.pk: [] for row in rows}
    copies = PersonNoticeCopy.objects.filter(notice__in=rows, delivered_at__isnull=False)
    for copy in copies.defer("content").select_related("agency").order_by("pk") if rows else ():
        told[copy.notice_id].append(copy)
    return [NoticeLine(row, told[row.pk]) for row in rows]


def notice_for(user: User, uuid: UUID) -> PersonNotice | None:
    rows = PersonNotice.objects.filter(in_reach(user), uuid=uuid)
    return rows.select_related(
        "patient__village", "county", "first_by", "released_by", "ended_by", "opened_by", "corrects"
    ).first()


def copies_of(notice: PersonNotice) -> list[PersonNoticeCopy]:
    rows = PersonNoticeCopy.objects.filter(notice=notice)
    return list(
        rows.select_related("agency", "template", "seen_by", "acknowledged_by", "end_acknowledged_by").order_by("pk")
    )


def waiting_of(patient: Patient, situation: str) -> PersonNotice | None:
    """What the system has asked for and nobody has sent or declined."""
    rows = PersonNotice.objects.filter(patient=patient, situation=situation, state=PersonNoticeState.PENDING)
    return rows.order_by("pk").first()


def live_copies(patient: int) -> QuerySet[PersonNoticeCopy]:
    """Copies that their offices read."""
    return PersonNoticeCopy.objects.filter(
        patient=patient, delivered_at__isnull=False, ended_at=None, notice__state=PersonNoticeState.SENT
    )
