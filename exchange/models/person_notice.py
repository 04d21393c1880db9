"""单人告知: one person told to single offices at once, and each office's copy with its moments."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Agency, Division, Placed, SealedJSONField, SealedWordsField, User
from accounts.terms import FieldGroup
from exchange.models.alert import PLACE
from exchange.models.template import RecipientTemplate
from exchange.terms import CopyEnded, PersonNoticeState, Situation
from registry.models import Patient


@tracked()
class PersonNotice(Placed):
    """What is to be told of one person on one occasion. The system opens it as 待发出, or a person writes it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True, null=True)  # a form sent twice meets this wall
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="person_notices", verbose_name="患者")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="编号所属县区")
    situation = models.CharField("情形", max_length=14, choices=Situation)
    occasion = models.CharField("由来", max_length=50, blank=True, default="")  # what asked for it; empty: a person did
    occurred_on = models.DateField("事情日期", null=True)
    state = models.CharField("状态", max_length=9, choices=PersonNoticeState)
    opened_at = models.DateTimeField("建立时间", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="由谁的登记引起")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正")
    because = SealedWordsField("为什么告知", label="personnotice.because")
    digest = models.BinaryField("内容摘要", max_length=32, null=True)  # keyed: what two people sign
    first_at = models.DateTimeField("拟写时间", null=True)
    first_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="拟写人")
    released_at = models.DateTimeField("发出时间", null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发出人")
    expires_at = models.DateTimeField("可以看到", null=True)
    differs_at = models.DateTimeField("资料已更正", null=True)  # the record of the day says something else by now
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    ended_because = SealedWordsField("结束的原因", label="personnotice.ended_because")

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id", "uuid", "form_id", "county", "situation", "state", "opened_at", "opened_by", "corrects", "digest",
                "first_at", "first_by", "released_at", "released_by", "expires_at", "differs_at", "ended_at", "ended_by",
                *PLACE,
            ),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("occasion", "occurred_on", "because", "ended_because"), FieldGroup.MANAGEMENT),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "situation"], condition=Q(state="pending"), name="personnotice_one_waiting"
            ),
            models.CheckConstraint(condition=Q(state__in=PersonNoticeState.values), name="personnotice_state_known"),
            models.CheckConstraint(
                condition=~Q(situation="urgent") | Q(released_by=None) | ~Q(released_by=F("first_by")),
                name="personnotice_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sent", "withdrawn", "ended"))
                | Q(first_by__isnull=False, released_by__isnull=False, released_at__isnull=False)
                & Q(expires_at__gt=F("released_at")),
                name="personnotice_released_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="personnotice_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township"],
                condition=Q(state__in=("pending", "proposed")),
                name="personnotice_waiting",
            ),
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="personnotice_open"),
        ]

    def __str__(self) -> str:
        return self.get_situation_display()


@tracked()
class PersonNoticeCopy(Placed):
    """One office's copy: exactly its template's cells, sealed as they were. Delivered with the release."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    notice = models.ForeignKey(PersonNotice, models.PROTECT, related_name="copies", verbose_name="单人告知")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="接收单位")
    template = models.ForeignKey(RecipientTemplate, models.PROTECT, related_name="+", verbose_name="接收模板")
    number = models.CharField("编号", max_length=20, blank=True, default="")
    content = SealedJSONField("内容", label="personnoticecopy.content")
    disputed = models.BooleanField("有异议", default=False)  # the person or guardian objected when this was told
    delivered_at = models.DateTimeField("送达时间", null=True)
    seen_at = models.DateTimeField("看过时间", null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="看过的人")
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签收人")
    silent_noted_at = models.DateTimeField("超时记录时间", null=True)  # the sender was told that nobody has signed
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_because = models.CharField("结束的原因", max_length=9, choices=CopyEnded, blank=True, default="")
    end_acknowledged_at = models.DateTimeField("结束的签收时间", null=True)
    end_acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签收人")

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id", "uuid", "notice", "agency", "template", "number", "delivered_at", "seen_at", "seen_by",
                "acknowledged_at", "acknowledged_by", "silent_noted_at", "ended_at", "ended_because",
                "end_acknowledged_at", "end_acknowledged_by", *PLACE,
            ),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "content": FieldGroup.FULL_IDENTITY,
        "disputed": FieldGroup.CONSENT,
    }  # fmt: skip

    class Meta:
        verbose_name_plural = "person notice copies"
        constraints = [
            models.UniqueConstraint(fields=["notice", "agency"], name="personnoticecopy_once"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="personnoticecopy_seen_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, seen_at__isnull=False),
                name="personnoticecopy_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="") | Q(ended_at__isnull=False, ended_because__gt=""),
                name="personnoticecopy_ended_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None, number="") | Q(delivered_at__isnull=False, number__gt=""),
                name="personnoticecopy_delivered_under_a_number",
            ),
        ]
        indexes = [
            models.Index(fields=["notice"], name="personnoticecopy_of_notice"),
            models.Index(
                fields=["agency", "-id"], condition=Q(delivered_at__isnull=False), name="personnoticecopy_of_agency"
            ),
            models.Index(
                fields=["patient"], condition=Q(delivered_at__isnull=False, ended_at=None), name="personnoticecopy_live"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MyNotice(models.Model):
    """A copy as its own office sees it: a view of the owner. Content comes out of exchange_notice_open() only."""

    uuid = models.UUIDField()
    agency_id = models.BigIntegerField()
    agency_name = models.CharField(max_length=80)
    county_id = models.BigIntegerField()
    on_duty = models.BooleanField()
    number = models.CharField(max_length=20)
    situation = models.CharField(max_length=14, choices=Situation)
    is_correction = models.BooleanField()
    disputed = models.BooleanField()
    delivered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.BigIntegerField(null=True)
    acknowledged_by_name = models.CharField(max_length=40, null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=9, choices=CopyEnded)
    end_acknowledged_at = models.DateTimeField(null=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id", "uuid", "agency_id", "agency_name", "county_id", "on_duty", "number", "situation",
                "is_correction", "delivered_at", "expires_at", "seen_at", "acknowledged_at", "acknowledged_by_id",
                "acknowledged_by_name", "ended_at", "ended_because", "end_acknowledged_at",
            ),
            FieldGroup.TECHNICAL,
        ),
        "disputed": FieldGroup.CONSENT,
    }  # fmt: skip

    class Meta:
        managed = False
        db_table = "exchange_mynotice"

    def __str__(self) -> str:
        return self.number
