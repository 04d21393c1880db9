"""Clues, report cards and discharge notices of the last weeks, so that the rooms of the hospital are not empty."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Assignment, Division, User
from accounts.queries.places import villages_under
from accounts.scope import scope
from accounts.terms import Role
from config.demo import names
from config.demo.chance import dice
from config.demo.staff import DemoAccount, demo_towns
from registry.models import Clue, Patient
from registry.rules.clues import ClueEntry, Outcome
from registry.services.cards import save_card
from registry.services.clues import assign_clue, enter_clue, record_survey, send_clue, settle_clue
from registry.services.county_papers import hold_paper
from registry.services.discharges import accept_discharge, send_discharge
from registry.terms import ClueState, Held

CLUES_A_TOWN = 5
SOURCES = ("village", "police", "family", "federation", "civil_affairs")
DRUG = {"name": "奥氮平", "spec": "5mg", "unit": "mg", "night": "10", "row": 1}
S = ClueState


def fill(county: Division, accounts: Sequence[DemoAccount], *, seed: int, today: date) -> int:
    """A few of each in the first townships. Answers how many papers there are."""
    hospital = _person(accounts, Role.HOSPITAL)
    made = 0
    for number, town in enumerate(demo_towns(county)):
        draw = dice(town.code, seed, "hospital")
        worker = _worker(town)
        if worker is None:
            continue
        for turn in range(CLUES_A_TOWN):
            made += _clue(town, turn, worker, draw, today)
        for turn in range(3):
            made += _card(town, turn, hospital, worker, draw, today)
        made += _discharge(town, number, hospital, worker, draw, today)
    return made


def _person(accounts: Sequence[DemoAccount], role: Role) -> User:
    name = next(account.username for account in accounts if account.role == role)
    return User.objects.select_related("agency__division__parent__parent").get(username=name)


def _worker(town: Division) -> User | None:
    row = Assignment.objects.filter(division=town, role=Role.TOWNSHIP_WORKER).order_by("id").first()
    return User.objects.select_related("agency__division").get(pk=row.user_id) if row else None


def _number(*key: object) -> Any:
    return uuid5(NAMESPACE_OID, "|".join(map(str, key)))


def _village(town: Division, draw: Random) -> Division | None:
    villages = list(villages_under(town))
    return draw.choice(villages) if villages else None


def _clue(town: Division, turn: int, worker: User, draw: Random, today: date) -> int:
    """One clue in each of the first states: reported, assigned, visited, sent, watched."""
    village, form = _village(town, draw), _number(town.code, "clue", turn)
    told = {"name": names.full_name(draw, "1"), "sex": "1", "age": draw.randint(19, 66), "address": "公路边第二排",
            "phone": f"1990000{draw.randint(0, 9999):04d}"}  # fmt: skip
    items = tuple(sorted(draw.sample(range(1, 10), 2)))
    found = today - timedelta(days=draw.randint(3, 9))
    entry = ClueEntry(town.pk, village.pk if village else None, SOURCES[turn], items, found, told)
    with scope(worker):
        enter_clue(entry=entry, form_id=form, by=worker)
        clue = Clue.objects.get(form_id=form)
        if turn == 1:  # the village has met the same man
            again = replace(entry, source=SOURCES[0], told={**told, "phone": None, "contact": "邻居甲"})
            enter_clue(entry=again, form_id=_number(town.code, "again", turn), by=worker)
        if turn > 0:
            assign_clue(clue=clue, to=worker, by=worker)
        if turn > 1:
            learned = {"found": "自言自语，家属愿意带去诊断。", "advice": "1"}
            record_survey(clue=clue, on=found + timedelta(days=1), items=items, learned=learned, by=worker)
        if turn > 2:
            send_clue(clue=clue, on=found + timedelta(days=2), hospital="县精神卫生中心", by=worker)
        if turn > 3:
            outcome = Outcome(S.WATCHED, today, again_on=today + timedelta(days=60), reason="诊断不明确，观察两个月")
            settle_clue(clue=clue, outcome=outcome, by=worker)
    return 1


def _identity(draw: Random) -> dict[str, Any]:
    """No citizen's number: an invented officer's paper, so that no check digit has to be forged."""
    return {"name": names.full_name(draw, "1"), "sex": "1", "birth_on": date(draw.randint(1962, 2003), 3, 14),
            "id_kind": "99", "id_number": f"S{draw.randint(100000, 999999)}"}  # fmt: skip


def _card(town: Division, turn: int, hospital: User, worker: User, draw: Random, today: date) -> int:
    """A card to accept, one sent back to the county, and one not finished."""
    home = _village(town, draw) or town
    said = {
        **_identity(draw), "source": "2", "inpatient_no": f"ZY{draw.randint(1000, 9999)}", "report_type": "2",
        "ethnicity": "汉族", "household_kind": "2", "contact": names.full_name(draw, "2"),
        "contact_phone": f"1990000{draw.randint(0, 9999):04d}", "contact_relation": "2", "residence_code": home.code,
        "residence_address": "村口第三家", "residence_kind": "1", "household_address_kind": "1", "education": "70",
        "marital": "10", "employment": "3", "family_history": "2", "onset_on": date(2012, 1, 1),
        "onset_precision": "1", "treated": "1", "treated_on": date(2013, 1, 1), "treated_precision": "1",
        "past_admissions": 1, "past_locked": "1", "past_acts": ["7"], "past_danger": "0", "senders": ["2"],
        "diagnosing_hospital": hospital.agency.name, "diagnosed_on": today - timedelta(days=6), "diagnosis": "01",
        "icd10": "F20.0", "consent": "1", "consent_on": today - timedelta(days=6), "no_drug": "0", "drugs": [DRUG],
        "doctor": names.full_name(draw, "1"), "filled_on": today, "department": "精神科",
        "department_phone": "19900000012",
    }  # fmt: skip
    if turn == 2:
        said = {name: said[name] for name in ("name", "diagnosed_on", "residence_code", "id_kind", "source")}
    with scope(hospital):
        card = save_card(said=said, form_id=_number(town.code, "card", turn), by=hospital, send=turn < 2)
    if turn == 1:
        with scope(worker):
            hold_paper(paper=card, because=Held.ADDRESS, reason="派出所协查，查无此址。", by=worker)
    return 1


def _discharge(town: Division, number: int, hospital: User, worker: User, draw: Random, today: date) -> int:
    """Two discharges of registered people of the township: one waits, one is accepted and its first visit due."""
    with scope(worker):
        people = list(
            Patient.objects.filter(duty_township=town.pk, closed_on=None, status="managed", id_index__isnull=False)
            .filter(opened_on__lt=today - timedelta(days=60)).order_by("pk")[number : number + 2]
        )  # fmt: skip
        found = [(person, person.id_number) for person in people]
    for turn, (person, id_number) in enumerate(found):
        said = {
            "record_no": f"BA{draw.randint(1000, 9999)}", "name": person.name, "id_kind": "01", "id_number": id_number,
            "sex": person.sex or "1", "birth_on": person.birth_on or date(1980, 1, 1), "residence_code": town.code,
            "residence_address": "在家", "admitted_on": today - timedelta(days=35),
            "discharged_on": today - timedelta(days=1), "past_admissions": 2, "diagnosis": "01", "icd10": "F20.0",
            "diagnosed_on": person.diagnosed_on or date(2015, 1, 1), "past_acts": ["7"], "past_danger": "0",
            "effect": "2", "rehab": ["1", "4"], "no_drug": "0", "drugs": [DRUG], "no_advice": "0", "advice": [DRUG],
            "doctor": names.full_name(draw, "1"), "doctor_phone": "19900000012", "filled_on": today,
        }  # fmt: skip
        with scope(hospital):
            notice = send_discharge(said=said, form_id=_number(town.code, "discharge", turn), by=hospital)
        if turn == 1:
            with scope(worker):
                accept_discharge(notice=notice, patient=Patient.objects.get(pk=person.pk), by=worker)
    return len(found)
