"""The ledger: tasks with their departments, their newest note and how those that were given on stand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Division, User
from accounts.terms import AgencyKind
from reports.models import Task, TaskNote, TaskParty
from reports.terms import NoteKind, TaskPart, TaskState

OWN_DELAY = (TaskPart.LEAD, TaskPart.RESPONSIBLE)  # whoever only supports is not the one that is late
SAID = (NoteKind.PROGRESS, NoteKind.REPORTED)


@dataclass(frozen=True)
class Filters:
    """What of the ledger is wanted. Empty: everything."""

    state: str = ""  # late, open, waiting, done, all
    office: str = ""  # kind of agency
    place: str = ""  # code of a division below: tasks given to it
    pack: str = ""  # a plan's id, or `meetings`
    mine: bool = False


MEETINGS = "meetings"


def named(kind: str) -> Exists:
    """Tasks in which a kind of agency has a part."""
    return Exists(TaskParty.objects.filter(task=OuterRef("pk"), kind=kind))


def filtered(tasks: QuerySet[Task], wanted: Filters, today: date, user: User) -> QuerySet[Task]:
    """By everything but the state: see `in_state`."""
    if wanted.office:
        tasks = tasks.filter(named(wanted.office))
    if wanted.place:
        tasks = tasks.filter(area__code=wanted.place, parent__isnull=False)
    if wanted.pack:
        tasks = tasks.filter(meeting__isnull=False) if wanted.pack == MEETINGS else tasks.filter(pack=wanted.pack)
    return tasks.filter(assignee=user) if wanted.mine else tasks


def in_state(tasks: QuerySet[Task], state: str, today: date) -> QuerySet[Task]:
    found = _conditions(today)
    return tasks.filter(found[state]) if state in found else tasks


def _late(today: date) -> Q:
    """As rules.tasks.is_late judges one."""
    return Q(state__in=(TaskState.OPEN, TaskState.WORKING), due_on__lt=today)


def _conditions(today: date) -> dict[str, Q]:
    return {
        "late": _late(today),
        "open": Q(state__in=(TaskState.OPEN, TaskState.WORKING)),
        "waiting": Q(state=TaskState.REPORTED),
        "done": Q(state=TaskState.DONE),
        "dropped": Q(state=TaskState.DROPPED),
    }


def state_counts(tasks: QuerySet[Task], today: date) -> dict[str, int]:
    """How many stand how, in one statement; `all` among them."""
    asked = {state: Count("pk", filter=condition) for state, condition in _conditions(today).items()}
    return dict(tasks.order_by().aggregate(all=Count("pk"), **asked))


def with_lines(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Everything that a line of the ledger shows: four statements a page, whatever its length."""
    newest = TaskNote.objects.filter(task=OuterRef("pk"), kind__in=SAID).order_by("-at", "-pk")
    children = Task.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    return (
        tasks.select_related("area", "assignee", "meeting__area", "parent__area")
        .prefetch_related(Prefetch("parties", TaskParty.objects.order_by("place", "pk")))
        .annotate(
            said_on=Subquery(newest.values("on")[:1]),
            said=Subquery(newest.values("words")[:1]),
            given_n=_number(children.annotate(n=Count("pk")).values("n")),
            given_done_n=_number(children.filter(state=TaskState.DONE).annotate(n=Count("pk")).values("n")),
        )
    )


def _number(found: "QuerySet[Task, Any]") -> Coalesce:
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def in_order(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """What presses first; standing work last, in the order in which the plan states it."""
    return tasks.order_by(F("due_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Behind:
    """So many tasks are late there. `value` is what the filter takes."""

    label: str
    value: str
    count: int


def late_by_office(tasks: QuerySet[Task], today: date) -> list[Behind]:
    """Departments that lead or answer for late tasks, the most first."""
    rows = TaskParty.objects.filter(task__in=tasks.filter(_late(today)).values("pk"), part__in=OWN_DELAY)
    counts = rows.order_by().values_list("kind").annotate(n=Count("task", distinct=True))
    found = [Behind(AgencyKind(kind).label, kind, count) for kind, count in counts]
    return sorted(found, key=lambda each: (-each.count, each.label))


def late_by_place(tasks: QuerySet[Task], today: date) -> list[Behind]:
    """Places below that are late with what was given to them, the most first."""
    rows = tasks.filter(_late(today), parent__isnull=False).order_by()
    counts = rows.values_list("area__name", "area__code").annotate(n=Count("pk"))
    return sorted((Behind(*row) for row in counts), key=lambda each: (-each.count, each.value))


def offices_in(tasks: QuerySet[Task]) -> list[tuple[str, str]]:
    """Kinds of agency that have a part in any of these tasks, for the filter."""
    kinds = TaskParty.objects.filter(task__in=tasks.order_by().values("pk")).order_by().values_list("kind", flat=True)
    return sorted(((kind, AgencyKind(kind).label) for kind in set(kinds.distinct())), key=lambda pair: pair[1])


def places_in(tasks: QuerySet[Task]) -> list[tuple[str, str]]:
    """Places that tasks were given to, for the filter."""
    return list(
        tasks.filter(parent__isnull=False).order_by("area__code").values_list("area__code", "area__name").distinct()
    )


def notes_of(task: Task) -> list[TaskNote]:
    """Newest first."""
    return list(task.notes.select_related("by", "agency").order_by("-at", "-pk"))


def given_on(task: Task) -> QuerySet[Task]:
    return Task.objects.filter(parent=task).select_related("area", "assignee").order_by("area__code")


def places_to_give(task: Task) -> list[Division]:
    """The next places below that have not been given the task yet."""
    taken = Task.objects.filter(parent=task).values("area")
    rows = Division.objects.filter(parent=task.area, valid_to=None).exclude(pk__in=taken).order_by("code")
    return list(rows)
