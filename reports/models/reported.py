from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedBytesField, User
from accounts.terms import FieldGroup
from reports.terms import ReportedState


class ReportedValueQuerySet(models.QuerySet["ReportedValue"]):
    def within(self, areas: "models.QuerySet[Division] | list[int]") -> "ReportedValueQuerySet":
        return self.filter(area__in=areas)

    def open(self) -> "ReportedValueQuerySet":
        return self.filter(state=ReportedState.ENTERED)


class ReportedValue(models.Model):
    """填报值: what a department says of one row of the plan for one period. It counts once the commission confirms it.

    A row is never rewritten: a new entry for the same row and period replaces the one before it.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    pack = models.CharField("计划", max_length=40)
    key = models.CharField("指标", max_length=40)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    period_from = models.DateField("期间开始")
    period_to = models.DateField("期间截止")
    numerator = models.DecimalField("分子或数量", max_digits=14, decimal_places=2)
    denominator = models.DecimalField("分母", max_digits=14, decimal_places=2, null=True)
    evidence = models.CharField("依据", max_length=200, blank=True)  # or a file, see below
    state = models.CharField("状态", max_length=10, choices=ReportedState, default=ReportedState.ENTERED)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="填报单位")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填报人")
    entered_at = models.DateTimeField("填报时间", default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间", null=True)
    return_reason = models.CharField("退回理由", max_length=200, blank=True)

    objects = ReportedValueQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            [
                "pack",
                "key",
                "area",
                "period_from",
                "period_to",
                "numerator",
                "denominator",
                "evidence",
                "state",
                "return_reason",
            ],
            FieldGroup.AGGREGATE,
        ),
        **dict.fromkeys(
            ["id", "uuid", "agency", "entered_by", "entered_at", "decided_by", "decided_at"], FieldGroup.TECHNICAL
        ),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "key", "area", "period_to"],
                condition=Q(state=ReportedState.ENTERED),
                name="reported_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["pack", "key", "area", "period_to"],
                condition=Q(state=ReportedState.CONFIRMED),
                name="reported_one_confirmed",
            ),
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="reported_period_in_order"),
            models.CheckConstraint(condition=Q(numerator__gte=0), name="reported_not_negative"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0), name="reported_denominator_above_0"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")), name="reported_two_people"
            ),
        ]
        indexes = [models.Index(fields=["pack", "area", "key", "-period_to"], name="reported_newest")]

    def __str__(self) -> str:
        return f"{self.pack} {self.key} {self.period_to}"


class EvidenceFile(models.Model):
    """依据文件: a scan that a value rests on, sealed whole. Never changed: another value brings another file."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    value = models.OneToOneField(ReportedValue, models.PROTECT, related_name="file", verbose_name="填报值")
    form = models.CharField("格式", max_length=4)  # pdf, jpg, png: told by the content, never by a name
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    content = SealedBytesField("内容", label="evidencefile.content")
    kept_at = models.DateTimeField("保存时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(["id", "uuid", "value", "form", "size", "sha256", "kept_at"], FieldGroup.TECHNICAL),
        "content": FieldGroup.AGGREGATE,  # figures of a department; the page asks for no list of people
    }

    def __str__(self) -> str:
        return f"{self.value_id} {self.form}"
