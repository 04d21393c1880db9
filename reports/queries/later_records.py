"""What was entered, corrected or struck out about some people after a moment: what may have moved a frozen figure.

Read from the rows' own moments of entry, and, where rows are rewritten, from the history that the database keeps. Seen
with the reader's reach, as the records themselves are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.models import Division, User
from followup.models import Checkup, Dispensing, Incident, Injection, Plan, PlanVersion, Visit
from registry.models import Admission, Diagnosis, DutyPeriod, Guardianship, Patient, PatientStatus
from reports.rules.frozen import Entered

ACTS = {"insert": "登记", "update": "更正", "delete": "删去"}
Found = Iterator[tuple[int, Entered]]


def entered_since(people: Iterable[int], moment: datetime, as_of: date) -> dict[int, tuple[Entered, ...]]:
    """By person, the oldest first. Records of later days than `as_of` are left out: they cannot have moved its figures.

    A fixed number of queries, however many people. `moment` is local: it says what day an incident was on.
    """
    keys = list(people)
    found: dict[int, list[Entered]] = defaultdict(list)
    for source in (_visits, _done, _plans, _history):
        for patient, entered in source(keys, moment, as_of):
            found[patient].append(entered)
    names = _names(each.by for rows in found.values() for each in rows)
    return {
        patient: tuple(replace(each, by=names.get(each.by, each.by)) for each in sorted(rows, key=_order))
        for patient, rows in found.items()
    }


def _order(entered: Entered) -> tuple[datetime, str]:
    return entered.at, entered.what


def _visits(keys: list[int], moment: datetime, as_of: date) -> Found:
    """A version counts also where it took a record away from the days counted."""
    near = Q(visited_on__lte=as_of) | Q(root__versions__visited_on__lte=as_of)
    rows = Visit.objects.filter(near, patient__in=keys, entered_at__gt=moment).distinct()
    for row in rows.select_related("entered_by").only(
        "patient_id", "version", "visited_on", "entered_at", "entered_by__display_name"
    ):
        act = "补录" if row.version == 1 else "更正"
        said = Entered(row.entered_at, f"{act}|随访", row.visited_on, row.entered_by.display_name)
        yield row.patient_id, said


_DONE: tuple[tuple[type[models.Model], str, str], ...] = (
    (Dispensing, "handed_on", "发药记录"), (Injection, "given_on", "长效针剂记录"), (Checkup, "checked_on", "体检记录"),
)  # fmt: skip


def _done(keys: list[int], moment: datetime, as_of: date) -> Found:
    for model, day, thing in _DONE:
        changed = Q(entered_at__gt=moment) | Q(struck_at__gt=moment)
        rows: Any = model._default_manager.filter(changed, patient__in=keys, **{f"{day}__lte": as_of})
        columns = ("patient_id", day, "entered_at", "entered_by__display_name", "struck_at", "struck_by__display_name")
        for patient, on, entered_at, by, struck_at, struck_by in rows.values_list(*columns):
            if entered_at > moment:
                yield patient, Entered(entered_at, f"补录|{thing}", on, by)
            if struck_at is not None and struck_at > moment:
                yield patient, Entered(struck_at, f"作废|{thing}", on, struck_by)


def _plans(keys: list[int], moment: datetime, as_of: date) -> Found:
    rows = PlanVersion.objects.filter(patient__in=keys, written_at__gt=moment, starts_on__lte=as_of)
    for patient, on, at, by in rows.values_list("patient_id", "starts_on", "written_at", "written_by__display_name"):
        yield patient, Entered(at, "制定|个人方案", on, by)


# Rows that are rewritten: the history tells of them. The column of their day, and what of them is said: whose list this
# is may know of a status, never of a diagnosis that the figure does not speak of.
_TOLD: tuple[tuple[type[models.Model], str, str, str], ...] = (
    (PatientStatus, "starts_on", "value", "管理状态"), (Diagnosis, "starts_on", "", "诊断"),
    (DutyPeriod, "starts_on", "township_id", "管辖"), (Guardianship, "starts_on", "", "监护状态"),
    (Admission, "admitted_on", "", "住院"), (Incident, "happened_at", "", "事件"),
    (Plan, "ended_on", "", "方案的结束"),
)  # fmt: skip


def _history(keys: list[int], moment: datetime, as_of: date) -> Found:
    for model, day, column, thing in _TOLD:
        rows = _events(model).filter(patient_id__in=keys, pgh_created_at__gt=moment).order_by("pgh_id")
        found = list(rows)
        say = _speaker(model, column, found)
        for row in found:
            on = getattr(row, day)
            on = on.astimezone(moment.tzinfo).date() if isinstance(on, datetime) else on
            if on is not None and on <= as_of:
                yield row.patient_id, _told(row, f"{thing}{say(row)}", on)
    opened = _events(Patient).filter(pgh_obj_id__in=keys, pgh_created_at__gt=moment, pgh_label="insert")
    for row in opened:
        if row.opened_on <= as_of:
            yield row.pgh_obj_id, _told(row, "档案", row.opened_on)


def _events(model: type[models.Model]) -> Any:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Historyevent")._default_manager


def _told(row: Any, thing: str, on: date) -> Entered:
    actor = str((row.pgh_context or {}).get("actor") or "")
    return Entered(row.pgh_created_at, f"{ACTS.get(row.pgh_label, '更正')}|{thing}", on, actor)


def _speaker(model: type[models.Model], column: str, rows: list[Any]) -> Callable[[Any], str]:
    """：失访, as the row says it."""
    if not column:
        return lambda row: ""
    if column == "township_id":
        places = dict(Division.objects.filter(pk__in={row.township_id for row in rows}).values_list("pk", "name"))
        return lambda row: f"：{places.get(row.township_id, '')}"
    choices: dict[Any, Any] = dict(model._meta.get_field(column).choices or ())  # type: ignore[union-attr]
    return lambda row: f"：{choices.get(getattr(row, column), getattr(row, column))}"


def _names(actors: Iterable[str]) -> dict[str, str]:
    """The history knows people by uuid; what the system did itself is said so."""
    known = {actor for actor in actors if len(actor) == 36}
    rows = User.objects.filter(uuid__in=[UUID(actor) for actor in known]).values_list("uuid", "display_name")
    return {**{str(uuid): name for uuid, name in rows}, "system": "系统"}
