"""Joint visits as the health side sees them, who may go along, and the lines of 今日工作."""

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.doors import where
from accounts.models import Assignment, User
from accounts.reach import in_reach, reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission, Role
from exchange.models import JointMember, JointVisit
from exchange.terms import JointState
from registry.models import Patient

MEMBERS = (
    Role.TOWNSHIP_POLICE, Role.TOWNSHIP_POLITICAL_LEGAL, Role.TOWNSHIP_CIVIL_AFFAIRS,
    Role.TOWNSHIP_DISABLED_FEDERATION, Role.VILLAGE_CLERK, Role.VILLAGE_DOCTOR,
)  # fmt: skip
MOST_LINES = 100


def candidates(patient: Patient, on: date) -> list[User]:
    """Accounts of the township's group and of the patient's own village that may be asked to go along."""
    there = Q(division=patient.duty_township) | Q(division=patient.village_id)
    rows = Assignment.objects.live(on).filter(there, role__in=MEMBERS, user__is_active=True)
    found = {row.user_id: row.user for row in rows.select_related("user__agency").order_by("role", "user_id")}
    return list(found.values())


def joints_of(patient: Patient) -> list[JointVisit]:
    return list(JointVisit.objects.filter(patient=patient).defer("content").order_by("-planned_at")[:MOST_LINES])


def visible_joints(user: User) -> QuerySet[JointVisit]:
    return JointVisit.objects.filter(in_reach(user)).select_related("patient__village", "arranged_by")


def members_of(joint: JointVisit) -> list[JointMember]:
    return list(JointMember.objects.filter(joint=joint).select_related("user__agency").order_by("pk"))


def joint_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: joint visits of today and tomorrow, and those whose day has passed without a word."""
    reach = where(user, Permission.ARRANGE_JOINT)
    rows = (
        JointVisit.objects.filter(reach_filter(reach), state=JointState.PLANNED)
        .defer("content")
        .select_related("patient__village")
        .order_by("planned_at")[:MOST_LINES]
    )
    found = []
    for row in rows:
        at = row.planned_at.astimezone(timezone.get_current_timezone())
        past = at.date() < today
        found.append(
            WorkItem(
                topic=Topic.VISITS, verb="登记结果" if past else "看协同随访", name=row.patient.name,
                href=reverse("exchange:joint", args=[row.uuid]),
                place=row.patient.village.usual_name if row.patient.village else "",
                why=f"协同随访约在 {long_day(at)} {at:%H:%M}" + ("，还没有登记结果" if past else ""), due_on=at.date(),
                urgency=urgency_of(at.date(), today=today), person=row.patient.uuid,
            )
        )  # fmt: skip
    return found
