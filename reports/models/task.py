from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, User
from accounts.terms import AgencyKind, FieldGroup
from reports.models.meeting import Meeting
from reports.terms import NoteKind, TaskPart, TaskState


class Task(models.Model):
    """任务: of a plan (pack and key), or of a meeting's resolution; in one area. `parent`: it was given on to this area.

    What a plan's task says is written by loading the plan, never typed; its state moves by rules.tasks.TASKS.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="given", verbose_name="交办自")
    pack = models.CharField("计划", max_length=40, blank=True)
    key = models.CharField("任务编号", max_length=40, blank=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="resolutions", verbose_name="会议")
    name = models.CharField("任务", max_length=120)
    clause = models.CharField("出处", max_length=60, blank=True)
    due_on = models.DateField("期限", null=True)
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="专人")
    made_at = models.DateTimeField("建立时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["area", "parent", "pack", "key", "meeting", "name", "clause", "due_on", "state"], FieldGroup.AGGREGATE
        ),
        **dict.fromkeys(["id", "uuid", "assignee", "made_at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "key", "area"], condition=Q(parent=None) & ~Q(pack=""), name="task_once_of_plan"
            ),
            models.UniqueConstraint(fields=["parent", "area"], name="task_given_once"),
            models.CheckConstraint(
                condition=(~Q(pack="") & ~Q(key="") & Q(meeting=None)) | (Q(pack="") & Q(key="") & ~Q(meeting=None)),
                name="task_of_plan_or_meeting",
            ),
        ]
        indexes = [models.Index(fields=["area", "state", "due_on"], name="task_by_area")]

    def __str__(self) -> str:
        return self.name


class TaskParty(models.Model):
    """A department with its part in a task: `name` as the plan or the meeting calls it, `kind` for filters and rights."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="parties", verbose_name="任务")
    part = models.CharField("分工", max_length=12, choices=TaskPart)
    kind = models.CharField("单位类别", max_length=24, choices=AgencyKind)
    name = models.CharField("单位", max_length=60)
    place = models.PositiveSmallIntegerField("次序", default=0)

    privacy: ClassVar = {
        "id": FieldGroup.TECHNICAL,
        **dict.fromkeys(["task", "part", "kind", "name", "place"], FieldGroup.AGGREGATE),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "name"], name="party_once")]
        indexes = [models.Index(fields=["kind"], name="party_by_kind")]

    def __str__(self) -> str:
        return self.name


class TaskNote(models.Model):
    """进展: what was done and said about a task, by whom and when. It only grows."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="notes", verbose_name="任务")
    kind = models.CharField("类别", max_length=10, choices=NoteKind)
    on = models.DateField("日期")
    words = models.CharField("内容", max_length=500)
    evidence = models.CharField("依据", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="填写人")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    at = models.DateTimeField("填写时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(["task", "kind", "on", "words", "evidence"], FieldGroup.AGGREGATE),
        **dict.fromkeys(["id", "uuid", "by", "agency", "at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        indexes = [models.Index(fields=["task", "-at"], name="note_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
