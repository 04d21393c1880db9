"""What is done with one task: a note, a confirmation, giving it on, naming somebody, a step with its reason."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carrying import carried_out, pressed
from accounts.doors import requires, still_open
from accounts.refusals import NotHere
from accounts.terms import Permission
from reports.doors import open_task
from reports.forms import BecauseForm, GiveForm, NamePersonForm, ProgressForm
from reports.queries.people_of_tasks import may_be_named
from reports.queries.tasks import places_to_give
from reports.rules.tasks import TASKS
from reports.services.tasks import Said, confirm_done, give_task, name_person, note_progress, report_done, turn_task
from reports.terms import TaskState
from reports.views.asked import person
from reports.views.tasks import ACTS


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TASK)
def task_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """进展 or 报完成, on one form."""
    user = person(request)
    found = open_task(user, uuid, Permission.WORK_TASK)
    still_open(request, TASKS, found.state, TaskState.REPORTED, back="reports:task", of=uuid, verb="记录进展")
    form = ProgressForm(request.POST or None, initial={"on": f"{timezone.localdate():%Y-%m-%d}"})

    def note() -> str:
        asked = form.cleaned_data
        said = Said(asked["on"], asked["words"], asked["evidence"])
        (report_done if asked["done"] else note_progress)(found, said=said, by=user)
        return "已报完成，等卫生健康委确认。" if asked["done"] else "进展已记入台账。"

    if carried_out(request, form, note):
        return redirect("reports:task", uuid=uuid)
    context = {"form": form, "task": found}
    return render(request, "reports/task_note.html", context, status=400 if form.errors else 200)


@require_POST
@requires(Permission.KEEP_TASKS)
def task_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = open_task(person(request), uuid, Permission.KEEP_TASKS)
    pressed(request, lambda: confirm_done(found, by=person(request)), "已确认完成。")
    return redirect("reports:task", uuid=uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def task_because(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """退回, 重新办理, 不再办理, 恢复办理."""
    user = person(request)
    found = open_task(user, uuid, Permission.KEEP_TASKS)
    if act not in ACTS:
        raise NotHere
    _, to, kind = ACTS[act]
    still_open(request, TASKS, found.state, to, back="reports:task", of=uuid, verb=str(kind.label))
    form = BecauseForm(request.POST or None)

    def turn() -> object:
        return turn_task(found, to=to, kind=kind, because=form.cleaned_data["because"], by=user)

    if carried_out(request, form, turn, f"已办理：{kind.label}。"):
        return redirect("reports:task", uuid=uuid)
    context = {"form": form, "task": found, "verb": kind.label}
    return render(request, "reports/task_because.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def task_give(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_task(user, uuid, Permission.KEEP_TASKS)
    still_open(request, TASKS, found.state, TaskState.DROPPED, back="reports:task", of=uuid, verb="交办")
    places = {place.code: place for place in places_to_give(found)}
    form = GiveForm(request.POST or None, places=[(code, place.name) for code, place in places.items()])

    def give() -> str:
        chosen = [places[code] for code in form.cleaned_data["places"]]
        give_task(found, places=chosen, by=user)
        return f"已交给 {len(chosen)} 个地方。"

    if carried_out(request, form, give):
        return redirect("reports:task", uuid=uuid)
    context = {"form": form, "task": found, "places": places}
    return render(request, "reports/task_give.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def task_name(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_task(user, uuid, Permission.KEEP_TASKS)
    still_open(request, TASKS, found.state, TaskState.DROPPED, back="reports:task", of=uuid, verb="指定专人")
    people = {str(each.uuid): each for each in may_be_named(found, timezone.localdate())}
    now = str(found.assignee.uuid) if found.assignee else ""
    form = NamePersonForm(
        request.POST or None,
        people=[(key, f"{each.display_name}（{each.agency.name}）") for key, each in people.items()],
        initial={"person": now},
    )

    def name() -> object:
        return name_person(found, person=people.get(form.cleaned_data["person"]), by=user)

    if carried_out(request, form, name, "已记下办理的人。"):
        return redirect("reports:task", uuid=uuid)
    context = {"form": form, "task": found}
    return render(request, "reports/task_name.html", context, status=400 if form.errors else 200)
