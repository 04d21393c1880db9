"""The state of 一人一方案 follows the newest assessment and the psychiatrist's word."""

from accounts import audit
from followup.models import Plan
from followup.rules.plans import GRAVE_LEVEL, PLAN_MACHINE
from followup.terms import PlanKind, PlanState
from registry.models import Patient


def follow_level(patient: Patient, *, level: int) -> None:
    """The newest assessment moves 一人一方案: below level 3 it waits for its end, at it the plan goes on.

    Called within the act, only where the level crosses the threshold. Source: 邹城 二(五); decisions B21.
    """
    plan = Plan.objects.filter(patient=patient, kind=PlanKind.INDIVIDUAL).exclude(state=PlanState.ENDED).first()
    if plan is None:
        return
    wanted = PlanState.ACTIVE if level >= GRAVE_LEVEL else PlanState.FALLING
    if plan.state != wanted:
        step = PLAN_MACHINE.step(plan.state, wanted)
        plan.state = step.after
        plan.save(update_fields=["state"])
        audit.record(step.action, plan, by=None, person=patient.uuid, facts={"level": level})


def correct_level(patient: Patient, *, before: int | None) -> None:
    """A correction may lower or raise the level that the newest record gives. `before`: what the file said until now."""
    patient.refresh_from_db(fields=["last_level"])
    after = patient.last_level
    if after is not None and after != before and max(after, before or 0) >= GRAVE_LEVEL:
        follow_level(patient, level=after)
