"""What happened to the gravest patients of the demo townships: incidents and emergency disposals."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount, demo_towns
from followup.rules.emergencies import EmergencyFacts
from followup.rules.incidents import IncidentFacts
from followup.services.emergencies import open_emergency, write_emergency
from followup.services.incidents import confirm_incident, record_incident
from registry.models import Clue, Patient
from registry.terms import ClueState


def fill_incidents(county: Division, accounts: Sequence[DemoAccount], *, office: User, seed: int, today: date) -> int:
    """An incident confirmed and one waiting in each demo township, a record written and one to be written."""
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    made = 0
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            found = Patient.objects.filter(duty_township=town.pk, closed_on=None, last_level__gte=3)
            patients = list(found.order_by("-last_level", "-last_visit_on", "pk")[:2])
        for number, patient in enumerate(patients):
            _one(patient, worker, office, number, f"{town.code}|{seed}", today)
            made += 1
    return made


def fill_clue_incidents(county: Division, accounts: Sequence[DemoAccount], *, seed: int, today: date) -> int:
    """In each demo township somebody who has no file yet: the clue has been visited, an incident hangs on it."""
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    made = 0
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            clue = Clue.objects.filter(township=town, state=ClueState.VISITED).order_by("pk").first()
            if clue is None:
                continue
            facts = IncidentFacts(
                happened_at=_moment(today, 1, 20), level=3, minor_trouble=1, place="村文化广场",
                handling="网格员和民警劝离，家属接回",
            )  # fmt: skip
            record_incident(about=clue, facts=facts, form_id=_key(f"{town.code}|{seed}", "clue"), by=worker)
            made += 1
    return made


def _moment(today: date, days: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(hour), timezone.get_current_timezone())


def _key(key: str, what: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"{key}|{what}")


def _one(patient: Patient, worker: User, office: User, number: int, key: str, today: date) -> None:
    key = f"{key}|{number}"
    at = _moment(today, 2 - number, 7 if number else 15)
    facts = IncidentFacts(
        happened_at=at, level=4 if number == 0 else 3, trouble=1, self_harm=1 - number, place="本村小卖部门口",
        harm="推搡店主，打碎玻璃柜", injured=1 - number, loss_yuan=600, police_case=f"试公（行）字 {17 + number} 号",
        handling="民警和村干部到场劝离，精防医生联系监护人",
    )  # fmt: skip
    with scope(worker):
        row = record_incident(about=patient, facts=facts, form_id=_key(key, "incident"), by=worker)
        record = open_emergency(
            about=patient, started_at=at + timedelta(minutes=20), form_id=_key(key, "emergency"), by=worker,
            incident=row,
        )  # fmt: skip
    if number == 0:
        with scope(office):
            confirm_incident(incident=row, source="1", by=office)
        with scope(worker):
            write_emergency(emergency=record, facts=_paper(at, worker), by=worker)


def _paper(at: datetime, worker: User) -> EmergencyFacts:
    known: dict[str, Any] = {
        "report_area": worker.agency.division.name, "report_unit": worker.agency.name,
        "handling_unit": worker.agency.name, "first_place": "本村小卖部门口", "reporter": "村委会值班员",
        "channel": "电话", "reporter_role": "2", "scene": "情绪激动，大声喊叫，可以劝说。", "police": "值班民警 2 人",
        "police_unit": "派出所", "worker": worker.display_name, "reasons": ("3",), "measures": ("1", "4"),
        "diagnosis_sure": "1", "diagnosis": "精神分裂症", "effect": "1", "subject": "1",
        "filled_by": worker.display_name, "filled_on": at.date(),
    }  # fmt: skip
    started = at + timedelta(minutes=20)
    return EmergencyFacts(started_at=started, ended_at=at + timedelta(hours=2), reported_at=at, **known)
