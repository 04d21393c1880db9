"""Plans as they stand, and who owes one. The patient has come through a door; the wall stands behind."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.queries.policy import CountyRules
from accounts.reach import reach_filter
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from followup.models import CaseTeam, Incident, Plan, PlanVersion
from followup.rules.plans import PlanFacts
from followup.terms import IncidentState, PlanKind, PlanState
from registry.models import Patient

AHEAD = 7
MOST_LINES = 200


def plans_of(patient: Patient) -> list[Plan]:
    return list(Plan.objects.filter(patient=patient).select_related("opened_by").order_by("-pk"))


def open_plan(patient: Patient, kind: str) -> Plan | None:
    return Plan.objects.filter(patient=patient, kind=kind).exclude(state=PlanState.ENDED).first()


def versions_of_plan(plan: Plan) -> list[tuple[PlanVersion, PlanFacts]]:
    """Newest first."""
    rows = PlanVersion.objects.filter(plan=plan).select_related("written_by").order_by("-number")
    return [(row, version_facts(row)) for row in rows]


def version_facts(row: PlanVersion) -> PlanFacts:
    content: Any = row.content
    return PlanFacts.of(content, row.starts_on, row.review_on)


def teams_of(patient: Patient) -> list[CaseTeam]:
    """Newest first; the first of them holds."""
    return list(CaseTeam.objects.filter(patient=patient).select_related("written_by").order_by("-starts_on"))


def without_plan(patients: Any, from_level: int) -> Any:
    """Of these patients (through a door), who owes 一人一方案 and has none. Source: 邹城 二(五)."""
    has = Plan.objects.filter(patient=OuterRef("pk"), kind=PlanKind.INDIVIDUAL).exclude(state=PlanState.ENDED)
    incident = Incident.objects.filter(patient=OuterRef("pk"), state=IncidentState.CONFIRMED)
    return patients.filter(Q(last_level__gte=from_level) | Exists(incident), ~Exists(has), closed_on=None)


def plan_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: who owes a plan, whose review is near, whose level fell; and how many lack 个案管理 where all need it."""
    reach = where(user, Permission.MANAGE_PLAN)
    mine = Patient.objects.filter(reach_filter(reach, patient="")).select_related("village")
    if not (reach.townships or reach.counties or reach.patients):
        return []
    rules = CountyRules(today)
    found: list[WorkItem] = []
    for county in set(mine.values_list("duty_county", flat=True).distinct()):
        rule = rules[county]
        there = mine.filter(duty_county=county)
        found += [
            _line(one, "制定方案", _owed_words(one, int(rule["alert_from_level"])), today, "followup:plan_new")
            for one in without_plan(there, int(rule["alert_from_level"])).order_by("-last_level", "pk")[:MOST_LINES]
        ]
        if rule["case_management_for_all"]:
            found += _cases(there)
    return [*found, *_reviews(reach, today)]


def _owed_words(patient: Patient, from_level: int) -> str:
    if (patient.last_level or 0) >= from_level:
        return f"{patient.last_level} 级，还没有一人一方案"
    return "有已确认的事件，还没有一人一方案"


def _cases(there: Any) -> list[WorkItem]:
    has = Plan.objects.filter(patient=OuterRef("pk"), kind=PlanKind.CASE).exclude(state=PlanState.ENDED)
    number = there.filter(~Exists(has), closed_on=None).count()
    if not number:
        return []
    return [
        WorkItem(
            topic=Topic.FILES, verb="看名单", href=reverse("followup:case_missing"), name="个案管理",
            place="", why=f"{number} 人还没有个案管理方案", due_on=None, urgency=Urgency.LATER,
        )
    ]  # fmt: skip


def case_missing(patients: Any) -> Any:
    """Of these patients (through a door), who has no open 个案管理."""
    has = Plan.objects.filter(patient=OuterRef("pk"), kind=PlanKind.CASE).exclude(state=PlanState.ENDED)
    return patients.filter(~Exists(has), closed_on=None).select_related("village").order_by("village", "pk")


def _reviews(reach: Any, today: date) -> list[WorkItem]:
    rows = (
        Plan.objects.filter(reach_filter(reach), patient__closed_on=None)
        .exclude(state=PlanState.ENDED)
        .filter(Q(state=PlanState.FALLING) | Q(review_on__lte=today + timedelta(days=AHEAD)))
        .select_related("patient__village")
        .order_by("review_on")[:MOST_LINES]
    )
    found = []
    for row in rows:
        falling = row.state == PlanState.FALLING
        why = (
            f"{row.get_kind_display()}：等级已下降，评估后结束或继续"
            if falling
            else f"{row.get_kind_display()}：{row.review_on:%m-%d} 复评"
        )
        found.append(
            WorkItem(
                topic=Topic.FILES, verb="评估方案" if falling else "复评", href=reverse("followup:plan", args=[row.uuid]),
                name=row.patient.name, place=row.patient.village.usual_name if row.patient.village else "", why=why,
                due_on=row.review_on, urgency=urgency_of(row.review_on, today=today), person=row.patient.uuid,
            )
        )  # fmt: skip
    return found


def _line(patient: Patient, verb: str, why: str, today: date, page: str) -> WorkItem:
    return WorkItem(
        topic=Topic.DANGER, verb=verb, href=reverse(page, args=[patient.uuid]),
        name=patient.name, place=patient.village.usual_name if patient.village else "", why=why, due_on=today,
        urgency=Urgency.DANGER, person=patient.uuid,
    )  # fmt: skip
