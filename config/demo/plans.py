"""Plans and a case team in the demo townships: one for the gravest person, one of 个案管理 whose team has changed."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount, demo_towns
from followup.rules.plans import PlanFacts
from followup.services.plans import make_plan, set_team
from followup.terms import PlanKind
from registry.models import Patient


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    made = 0
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            found = Patient.objects.filter(duty_township=town.pk, closed_on=None)
            for patient in found.filter(last_level__gte=3).order_by("-last_level", "-pk")[:1]:
                make_plan(patient=patient, kind=PlanKind.INDIVIDUAL, facts=_grave(worker, today), by=worker)
                made += 1
            for patient in found.filter(last_level__lt=3, opened_on__lt=today - timedelta(days=60)).order_by("pk")[:1]:
                _case(patient, worker, today)
                made += 1
    return made


def _grave(worker: User, today: date) -> PlanFacts:
    return PlanFacts(
        treatment="每两周随访一次，联系医院调整用药，必要时送医。", guarding="父亲日常看护，村干部每周上门，民警每月联系。",
        responsible=worker.display_name, starts_on=today, review_on=today + timedelta(days=6),
    )  # fmt: skip


def _case(patient: Patient, worker: User, today: date) -> None:
    facts = PlanFacts(
        assessment="病情平稳，能做家务，很少出门。", needs="想找活干，用药靠家属提醒。", goals="三个月内自己按时服药。",
        treatment="学会用药盒，参加镇里的康复活动。", responsible=worker.display_name, starts_on=today,
        review_on=today + timedelta(days=90),
    )  # fmt: skip
    make_plan(patient=patient, kind=PlanKind.CASE, facts=facts, by=worker)
    nurse = {"role": "nurse", "name": "试验护士", "phone": "19900001001"}
    team = [{"role": "worker", "name": worker.display_name, "phone": ""}, nurse]
    set_team(patient=patient, starts_on=today - timedelta(days=50), members=team, by=worker)
    set_team(
        patient=patient,
        starts_on=today - timedelta(days=5),
        members=[team[0], {**nurse, "name": "试验新护士"}],
        by=worker,
    )
