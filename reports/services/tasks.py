"""任务台账: what is said of a task, who confirms it, to whom it is given. A history line and an audit entry each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from reports.doors import tasks_for
from reports.models import Task, TaskNote
from reports.queries.people_of_tasks import may_be_named
from reports.rules.cut import FIRST_DAY
from reports.rules.tasks import TASKS, names_nobody
from reports.terms import NoteKind, TaskState

KINDS = {
    TaskState.DONE: NoteKind.CONFIRMED,
    TaskState.DROPPED: NoteKind.DROPPED,
}


class NoteRefused(Refused):
    code = "note_refused"


class SameHands(Refused):
    code = "same_hands"
    message = "报完成和确认要由两个人办理。请另一位同事确认。"


@dataclass(frozen=True)
class Said:
    """What somebody writes about a task: when it happened, what, and where that is written down."""

    on: date
    words: str
    evidence: str = ""


@transaction.atomic
def note_progress(task: Task, *, said: Said, by: User) -> TaskNote:
    """进展: the first one starts the task. Raises: Denied, NotHere, StepRefused, NoteRefused, NamesAPerson."""
    found = _locked(task, Permission.WORK_TASK, by)
    if found.state == TaskState.OPEN:
        TASKS.step(found.state, TaskState.WORKING)
        _move(found, TaskState.WORKING)
    elif found.state != TaskState.WORKING:
        state = TaskState(found.state)
        raise NoteRefused(f"任务现在是“{state.label}”，不能再记进展。要继续办理，请卫生健康委退回或重新办理。")
    return _note(found, NoteKind.PROGRESS, said, by, action="reports.task.noted")


@transaction.atomic
def report_done(task: Task, *, said: Said, by: User) -> TaskNote:
    """报完成, with the evidence. It counts once the commission confirms it.

    Raises: Denied, NotHere, StepRefused, NoteRefused (no evidence), NamesAPerson.
    """
    found = _locked(task, Permission.WORK_TASK, by)
    step = TASKS.step(found.state, TaskState.REPORTED)
    if not said.evidence:
        raise NoteRefused("报完成请写明依据，例如文件名称、文号或验收记录。", field="evidence")
    _move(found, TaskState.REPORTED)
    return _note(found, NoteKind.REPORTED, said, by, action=step.action)


@transaction.atomic
def confirm_done(task: Task, *, by: User) -> Task:
    """确认完成, by somebody else than who reported it. Raises: Denied, NotHere, StepRefused, SameHands."""
    found = _locked(task, Permission.KEEP_TASKS, by)
    step = TASKS.step(found.state, TaskState.DONE)
    last = TaskNote.objects.filter(task=found, kind=NoteKind.REPORTED).order_by("-at", "-pk").first()
    if last is not None and last.by_id == by.pk:
        raise SameHands
    _move(found, TaskState.DONE)
    _note(found, NoteKind.CONFIRMED, Said(timezone.localdate(), "确认完成。"), by, action=step.action)
    return found


@transaction.atomic
def turn_task(task: Task, *, to: TaskState, kind: NoteKind, because: str, by: User) -> Task:
    """退回, 重新办理, 不再办理 or 恢复办理, with the reason. Raises: Denied, NotHere, StepRefused, Refused, NamesAPerson."""
    found = _locked(task, Permission.KEEP_TASKS, by)
    step = TASKS.step(found.state, to)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    _move(found, to)
    _note(found, kind, Said(timezone.localdate(), because), by, action=step.action)
    return found


@transaction.atomic
def give_task(task: Task, *, places: Iterable[Division], by: User) -> list[Task]:
    """交办: a task of its own for each place below, with the same term. Raises: Denied, NotHere, NoteRefused."""
    found = _locked(task, Permission.KEEP_TASKS, by)
    chosen = list(places)
    if found.state not in (TaskState.OPEN, TaskState.WORKING):
        raise NoteRefused(f"任务现在是“{TaskState(found.state).label}”，不能再交办。")
    if not chosen:
        raise NoteRefused("请至少选一个地方。", field="places")
    if any(place.parent_id != found.area_id or place.valid_to for place in chosen):
        raise NotHere
    twice = NoteRefused("刚才有同事已经交给其中一个地方。请刷新页面再选。", field="places")
    with refusing("task_given_once", twice):
        made = [
            Task.objects.create(
                area=place, parent=found, pack=found.pack, key=found.key, meeting=found.meeting, name=found.name,
                clause=found.clause, due_on=found.due_on,
            )
            for place in chosen
        ]  # fmt: skip
    words = "交给" + "、".join(place.name for place in chosen) + "。"
    _note(found, NoteKind.GIVEN, Said(timezone.localdate(), words[:500]), by, action="reports.task.given")
    for child in made:
        _note(child, NoteKind.GIVEN, Said(timezone.localdate(), f"由{found.area.name}交办。"), by, action="")
    return made


@transaction.atomic
def name_person(task: Task, *, person: User | None, by: User) -> Task:
    """指定专人: somebody who may work on it; None takes the name off. Raises: Denied, NotHere, NoteRefused."""
    found = _locked(task, Permission.KEEP_TASKS, by)
    if found.state not in (TaskState.OPEN, TaskState.WORKING):
        raise NoteRefused(f"任务现在是“{TaskState(found.state).label}”，不用再指定专人。")
    if person is not None and person not in may_be_named(found, timezone.localdate()):
        raise NoteRefused("这个人不负责这项任务所在的地方或部门。", field="person")
    found.assignee = person
    found.save(update_fields=["assignee"])
    words = f"指定{person.display_name}（{person.agency.name}）办理。" if person else "不再指定专人。"
    _note(found, NoteKind.NAMED, Said(timezone.localdate(), words), by, action="reports.task.named")
    return found


def _locked(task: Task, permission: Permission, by: User) -> Task:
    """The row as it stands now, if the person may act on it. Raises: Denied, NotHere."""
    authorise(by, permission)
    rows = tasks_for(by, permission).select_for_update(of=("self",)).select_related("area")
    found = rows.filter(pk=task.pk).first()
    if found is None:
        raise NotHere
    return found


def _move(task: Task, to: TaskState) -> None:
    task.state = to
    task.save(update_fields=["state"])


def _note(task: Task, kind: NoteKind, said: Said, by: User, *, action: str) -> TaskNote:
    """`action` empty: the audit already has the act of which this line is a part."""
    if not FIRST_DAY <= said.on <= timezone.localdate():
        raise NoteRefused("日期不能晚于今天，也不能早于 2000 年。", field="on")
    if not said.words:
        raise NoteRefused("请写明做了什么。", field="words")
    names_nobody(said.words, field="words")
    names_nobody(said.evidence, field="evidence")
    same = TaskNote.objects.filter(task=task, kind=kind, on=said.on, words=said.words, by=by)
    if kind is NoteKind.PROGRESS and same.exists():
        raise NoteRefused("同样的进展已经记过了。", field="words")
    note = TaskNote.objects.create(
        task=task, kind=kind, on=said.on, words=said.words, evidence=said.evidence, by=by, agency=by.agency
    )
    if action:
        facts = {
            "task": str(task.uuid),
            "area": task.area.code,
            "pack": task.pack,
            "key": task.key,
            "state": task.state,
        }
        audit.record(action, task, by=by, because=said.words[:200], facts=facts)
    return note
