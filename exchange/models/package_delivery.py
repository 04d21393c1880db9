"""What follows the second signature: the letter kept as it was sent, the days for fetching, and each fetch."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import SealedBytesField, User
from accounts.terms import FieldGroup
from exchange.models.keys import AgencyKey
from exchange.models.package import Package
from exchange.rules.delivery import MOST_FETCHES
from exchange.terms import FetchWay


class PackageLetter(models.Model):
    """交换函 as it was sent: a later version of the engine may set it differently, the archive stays the same bytes."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    package = models.OneToOneField(Package, models.PROTECT, related_name="letter", verbose_name="交换包")
    content = SealedBytesField("交换函", label="packageletter.content")  # numbers and grounds, nobody's name

    privacy: ClassVar = dict.fromkeys(("id", "uuid", "package", "content"), FieldGroup.TECHNICAL)

    def __str__(self) -> str:
        return str(self.uuid)


class PackageOffer(models.Model):
    """领取期: seven days and three downloads; the county may open another."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="offers", verbose_name="交换包")
    opened_at = models.DateTimeField("开放时间", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开放人")
    expires_at = models.DateTimeField("截止时间")
    most = models.PositiveSmallIntegerField("可下载次数", default=MOST_FETCHES)
    ended_at = models.DateTimeField("结束时间", null=True)  # replaced by a newer one

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "package", "opened_at", "opened_by", "expires_at", "most", "ended_at"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package"], condition=Q(ended_at=None), name="packageoffer_one_open"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="packageoffer_ends_later"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class PackageDownload(models.Model):
    """领取记录: who fetched the file when, to which key, and the digest by which a leaked copy can be traced."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    offer = models.ForeignKey(PackageOffer, models.PROTECT, related_name="downloads", verbose_name="领取期")
    package = models.ForeignKey(Package, models.PROTECT, related_name="downloads", verbose_name="交换包")
    key = models.ForeignKey(AgencyKey, models.PROTECT, related_name="+", verbose_name="公钥")
    began_at = models.DateTimeField("开始时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="领取人")
    way = models.CharField("方式", max_length=4, choices=FetchWay)
    finished_at = models.DateTimeField("完成时间", null=True)
    size = models.PositiveBigIntegerField("字节数", null=True)
    file_sha256 = models.CharField("加密文件校验码", max_length=64, blank=True, default="")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "offer", "package", "key", "began_at", "by", "way", "finished_at", "size", "file_sha256"),
        FieldGroup.TECHNICAL,
    )

    class Meta:
        indexes = [models.Index(fields=["package", "began_at"], name="packagedownload_of_package")]

    def __str__(self) -> str:
        return str(self.uuid)


class PackageRun(models.Model):
    """准备进度: written beside the transaction that prepares, so that others can see it; numbers only, not a record."""

    package = models.UUIDField("交换包", unique=True)
    began_at = models.DateTimeField("开始时间", default=timezone.now)
    seen_at = models.DateTimeField("最近更新", default=timezone.now)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)

    privacy: ClassVar = dict.fromkeys(("id", "package", "began_at", "seen_at", "done", "total"), FieldGroup.TECHNICAL)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
