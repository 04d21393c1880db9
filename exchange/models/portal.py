"""Limits of the partners' own pages: the urgent question about one person, and who has opened too many."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, EncryptedTextField, SealedWordsField, User
from accounts.terms import FieldGroup
from exchange.terms import Advice, EmergencyAnswer, EmergencyState


class EmergencyRequest(models.Model):
    """紧急查询: an officer at a scene asks the county's duty psychiatrist about exactly one ID number.

    `person` is filled when the psychiatrist answers and is never shown to the office: it cannot tell whom the county knows.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="提出单位")
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    id_number = EncryptedTextField("证件号", label="emergencyrequest.id_number")
    id_index = models.BinaryField("证件号摘要", max_length=32)
    scene = SealedWordsField("现场情况", label="emergencyrequest.scene")
    phone = SealedWordsField("回电", label="emergencyrequest.phone")
    state = models.CharField("状态", max_length=8, choices=EmergencyState, default=EmergencyState.WAITING)
    answer = models.CharField("答复", max_length=8, choices=EmergencyAnswer, blank=True, default="")
    advice = ArrayField(models.CharField(max_length=8, choices=Advice), verbose_name="说了什么", default=list)
    person = models.UUIDField("患者", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="答复人")

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id",
                "uuid",
                "form_id",
                "county",
                "agency",
                "asked_at",
                "asked_by",
                "state",
                "answered_at",
                "answered_by",
            ),
            FieldGroup.TECHNICAL,
        ),
        **dict.fromkeys(("id_number", "id_index", "scene", "phone"), FieldGroup.FULL_IDENTITY),
        **dict.fromkeys(("answer", "advice", "person"), FieldGroup.INCIDENT),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EmergencyState.values), name="emergencyrequest_state_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", answer="", answered_at=None)
                | Q(state="answered", answer__in=EmergencyAnswer.values, answered_at__isnull=False),
                name="emergencyrequest_answered_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "asked_at"], condition=Q(state="waiting"), name="emergencyrequest_waiting"),
            models.Index(fields=["asked_by", "asked_at"], name="emergencyrequest_by"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.asked_at:%Y-%m-%d %H:%M}"


class MyEmergency(models.Model):
    """An own office's question: when, by whom, and the answer's words. No number, nothing about a register."""

    uuid = models.UUIDField()
    agency_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=EmergencyState)
    answer = models.CharField(max_length=8, choices=EmergencyAnswer)
    answered_at = models.DateTimeField(null=True)

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "agency_id", "asked_at", "asked_by_name", "state", "answer", "answered_at"),
        FieldGroup.TECHNICAL,
    )

    class Meta:
        managed = False
        db_table = "exchange_myemergency"

    def __str__(self) -> str:
        return self.get_state_display()


class PortalStop(models.Model):
    """Someone of an office has opened too many people within an hour: nobody new until the privacy officer lifts it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="账号")
    stopped_at = models.DateTimeField("停用时间", default=timezone.now)
    people = models.PositiveIntegerField("一小时内的人数")
    lifted_at = models.DateTimeField("解除时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="解除人")
    because = models.CharField("解除的理由", max_length=200, blank=True, default="")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "county", "agency", "user", "stopped_at", "people", "lifted_at", "lifted_by", "because"),
        FieldGroup.TECHNICAL,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(lifted_at=None), name="portalstop_one_open"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, because__gt=""),
                name="portalstop_lifted_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["user", "-lifted_at"], name="portalstop_of_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.stopped_at:%Y-%m-%d %H:%M}"
