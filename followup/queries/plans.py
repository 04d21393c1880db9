"""Plans as they stand, and who owes one. The patient has come through a door; the wall stands behind."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.doors import where
from accounts.models import Division, User
from accounts.queries.policy import CountyRules
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from followup.models import CaseTeam, Incident, Plan, PlanVersion
from followup.rules.plans import GRAVE_LEVEL, MemberPeriod, PlanFacts, member_periods
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


def members_of(patient: Patient) -> list[MemberPeriod]:
    """Everybody who takes or took part, with days."""
    rows: list[tuple[date, Any]] = [(row.starts_on, row.members) for row in teams_of(patient)]
    return member_periods(rows)


def without_plan(patients: Any) -> Any:
    """Of these patients (through a door), who owes 一人一方案 and has none (rules.plans.plan_is_owed). Source: 邹城 二(五)."""
    plans = Plan.objects.filter(patient=OuterRef("pk"), kind=PlanKind.INDIVIDUAL)
    since = plans.filter(state=PlanState.ENDED, ended_on__gt=OuterRef("last_visit_on"))
    incident = Incident.objects.filter(patient=OuterRef("pk"), state=IncidentState.CONFIRMED)
    grave = Q(last_level__gte=GRAVE_LEVEL) & ~Exists(since)
    return patients.filter(grave | Exists(incident), ~Exists(plans.exclude(state=PlanState.ENDED)), closed_on=None)


def ended_since_assessment(patient: Patient) -> bool:
    """A plan was ended after the day of the newest assessment."""
    ended = Plan.objects.filter(patient=patient, kind=PlanKind.INDIVIDUAL, state=PlanState.ENDED)
    return patient.last_visit_on is not None and ended.filter(ended_on__gt=patient.last_visit_on).exists()


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
            _line(one, "制定方案", _owed_words(one), today, "followup:plan_new")
            for one in without_plan(there).order_by("-last_level", "pk")[:MOST_LINES]
        ]
        if rule["case_management_for_all"]:
            found += _cases(there)
    return [*found, *_reviews(reach, today)]


def _owed_words(patient: Patient) -> str:
    if (patient.last_level or 0) >= GRAVE_LEVEL:
        return f"{patient.last_level} 级，还没有一人一方案"
    return "有已确认的事件，还没有一人一方案"


def _cases(there: Any) -> list[WorkItem]:
    number = without_case(there).count()
    if not number:
        return []
    return [
        WorkItem(
            topic=Topic.FILES, verb="看名单", href=reverse("followup:case_missing"), name="个案管理",
            place="", why=f"{number} 人还没有个案管理方案或团队", due_on=None, urgency=Urgency.LATER,
        )
    ]  # fmt: skip


def without_case(patients: Any) -> Any:
    """Of these patients (through a door), who has no open 个案管理, or no team now. Source: 中原 二(一)."""
    plan = Plan.objects.filter(patient=OuterRef("pk"), kind=PlanKind.CASE).exclude(state=PlanState.ENDED)
    teams = CaseTeam.objects.filter(patient=OuterRef("pk")).order_by("-starts_on")
    found = patients.filter(closed_on=None).annotate(
        has_plan=Exists(plan), team_size=Coalesce(Subquery(teams.values("size")[:1]), 0)
    )
    return found.filter(Q(has_plan=False) | Q(team_size=0))


def case_missing(patients: Any, township: int | None = None) -> Any:
    """The list of them, of one township where one is asked for."""
    found = without_case(patients)
    if township is not None:
        found = found.filter(duty_township=township)
    return found.select_related("village").order_by("duty_township", "village", "pk")


def case_counts(patients: Any) -> list[tuple[int, str, int, int]]:
    """By township: key, name, how many lack 个案管理, of how many open files."""
    whole = Counter(patients.filter(closed_on=None).order_by().values_list("duty_township", flat=True))
    lacking = Counter(without_case(patients).order_by().values_list("duty_township", flat=True))
    names = Division.objects.filter(pk__in=whole).order_by("code").values_list("pk", "name")
    return [(key, usual_name(name), lacking[key], whole[key]) for key, name in names]


def case_is_asked_for(patients: Any, today: date) -> bool:
    """Whether a county in reach wants 个案管理 for everybody."""
    rules = CountyRules(today)
    counties = patients.order_by().values_list("duty_county", flat=True).distinct()
    return any(rules[county]["case_management_for_all"] for county in counties)


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
            else f"{row.get_kind_display()}：{long_day(row.review_on)} 复评"
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
