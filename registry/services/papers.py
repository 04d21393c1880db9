"""What report cards and discharge notices have in common: their number, their step, their place."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can, where
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.rules.machine import Machine
from accounts.terms import Permission
from registry.models import DischargeNotice, Patient, ReportCard
from registry.models.card import AnyPaper
from registry.queries.cards import papers_in
from registry.queries.places import places_by_code
from registry.rules.cards import CARDS
from registry.rules.discharges import DISCHARGES
from registry.services.identity import id_index
from registry.terms import Held

MACHINES: dict[type[AnyPaper], Machine[Any]] = {ReportCard: CARDS, DischargeNotice: DISCHARGES}
Paper = TypeVar("Paper", ReportCard, DischargeNotice)


def next_number(county: Division) -> str:
    """卡片编号, N14: the county's code and a number that only grows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registry_card_number')")
        number: int = cursor.fetchone()[0]
    return f"{county.code[:6]}{number:08d}"


def as_content(said: Mapping[str, Any]) -> dict[str, Any]:
    """Typed answers as JSON keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def place_paper(paper: AnyPaper, said: Mapping[str, Any], home: Division) -> None:
    """Township, county and number index from the answers; `home`: the reporting county, which keeps what has no place."""
    found = places_by_code([str(said.get("residence_code") or "")]).get(str(said.get("residence_code") or ""))
    paper.township_id = found.township if found else None
    paper.county_id = found.county if found else home.pk
    number = str(said.get("id_number") or "")
    paper.id_index = id_index(number) if number and said.get("id_kind") == "01" else None


def county_of(by: User) -> Division:
    """The county of the person's office."""
    division = by.agency.division
    while division.parent is not None and len(division.code) > 6:
        division = division.parent
    return division


def held_paper(paper: Paper, by: User, permission: Permission) -> Paper:
    """The row, held until the transaction ends. Raises: Denied, NotHere."""
    authorise(by, permission)
    row = type(paper)._default_manager.select_for_update().filter(papers_in(where(by, permission)), pk=paper.pk).first()
    if row is None:
        raise NotHere
    return row


def step(paper: AnyPaper, after: str, by: User | None, *, reason: str = "", **facts: Any) -> None:
    """One step: permission, state, row, trail. Reasons about a person stay in the sealed content.

    Raises: Denied, Refused (no such step, or no reason where one is needed).
    """
    machine = MACHINES[type(paper)]
    found = machine.step(paper.state, after)
    if found.who is not None and (by is None or not can(by, found.who)):  # somebody else was first
        raise Refused(f"{machine.label}现在是“{found.before.label}”，这一步由别的单位办理。请回到列表查看。")
    found.demand(reason, field="reason", sentence="请写明原因。")
    was, paper.state = paper.state, after
    if reason:
        paper.content = {**paper.said, "_note": reason}
    paper.save()
    # the hospital does not see the file: its own acts name the card only
    person = Patient.objects.filter(pk=paper.patient_id or 0).values_list("uuid", flat=True).first()
    audit.record(found.action, paper, by=by, person=person, facts={"from": str(was), "to": str(after), **facts})


def lay_with_county(paper: AnyPaper, because: Held) -> None:
    paper.held_on, paper.held_because = timezone.localdate(), because


def take(paper: AnyPaper, by: User | None) -> None:
    paper.accepted_on, paper.accepted_by = timezone.localdate(), by


def follow_file(patient: int) -> None:
    """What was reported of a person goes to whoever keeps the file now: a correction must reach the keeper."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT papers_follow(%s)", [patient])
