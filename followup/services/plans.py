"""Making, revising, continuing and ending a plan; its state follows the level."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Conflict, NotHere, Refused
from accounts.terms import Permission
from followup.models import CaseTeam, Plan, PlanVersion
from followup.queries.incidents import open_confirmed
from followup.queries.plans import open_plan, version_facts
from followup.rules.choice import Problem
from followup.rules.plans import GRAVE_LEVEL, PLAN_MACHINE, PlanFacts, problems
from followup.services.refusals import VisitRefused
from followup.services.visits import lock_patient
from followup.terms import PlanKind, PlanState, TeamRole
from registry.models import Patient

MOST_MEMBERS = 12


class AlreadyPlanned(Refused):
    message = "这名患者已经有执行中的方案，请在原方案上修订。"


class FileClosed(Refused):
    message = "档案已经结案，不再制定方案。"


@transaction.atomic
def make_plan(*, patient: Patient, kind: PlanKind, facts: PlanFacts, by: User) -> Plan:
    """Make the plan with its first version. Source: 邹城 二(五); 中原 二(一).

    Raises: Denied, AlreadyPlanned (somebody was first), FileClosed, VisitRefused.
    """
    authorise(by, Permission.MANAGE_PLAN, patient)
    lock_patient(patient)
    if patient.closed_on is not None:
        raise FileClosed
    if open_plan(patient, kind) is not None:
        raise AlreadyPlanned
    _check(kind, facts, None)
    plan = Plan(patient=patient, kind=kind, review_on=facts.review_on, opened_by=by)
    plan.save(force_insert=True)
    _add_version(plan, 1, facts, "", by)
    audit.record("followup.plan.made", plan, by=by, person=patient.uuid, facts={"kind": kind.value})
    return plan


def _check(kind: PlanKind, facts: PlanFacts, newest: date | None) -> None:
    found = problems(kind, facts, today=timezone.localdate(), newest_start=newest)
    if found:
        raise VisitRefused(found)


def _add_version(plan: Plan, number: int, facts: PlanFacts, because: str, by: User) -> PlanVersion:
    row = PlanVersion(
        plan=plan, patient=plan.patient, number=number, starts_on=facts.starts_on, review_on=facts.review_on,
        because=because, content=facts.as_content(), written_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _locked(plan: Plan, by: User) -> tuple[Plan, PlanVersion]:
    authorise(by, Permission.MANAGE_PLAN, plan.patient)
    lock_patient(plan.patient)
    found = Plan.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=plan.pk).first()
    newest = PlanVersion.objects.filter(plan=plan.pk).order_by("-number").first()
    if found is None or newest is None:
        raise NotHere
    return found, newest


@transaction.atomic
def revise_plan(*, plan: Plan, version: int, facts: PlanFacts, because: str, by: User) -> PlanVersion:
    """The review: a new version from its day on, with the next review. A falling plan goes on with it.

    Raises: Denied, Refused, Conflict (somebody revised first), VisitRefused.
    """
    row, newest = _locked(plan, by)
    if row.state == PlanState.ENDED:
        raise Refused("这份方案已经结束，不能再修订。需要时请重新制定。")
    if newest.number != version:
        raise Conflict(theirs=version_facts(newest), mine=facts)
    if not because:
        raise VisitRefused([Problem("because", "请写明复评的结论或修订的原因。")])
    _check(PlanKind(row.kind), facts, newest.starts_on)
    made = _add_version(row, version + 1, facts, because, by)
    if row.state == PlanState.FALLING:
        row.state = PLAN_MACHINE.step(row.state, PlanState.ACTIVE).after
    row.review_on = facts.review_on
    row.save(update_fields=["review_on", "state"])
    audit.record("followup.plan.revised", row, by=by, person=row.patient.uuid, because=because,
                 facts={"version": made.number})  # fmt: skip
    return made


@transaction.atomic
def end_plan(*, plan: Plan, because: str, by: User) -> Plan:
    """End the plan after an assessment. An open confirmed incident keeps 一人一方案 going.

    Source: 邹城 二(五). Raises: Denied, Refused.
    """
    row, _newest = _locked(plan, by)
    step = PLAN_MACHINE.step(row.state, PlanState.ENDED)
    step.demand(because, field="because")
    if row.kind == PlanKind.INDIVIDUAL and row.patient.closed_on is None:
        if open_confirmed(row.patient):
            raise Refused("还有没了结的事件，方案不能结束。先了结事件。")
        # a plan made of free will, for somebody below level 3, waits for no fall
        if row.state == PlanState.ACTIVE and (row.patient.last_level or 0) >= GRAVE_LEVEL:
            raise Refused("等级还没有降下来，方案不能结束。新的评估低于 3 级以后再结束。")
    row.state, row.ended_on, row.ended_because = step.after, timezone.localdate(), because
    row.save(update_fields=["state", "ended_on", "ended_because"])
    audit.record(step.action, row, by=by, person=row.patient.uuid, because=because)
    return row


@transaction.atomic
def set_team(*, patient: Patient, starts_on: date, members: list[dict[str, str]], by: User) -> CaseTeam:
    """Who takes part from a day on. The same day again replaces that day's team. Raises: Denied, VisitRefused."""
    authorise(by, Permission.MANAGE_PLAN, patient)
    lock_patient(patient)
    today = timezone.localdate()
    found: list[Problem] = []
    if not patient.opened_on <= starts_on <= today:
        found.append(Problem("starts_on", "开始日期应在建档日期与今天之间。"))
    if len(members) > MOST_MEMBERS:
        found.append(Problem("members", f"最多 {MOST_MEMBERS} 人。"))
    if len({(one.get("role"), one.get("name")) for one in members}) < len(members):
        found.append(Problem("members", "同一个人以同一职责写了两次。"))
    if any(one.get("role") not in TeamRole.values or not one.get("name") for one in members):
        found.append(Problem("members", "每一行都要有职责和姓名。"))
    if not members and not CaseTeam.objects.filter(patient=patient, size__gt=0).exists():
        found.append(Problem("members", "还没有填写成员。请至少填一人的职责和姓名。"))
    if found:
        raise VisitRefused(found)
    row = CaseTeam.objects.filter(patient=patient, starts_on=starts_on).first()
    values: dict[str, Any] = {
        "members": members, "size": len(members), "written_by": by, "written_at": timezone.now(),
    }  # fmt: skip
    if row is None:
        row = CaseTeam(patient=patient, starts_on=starts_on, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    row.save()
    audit.record("followup.team.set", row, by=by, person=patient.uuid, facts={"on": starts_on.isoformat(),
                                                                              "members": len(members)})  # fmt: skip
    return row
