"""A whole report card and discharge notice, for tests that change one answer."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.reach import Reach
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from registry.forms.intake import IntakeForm
from registry.models import DischargeNotice, ReportCard
from registry.queries.cards import work_lines
from registry.queries.places import homes_in
from registry.services.cards import save_card
from registry.services.discharges import send_discharge
from registry.views.report_cards import first_of
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1

DRUG = {"name": "奥氮平", "spec": "5mg", "unit": "mg", "night": "5", "row": 1}


def card_facts(**more: Any) -> dict[str, Any]:
    """Every answer of 表1-3; dates hang on the day of the test."""
    today = timezone.localdate()
    facts = {
        "source": "2", "inpatient_no": "ZY100", "report_type": "2", "name": "报卡甲", "id_kind": "01",
        "id_number": factories.id_number(), "sex": "1", "birth_on": date(1980, 5, 6), "ethnicity": "汉族",
        "household_kind": "2", "contact": "联系人甲", "contact_phone": "19900000011", "contact_relation": "2",
        "residence_code": VILLAGE_A1, "residence_address": "东一社区3组", "residence_kind": "1",
        "household_address": "东一社区3组", "household_address_kind": "1", "education": "70", "marital": "10",
        "employment": "3", "family_history": "2", "onset_on": date(2015, 1, 1), "onset_precision": "1", "treated": "1",
        "treated_on": date(2016, 3, 1), "treated_precision": "2", "past_admissions": 1, "past_locked": "1",
        "past_acts": ["7"], "past_danger": "0", "senders": ["2"], "diagnosing_hospital": "甲县精神卫生中心",
        "diagnosed_on": today - timedelta(days=2), "diagnosis": "01", "icd10": "F20.0", "consent": "1",
        "consent_on": today - timedelta(days=1), "no_drug": "0", "drugs": [DRUG], "doctor": "医师甲", "filled_on": today,
        "department": "精神科", "department_phone": "19900000012",
    }  # fmt: skip
    return {**facts, **more}


def discharge_facts(**more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    facts = {
        "record_no": "BA1", "name": "出院甲", "id_kind": "01", "id_number": factories.id_number(), "sex": "1",
        "birth_on": date(1980, 5, 6), "residence_code": VILLAGE_A1, "residence_address": "东一社区3组",
        "admitted_on": today - timedelta(days=40), "discharged_on": today - timedelta(days=3), "past_admissions": 2,
        "diagnosis": "01", "icd10": "F20.0", "diagnosed_on": date(2018, 1, 1), "past_acts": ["7"], "past_danger": "0",
        "effect": "2", "rehab": ["1"], "no_drug": "0", "drugs": [DRUG], "no_advice": "0", "advice": [DRUG],
        "doctor": "医师甲", "doctor_phone": "19900000012", "filled_on": today,
    }  # fmt: skip
    return {**facts, **more}


def hospital_of(world: Any, name: str = "甲县精神卫生中心") -> Any:
    place = world.places[COUNTY]
    return factories.make_user(Role.HOSPITAL, place, factories.make_agency(AgencyKind.HOSPITAL, place, name))


def sent_card(by: Any, **facts: Any) -> ReportCard:
    with scope(by):
        return save_card(said=card_facts(**facts), form_id=uuid4(), by=by, send=True)


def sent_discharge(by: Any, **facts: Any) -> DischargeNotice:
    with scope(by):
        return send_discharge(said=discharge_facts(**facts), form_id=uuid4(), by=by)


def again(row: Any) -> Any:
    row.refresh_from_db()
    return row


def lines(user: Any, days: int = 0) -> list[tuple[str, str, str]]:
    with scope(user):
        return [
            (line.verb, line.name, line.why) for line in work_lines(user, timezone.localdate() + timedelta(days=days))
        ]


def accepted(card: ReportCard) -> Any:
    """Through the page, as the worker does it."""

    first = {name: value for name, value in first_of(card).items() if value is not None}
    kept = {"id_number": card.said["id_number"], "guardian_phone": card.said["contact_phone"]}
    data = {**{name: str(value) for name, value in first.items()}, "opened_on": timezone.localdate().isoformat()}
    places = homes_in(Reach(townships=frozenset({card.township_id})))
    form = IntakeForm(data, places=places, kept=kept, today=timezone.localdate())
    assert form.is_valid(), form.errors
    return form.facts()
