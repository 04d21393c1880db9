"""Plans: one open of each kind per patient, in dated versions that are never edited; teams as dated facts."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Placed, SealedJSONField, SealedWordsField, User
from accounts.terms import FieldGroup
from followup import terms
from followup.models.incident import PLACE, PlacedQuerySet
from registry.models import Patient


@tracked()
class Plan(Placed):
    """方案. Its text stands in the versions."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans", verbose_name="患者")
    kind = models.CharField("种类", max_length=10, choices=terms.PlanKind)
    state = models.CharField("状态", max_length=10, choices=terms.PlanState, default=terms.PlanState.ACTIVE)
    review_on = models.DateField("复评日期")
    opened_at = models.DateTimeField("制定时间", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="制定人")
    ended_on = models.DateField("结束日期", null=True)
    ended_because: Any = SealedWordsField("结束的原因", label="plan.ended_because")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "opened_at", "opened_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("kind", "state", "review_on", "ended_on"), FieldGroup.MANAGEMENT),
        "ended_because": FieldGroup.CLINICAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind"], condition=~Q(state="ended"), name="plan_one_open"),
            models.CheckConstraint(condition=Q(kind__in=terms.PlanKind.values), name="plan_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "falling"], ended_on=None) | Q(state="ended", ended_on__isnull=False),
                name="plan_ended_on_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["duty_county", "duty_township", "review_on"], condition=~Q(state="ended"), name="plan_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_state_display()}"


class PlanVersion(Placed):
    """One version of a plan, from its day on."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name="方案")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    number = models.PositiveSmallIntegerField("版本")
    starts_on = models.DateField("开始日期")
    review_on = models.DateField("复评日期")
    because = models.CharField("修订原因", max_length=200, blank=True, default="")
    content = SealedJSONField("内容", label="planversion.content")
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="制定人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "plan", "number", "written_at", "written_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("starts_on", "review_on"), FieldGroup.MANAGEMENT),
        **dict.fromkeys(("because", "content"), FieldGroup.CLINICAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="planversion_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class CaseTeam(Placed):
    """个案管理团队: who takes part from a day on, until the next row begins; no members ends it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="case_teams", verbose_name="患者")
    starts_on = models.DateField("开始日期")
    members = SealedJSONField("成员", label="caseteam.members")
    size = models.PositiveSmallIntegerField("人数", default=1)  # 0 ends the team; in the open, for who lacks one
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "written_at", "written_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("starts_on", "size"), FieldGroup.MANAGEMENT),
        "members": FieldGroup.GUARDIAN,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "starts_on"], name="caseteam_once")]

    def __str__(self) -> str:
        return f"{self.starts_on}"
