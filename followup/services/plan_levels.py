"""The state of 一人一方案 follows the newest assessment."""

from accounts import audit
from followup.models import Plan
from followup.rules.plans import PLAN_MACHINE
from followup.terms import PlanKind, PlanState
from registry.models import Patient


def follow_level(patient: Patient, *, level: int, from_level: int) -> None:
    """The newest assessment moves 一人一方案: below the threshold it waits for its end, at it the plan goes on.

    Called within record_visit, only where the level crosses the threshold.
    """
    plan = Plan.objects.filter(patient=patient, kind=PlanKind.INDIVIDUAL).exclude(state=PlanState.ENDED).first()
    if plan is None:
        return
    wanted = PlanState.ACTIVE if level >= from_level else PlanState.FALLING
    if plan.state != wanted:
        step = PLAN_MACHINE.step(plan.state, wanted)
        plan.state = step.after
        plan.save(update_fields=["state"])
        audit.record(step.action, plan, by=None, person=patient.uuid, facts={"level": level})
