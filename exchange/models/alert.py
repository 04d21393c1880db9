from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Agency, Division, Placed, SealedJSONField, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from exchange.terms import OPEN, Action, CaseStatus, ClosedBecause, EntryKind, Met, Result, SourceKind
from registry.models import Patient

PLACE = ("duty_township", "duty_county", "at_township")


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> "AlertQuerySet":
        return self.filter(in_reach(user))

    def open(self) -> "AlertQuerySet":
        return self.filter(status__in=OPEN)


@tracked()
class Alert(Placed):
    """预警: one open case per patient and receiving office. What the office was told stands in its entries."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="alerts", verbose_name="患者")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="alerts", verbose_name="接收单位")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="编号所属县区")
    number = models.CharField("编号", max_length=20)
    status = models.CharField("状态", max_length=12, choices=CaseStatus, default=CaseStatus.PRELIMINARY)
    level = models.PositiveSmallIntegerField("等级")
    area = models.CharField("地区", max_length=130, blank=True)  # township and village: all that shows before 签收
    opened_at = models.DateTimeField("发出时间", default=timezone.now)
    confirmed_on = models.DateField("等级确认日期", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    fell_on = models.DateField("等级已确认下降", null=True)  # waits for an open incident to be closed (B21)
    closed_at = models.DateTimeField("解除时间", null=True)
    closed_because = models.CharField("解除原因", max_length=16, choices=ClosedBecause, blank=True, default="")

    objects = AlertQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "agency", "county", "opened_at", *PLACE), FieldGroup.TECHNICAL),
        **dict.fromkeys(("confirmed_on", "confirmed_by"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("patient", "number", "area"), FieldGroup.IDENTITY),
        **dict.fromkeys(("status", "level", "fell_on", "closed_at", "closed_because"), FieldGroup.RISK),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "agency"], condition=~Q(status="closed"), name="alert_one_open_case"
            ),
            models.UniqueConstraint(fields=["county", "number"], name="alert_number_once"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="alert_status_known"),
            models.CheckConstraint(condition=Q(level__range=(0, 5)), name="alert_level_0_to_5"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False, closed_because__gt="")
                | (~Q(status="closed") & Q(closed_at=None, closed_because="")),
                name="alert_closed_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "agency", "-id"], name="alert_of_patient"),
            models.Index(fields=["agency", "-id"], name="alert_of_agency"),
            # the inbox: what is open, and the newest of what is over
            models.Index(fields=["agency", "-id"], condition=~Q(status="closed"), name="alert_open_of_agency"),
            models.Index(fields=["agency", "-closed_at"], condition=Q(status="closed"), name="alert_closed_of_agency"),
            models.Index(
                fields=["duty_county", "duty_township", "-id"], condition=~Q(status="closed"), name="alert_open"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status != CaseStatus.CLOSED


class AlertEntry(Placed):
    """One thing told to the office. Its content is sealed as it was at the time and never changes."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="entries", verbose_name="预警")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    kind = models.CharField("内容", max_length=12, choices=EntryKind)
    source_kind = models.CharField("来源", max_length=8, choices=SourceKind)
    source = models.UUIDField("来源编号")
    source_version = models.PositiveSmallIntegerField("来源版本", default=1)
    occurred_on = models.DateField("日期")
    level = models.PositiveSmallIntegerField("等级", null=True)
    previous_level = models.PositiveSmallIntegerField("上次等级", null=True)
    content = SealedJSONField("内容", label="alertentry.content", null=True)
    withdrawn_at = models.DateTimeField("收回时间", null=True)
    disputed = models.BooleanField("有异议", default=False)  # the person or guardian objected when this was told
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "alert", "source_kind", "source", "source_version", "created_at", "created_by", *PLACE),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "content": FieldGroup.FULL_IDENTITY,
        **dict.fromkeys(("kind", "occurred_on", "level", "previous_level", "withdrawn_at"), FieldGroup.RISK),
        "disputed": FieldGroup.CONSENT,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "source_kind", "source", "source_version"], name="alertentry_once_per_source"
            ),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="alertentry_kind_known"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 5)), name="alertentry_level_0_to_5"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class Receipt(Placed):
    """回执: the entry lies in the office's inbox. Seen and 签收 are moments of their own; once set they stay."""

    entry = models.OneToOneField(AlertEntry, models.PROTECT, related_name="receipt", verbose_name="内容")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="receipts", verbose_name="预警")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    delivered_at = models.DateTimeField("送达时间", default=timezone.now)
    seen_at = models.DateTimeField("看过时间", null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="看过的人")
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签收人")
    silent_noted_at = models.DateTimeField("超时记录时间", null=True)  # the county was told
    commission_noted_at = models.DateTimeField("报卫生健康委时间", null=True)
    answer_noted_at = models.DateTimeField("反馈超时记录时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "entry", "alert", "delivered_at", *PLACE), FieldGroup.TECHNICAL),
        **dict.fromkeys(("seen_at", "seen_by", "acknowledged_at", "acknowledged_by"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("silent_noted_at", "commission_noted_at", "answer_noted_at"), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="receipt_seen_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, seen_at__isnull=False),
                name="receipt_acknowledged_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["alert", "id"], name="receipt_of_alert"),
            models.Index(fields=["alert"], condition=Q(seen_at=None), name="receipt_unseen"),
            models.Index(fields=["delivered_at"], condition=Q(acknowledged_at=None), name="receipt_unsigned"),
        ]

    def __str__(self) -> str:
        return f"{self.delivered_at:%Y-%m-%d %H:%M}"


@tracked()
class Feedback(Placed):
    """反馈 of the office: whom they met, when, what they did, how it ended. A row per visit, never edited."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)  # a form sent twice meets this wall
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="feedback", verbose_name="预警")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    given_at = models.DateTimeField("反馈时间", default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="反馈人")
    met = models.CharField("见到人了吗", max_length=8, choices=Met)
    met_at = models.DateTimeField("什么时候")
    actions = ArrayField(models.CharField(max_length=12, choices=Action), verbose_name="做了什么", default=list)
    result = models.CharField("结果", max_length=8, choices=Result)
    note = SealedJSONField("补充说明", label="feedback.note", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "form_id", "alert", "given_at", "given_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("met", "met_at", "actions", "result", "note"), FieldGroup.INCIDENT),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(met__in=Met.values), name="feedback_met_known"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="feedback_result_known"),
        ]
        indexes = [models.Index(fields=["alert", "id"], name="feedback_of_alert")]

    def __str__(self) -> str:
        return self.get_result_display()
