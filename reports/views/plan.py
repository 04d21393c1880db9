"""计划: one plan as its pack states it: tasks, meetings, assessments, and its values beside the county's settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.doors import can, requires
from accounts.refusals import NotHere
from accounts.terms import Permission
from reports.queries.packs import adopted_packs
from reports.queries.plan_policy import policy_checks
from reports.rules.ladder import COMMON
from reports.rules.pack import Pack
from reports.views.asked import asked, person

P = Permission


@require_GET
@requires(Permission.VIEW_INDICATORS)
def plan(request: HttpRequest, pack_id: str) -> HttpResponse:
    """A plan that holds where the person works; any other looks like an unknown one."""
    wanted = asked(request)
    found = next((each for each in adopted_packs(wanted.area) if each.id == pack_id), None)
    if found is None:
        raise NotHere
    context = {
        "asked": wanted,
        "pack": found,
        "counts": _counts(found),
        "tasks": [_task(found, index) for index in range(len(found.work.tasks))],
        "policy": policy_checks(found, wanted.area, wanted.cut.as_of),
        "supervision": found.work.supervision,
        "ladder": _ladder(found),
        "supervision_href": reverse("reports:supervisions") if can(person(request), P.VIEW_SUPERVISION) else "",
    }
    return render(request, "reports/plan.html", context)


def _ladder(pack: Pack) -> str:
    said = pack.work.supervision
    if said is None:
        return ""
    names = " → ".join(step.label for step in (said.ladder or COMMON).steps)
    return names if said.ladder else f"{names}（计划没有点名，按{COMMON.clause}）"


def _counts(pack: Pack) -> str:
    inside = f"表内指标 {len(pack.table)} 项"
    more = f"、文中目标 {len(pack.in_text)} 项" if pack.in_text else ""
    return f"{inside}{more}，任务 {len(pack.work.tasks)} 项"


def _task(pack: Pack, index: int) -> dict[str, object]:
    task = pack.work.tasks[index]
    parts = [
        {"label": label, "names": "、".join(names)}
        for label, names in (("牵头", task.lead), ("负责", task.responsible), ("配合", task.support))
        if names
    ]
    return {"task": task, "parts": parts}
