"""The tasks of a plan enter the ledger of its area, and follow the plan's file when it is loaded again."""

from django.utils import timezone

from accounts.models import Division
from reports.models import Task, TaskNote, TaskParty
from reports.rules.pack import Pack
from reports.rules.pack_work import PackTask
from reports.rules.tasks import OPEN_STATES
from reports.terms import NoteKind, TaskState

GONE = "计划包里已经没有这项任务。"


def enter_tasks(pack: Pack, area: Division) -> int:
    """Every task of the pack with its departments; one that the file no longer holds is closed, its history kept.

    Part of loading a plan: its transaction and its audit entry. Returns how many rows were made or changed.
    """
    rows = Task.objects.select_for_update().filter(pack=pack.id, area=area, parent=None)
    there = {row.key: row for row in rows.prefetch_related("parties")}
    changed = sum(_enter(pack, area, task, there.get(task.key)) for task in pack.work.tasks)
    wanted = {task.key for task in pack.work.tasks}
    for key, row in there.items():
        if key not in wanted and row.state in OPEN_STATES:
            row.state = TaskState.DROPPED
            row.save(update_fields=["state"])
            TaskNote.objects.create(task=row, kind=NoteKind.DROPPED, on=timezone.localdate(), words=GONE)
            changed += 1
    return changed


def _enter(pack: Pack, area: Division, task: PackTask, row: Task | None) -> bool:
    parties = [(place, part.value, pack.work.kind_of(name), name) for place, (part, name) in enumerate(task.parties)]
    said = (task.name, task.clause, task.due_on)
    if row is None:
        row = Task.objects.create(area=area, pack=pack.id, key=task.key, name=said[0], clause=said[1], due_on=said[2])
    else:
        there = [(p.place, p.part, p.kind, p.name) for p in row.parties.all()]
        if sorted(there) == parties and (row.name, row.clause, row.due_on) == said:
            return False
        row.name, row.clause, row.due_on = said
        row.save(update_fields=["name", "clause", "due_on"])
        row.parties.all().delete()
    TaskParty.objects.bulk_create(
        TaskParty(task=row, place=place, part=part, kind=kind, name=name) for place, part, kind, name in parties
    )
    return True
