"""交换包: what one agency gets for one period, frozen when it was prepared; and who signed it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedJSONField, User
from accounts.terms import FieldGroup
from exchange.models.template import RecipientTemplate
from exchange.terms import ListKind, PackageState, Situation


class Package(models.Model):
    """One version for county, agency, occasion and period. `content_sha256` is what two people sign."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="接收单位")
    situation = models.CharField("情形", max_length=14, choices=Situation)
    template = models.ForeignKey(RecipientTemplate, models.PROTECT, related_name="+", verbose_name="接收模板")
    period = models.CharField("交换期", max_length=6)
    version = models.PositiveSmallIntegerField("版次", default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正的包")
    state = models.CharField("状态", max_length=9, choices=PackageState, default=PackageState.OPENED)
    opened_at = models.DateTimeField("建立时间", default=timezone.now)
    prepared_at = models.DateTimeField("准备时间", null=True)
    rows = models.PositiveIntegerField("行数", default=0)
    counts = models.JSONField("各名单人数和差异", default=dict)  # numbers only
    content_sha256 = models.CharField("内容校验码", max_length=64, blank=True)
    fault = models.CharField("没有做成的原因", max_length=200, blank=True)
    first_at = models.DateTimeField("第一人签发时间", null=True)
    first_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="第一签发人")
    released_at = models.DateTimeField("签发时间", null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="第二签发人")
    archive_sha256 = models.CharField("文件校验码", max_length=64, blank=True)
    ended_at = models.DateTimeField("收回或作废时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="收回或作废人")
    because = models.CharField("原因", max_length=200, blank=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "agency", "situation", "template", "period", "version", "corrects", "state", "opened_at",
            "prepared_at", "rows", "counts", "content_sha256", "fault", "first_at", "first_by", "released_at",
            "released_by", "archive_sha256", "ended_at", "ended_by", "because",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "agency", "situation", "period", "version"], name="package_once_a_period"
            ),
            models.CheckConstraint(condition=Q(state__in=PackageState.values), name="package_state_known"),
            models.CheckConstraint(
                condition=Q(released_at=None)
                | (Q(first_by__isnull=False) & Q(released_by__isnull=False) & ~Q(first_by=F("released_by"))),
                name="package_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("released", "collected")) | Q(released_at__isnull=False),
                name="package_released_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.period} {self.get_situation_display()}"

    @property
    def because_of(self) -> str:
        """What `because` is the reason of."""
        act = {PackageState.RECALLED: "收回", PackageState.DROPPED: "作废"}.get(PackageState(self.state), "重新准备")
        return f"{act}的原因"


class PackagePart(models.Model):
    """Up to 500 rows of one list, sealed whole: [person's uuid or "", cells]. Never changed; dropped with its package."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="parts", verbose_name="交换包")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    number = models.PositiveIntegerField("次序")
    list = models.CharField("名单", max_length=10, choices=ListKind)
    is_change = models.BooleanField("变动", default=False)  # then each row begins with what happened and why
    content = SealedJSONField("内容", label="packagepart.content")

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "package", "county", "number", "list", "is_change"), FieldGroup.TECHNICAL),
        "content": FieldGroup.FULL_IDENTITY,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "number"], name="packagepart_in_order")]

    def __str__(self) -> str:
        return f"{self.number}"
