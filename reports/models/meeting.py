from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import AgencyKind, FieldGroup
from reports.terms import MeetingState


class Meeting(models.Model):
    """联席会议 of one area: called with its agenda, held once it has minutes."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    held_on = models.DateField("开会日期")
    place = models.CharField("地点", max_length=80, blank=True)
    chair = models.CharField("主持", max_length=60)
    agenda = models.CharField("议题", max_length=2000)
    minutes = models.CharField("纪要", max_length=5000, blank=True)
    state = models.CharField("状态", max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    cancel_reason = models.CharField("取消理由", max_length=200, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    called_at = models.DateTimeField("登记时间", default=timezone.now)
    minutes_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="纪要登记人")
    minutes_at = models.DateTimeField("纪要登记时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["area", "held_on", "place", "chair", "agenda", "minutes", "state", "cancel_reason"], FieldGroup.AGGREGATE
        ),
        **dict.fromkeys(["id", "uuid", "called_by", "called_at", "minutes_by", "minutes_at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MeetingState.HELD) | ~Q(minutes=""), name="meeting_held_has_minutes"
            ),
            models.UniqueConstraint(
                fields=["area", "held_on"], condition=~Q(state=MeetingState.CANCELLED), name="meeting_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["area", "-held_on"], name="meeting_newest")]

    def __str__(self) -> str:
        return f"{self.held_on}"


class MeetingSeat(models.Model):
    """A department asked to a meeting; `came` is known once there are minutes."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats", verbose_name="会议")
    kind = models.CharField("单位类别", max_length=24, choices=AgencyKind)
    name = models.CharField("单位", max_length=60)
    place = models.PositiveSmallIntegerField("次序", default=0)
    came = models.BooleanField("到会", null=True)
    who = models.CharField("出席人", max_length=60, blank=True)

    privacy: ClassVar = {
        "id": FieldGroup.TECHNICAL,
        **dict.fromkeys(["meeting", "kind", "name", "place", "came", "who"], FieldGroup.AGGREGATE),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "name"], name="seat_once")]

    def __str__(self) -> str:
        return self.name
