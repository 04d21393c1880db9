"""A death noted at a visit by somebody who may not close files (村医, 精神科医师): the township looks into it."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from followup.models import Visit
from followup.queries.about import about
from registry.models import PatientStatus
from registry.terms import CareStatus

MOST_LINES = 200


def death_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of who may close files. Over with the file, with a correction of the note, when a later record reached the
    person, or when a closing was taken back; a record before the note, though dated after the death, does not end it.

    Source: 表1-8 如死亡; 管理治疗工作规范2018 失访（死亡）登记.
    """
    after = Q(visited_on__gt=OuterRef("visited_on")) | Q(
        visited_on=OuterRef("visited_on"), root_id__gt=OuterRef("root_id")
    )
    reached = Visit.objects.current().filter(after, patient=OuterRef("patient"), complete=True)
    alive = PatientStatus.objects.filter(
        patient=OuterRef("patient"), value=CareStatus.MANAGED, starts_on__gte=OuterRef("died_on")
    )
    noted = (
        Visit.objects.current()
        .filter(reach_filter(where(user, Permission.CLOSE_PATIENT)), died_on__isnull=False, patient__closed_on=None)
        .exclude(Exists(reached))
        .exclude(Exists(alive))
        .select_related("patient__village", "entered_by")
        .order_by("patient_id", "-visited_on", "-root_id")
        .distinct("patient_id")
    )
    return [_line(row) for row in noted[:MOST_LINES]]


def _line(row: Visit) -> WorkItem:
    who = about(row.patient)
    died_on = row.died_on or row.visited_on
    return WorkItem(
        topic=Topic.FILES,
        verb="核实结案",
        href=reverse("registry:patient_close", args=[who.uuid]),
        name=who.name,
        place=who.place,
        why=f"{row.entered_by.display_name} {long_day(row.visited_on)} 的随访记录写明 {long_day(died_on)} 死亡，请核实后结案",
        due_on=row.visited_on,
        urgency=Urgency.TODAY,
        person=who.uuid,
    )
