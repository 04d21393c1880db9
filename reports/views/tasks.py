"""任务台账: the list with its filters, and one task with everything that was said of it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.doors import can, requires
from accounts.models import User
from accounts.terms import AgencyKind, Permission
from reports.doors import findings_for, open_task, tasks_for
from reports.models import Task
from reports.queries.packs import plan_names
from reports.queries.supervision import in_order_of_term, with_finding_lines
from reports.queries.supervision_work import waiting_for
from reports.queries.tasks import (
    MEETINGS,
    Behind,
    Filters,
    filtered,
    given_on,
    in_order,
    in_state,
    late_by_office,
    late_by_place,
    notes_of,
    offices_in,
    places_in,
    state_counts,
    with_lines,
)
from reports.rules.pack_work import due_words
from reports.rules.tasks import TASKS, pressing
from reports.terms import NoteKind, TaskPart, TaskState
from reports.views.asked import person
from reports.views.supervision_lines import Lines

PAGE = 20
STATE_NAMES = {
    "open": "没办完的", "late": "逾期", "waiting": "待确认", "done": "已完成", "dropped": "不再办理", "all": "全部",
}  # fmt: skip
# What stands in the address for a step with a reason: where it leads and the line of the history.
ACTS = {
    "return": (TaskState.REPORTED, TaskState.WORKING, NoteKind.RETURNED),
    "reopen": (TaskState.DONE, TaskState.WORKING, NoteKind.REOPENED),
    "drop": (TaskState.WORKING, TaskState.DROPPED, NoteKind.DROPPED),
    "resume": (TaskState.DROPPED, TaskState.WORKING, NoteKind.RESUMED),
}


@require_GET
@requires(Permission.VIEW_TASKS)
def tasks(request: HttpRequest) -> HttpResponse:
    """What presses first; a department finds its own, the commission every one."""
    user, today = person(request), timezone.localdate()
    wanted = _wanted(request)
    everything = tasks_for(user, Permission.VIEW_TASKS)
    chosen = filtered(everything, wanted, today, user)
    page = Paginator(in_order(with_lines(in_state(chosen, wanted.state, today))), PAGE).get_page(
        request.GET.get("page")
    )
    counts = state_counts(chosen, today)
    names = plan_names(everything.exclude(pack="").order_by().values_list("pack", flat=True).distinct())
    context = {
        "lines": [line_of(task, names, today) for task in page],
        "page": page,
        "states": [_choice(wanted, "state", key, name, counts[key]) for key, name in STATE_NAMES.items()],
        "picks": _picks(everything, wanted, names),
        "mine": wanted.mine,
        "state": wanted.state,
        "offices": _behind(late_by_office(chosen, today), wanted, "office"),
        "places": _behind(late_by_place(chosen, today), wanted, "place"),
        "is_narrowed": wanted != Filters(state=wanted.state),
        "may_keep": can(user, Permission.KEEP_TASKS),
        "supervision": _supervision(user, today),
    }
    return render(request, "reports/tasks.html", context)


def _supervision(user: User, today: date) -> dict[str, str] | None:
    """The way to 督导整改, with what waits there for the person."""
    if not can(user, Permission.VIEW_SUPERVISION):
        return None
    waits = waiting_for(user, today)
    return {"href": reverse("reports:supervisions"), "label": f"督导整改（待办 {waits}）" if waits else "督导整改"}


def _wanted(request: HttpRequest) -> Filters:
    state = request.GET.get("state", "open")
    office = request.GET.get("office", "")
    return Filters(
        state=state if state in STATE_NAMES else "open",
        office=office if office in AgencyKind.values else "",
        place=_plain(request.GET.get("place", "")),
        pack=_plain(request.GET.get("pack", "")),
        mine=request.GET.get("mine") == "1",
    )


def _plain(text: str) -> str:
    """A code or an id; anything else matches nothing anyway, and some of it no database takes."""
    return text if text.isascii() and text.replace("-", "").isalnum() and len(text) <= 40 else ""


def _address(wanted: Filters, **changed: str) -> str:
    kept = {
        "state": wanted.state, "office": wanted.office, "place": wanted.place, "pack": wanted.pack,
        "mine": "1" if wanted.mine else "",
    } | changed  # fmt: skip
    said = {key: value for key, value in kept.items() if value and (key, value) != ("state", "open")}
    return reverse("reports:tasks") + (f"?{urlencode(said)}" if said else "")


def _choice(wanted: Filters, key: str, value: str, label: str, count: int) -> dict[str, Any]:
    return {
        "label": label,
        "count": count,
        "href": _address(wanted, **{key: value}),
        "current": getattr(wanted, key) == value,
    }


def _picks(everything: Any, wanted: Filters, names: dict[str, str]) -> list[dict[str, Any]]:
    """The selects above the list: only those with something to choose."""
    sources = [*names.items(), (MEETINGS, "联席会议决议")] if names else []
    groups = (
        ("pack", "来源", sources),
        ("office", "部门", offices_in(everything)),
        ("place", "交给", places_in(everything)),
    )
    return [
        {"name": name, "label": label, "options": options, "value": getattr(wanted, name)}
        for name, label, options in groups
        if len(options) > 1 or getattr(wanted, name)
    ]


def _behind(rows: list[Behind], wanted: Filters, key: str) -> list[dict[str, Any]]:
    return [
        {"label": row.label, "count": row.count, "href": _address(wanted, state="late", **{key: row.value})}
        for row in rows
    ]


def line_of(task: Task, names: dict[str, str], today: Any) -> dict[str, Any]:
    """One task in words; `task` comes from with_lines."""
    near = pressing(task.state, task.due_on, today)
    state = TaskState(task.state)
    return {
        "task": task,
        "href": reverse("reports:task", args=[task.uuid]),
        "source": _source(task, names),
        "parts": parts_of(task),
        "due": due_words(task.due_on),
        "near": near,
        "state": state,
        "given": f"交给 {task.given_n} 个地方，办完 {task.given_done_n} 个" if getattr(task, "given_n", 0) else "",
    }


def _source(task: Task, names: dict[str, str]) -> str:
    return task.clause if task.meeting_id else f"{names.get(task.pack, task.pack)} {task.clause}"


def parts_of(task: Task) -> list[dict[str, str]]:
    """牵头、负责、配合, each with its names; of a task that was given on, the place it was given to."""
    parties = list(task.parties.all())  # type: ignore[attr-defined]
    found = [
        {"label": str(part.label), "names": "、".join(party.name for party in parties if party.part == part)}
        for part in TaskPart
    ]
    if task.parent_id:
        return [{"label": "交给", "names": task.area.name}]
    return [part for part in found if part["names"]]


@require_GET
@requires(Permission.VIEW_TASKS)
def task(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    found = with_lines(tasks_for(user, Permission.VIEW_TASKS)).get(pk=open_task(user, uuid, Permission.VIEW_TASKS).pk)
    context = {
        **line_of(found, plan_names([found.pack] if found.pack else []), today),
        "notes": notes_of(found),
        "children": [_child(child, today) for child in given_on(found)],
        "findings": _findings(found, user, today),
        **_doable(found, user),
    }
    return render(request, "reports/task.html", context)


def _findings(found: Task, user: User, today: date) -> list[dict[str, Any]]:
    """What a supervision has found about the task, for those who may see it."""
    if not can(user, Permission.VIEW_SUPERVISION):
        return []
    rows = findings_for(user, Permission.VIEW_SUPERVISION).filter(task=found)
    lines = Lines(today, keeps=False)
    return [lines.of(each) for each in in_order_of_term(with_finding_lines(rows))]


def _child(child: Task, today: Any) -> dict[str, Any]:
    return {
        "task": child,
        "href": reverse("reports:task", args=[child.uuid]),
        "near": pressing(child.state, child.due_on, today),
        "state": TaskState(child.state),
    }


def _doable(found: Task, user: User) -> dict[str, Any]:
    """The buttons: what the machine allows, of what the person may."""
    works = can(user, Permission.WORK_TASK) and tasks_for(user, Permission.WORK_TASK).filter(pk=found.pk).exists()
    keeps = can(user, Permission.KEEP_TASKS) and tasks_for(user, Permission.KEEP_TASKS).filter(pk=found.pk).exists()
    afters = {step.after: step for step in TASKS.from_state(found.state)}
    is_open = found.state in (TaskState.OPEN, TaskState.WORKING)
    acts = [
        {"verb": afters[after].verb, "href": reverse("reports:task_because", args=[found.uuid, act])}
        for act, (before, after, _) in ACTS.items()
        if keeps and after in afters and afters[after].needs_reason and (before == found.state or act == "drop")
    ]
    return {
        "may_note": works and is_open,
        "may_confirm": keeps and TaskState.DONE in afters,
        "may_give": keeps and is_open and found.area.level != "township",
        "may_name": keeps and is_open,
        "acts": acts,
    }
