"""回执 to a package: every one that was sent in stays; the word that was written last holds. Sums that always come out."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Division, Placed, SealedWordsField, User
from accounts.terms import FieldGroup
from exchange.models.alert import PLACE
from exchange.models.package import Package
from exchange.terms import (
    Found,
    ReceiptWay,
    RefusalState,
    RefusedBecause,
    RowVerdict,
    Settled,
)
from registry.models import Patient

COUNTS = ("sent", "matched", "unmatched", "refused", "pending")
BALANCED = Q(sent=F("matched") + F("unmatched") + F("refused") + F("pending"))


class PackageReceipt(models.Model):
    """One receipt as it was sent in, and how the package stood after it. Never changed; a correction is another."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)  # sent twice it counts once
    digest = models.CharField("内容校验码", max_length=64)
    package = models.ForeignKey(Package, models.PROTECT, related_name="receipts", verbose_name="交换包")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    number = models.PositiveIntegerField("第几次")
    way = models.CharField("方式", max_length=4, choices=ReceiptWay)
    given_at = models.DateTimeField("回执时间", default=timezone.now)
    issued_at = models.DateTimeField(
        "填表时间", default=timezone.now
    )  # by this receipts have their order, not by arrival
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="回执人")
    rows = models.PositiveIntegerField("这次登记的行数")
    sent = models.PositiveIntegerField("发出")
    matched = models.PositiveIntegerField("一致")
    unmatched = models.PositiveIntegerField("对不上")
    refused = models.PositiveIntegerField("退回")
    pending = models.PositiveIntegerField("待核对")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "form_id", "digest", "package", "county", "number", "way", "given_at", "issued_at", "given_by",
         "rows", *COUNTS),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="packagereceipt_in_order"),
            models.CheckConstraint(condition=BALANCED, name="packagereceipt_balances"),
            models.CheckConstraint(condition=Q(way__in=ReceiptWay.values), name="packagereceipt_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.number}"


class PackageReceiptRow(models.Model):
    """What one receipt says about one row. `serial` is the row's place in the package and says nothing by itself."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    receipt = models.ForeignKey(PackageReceipt, models.PROTECT, related_name="lines", verbose_name="回执")
    package = models.ForeignKey(Package, models.PROTECT, related_name="+", verbose_name="交换包")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    serial = models.PositiveIntegerField("行号")
    verdict = models.CharField("结果", max_length=9, choices=RowVerdict)
    because = models.CharField("退回原因", max_length=9, choices=RefusedBecause, blank=True, default="")
    note = SealedWordsField("说明", label="packagereceiptrow.note")
    since = models.DateTimeField("最早这样说的时间", default=timezone.now)  # a word said again is no new word

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "receipt", "package", "county", "serial", "verdict", "because", "since"),
            FieldGroup.TECHNICAL,
        ),
        "note": FieldGroup.FULL_IDENTITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "serial"], name="packagereceiptrow_once"),
            models.CheckConstraint(condition=Q(verdict__in=RowVerdict.values), name="packagereceiptrow_verdict_known"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="packagereceiptrow_serial_from_1"),
            models.CheckConstraint(
                condition=Q(verdict="refused", because__in=RefusedBecause.values)
                | (~Q(verdict="refused") & Q(because="")),
                name="packagereceiptrow_refused_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["package", "serial", "-receipt"], name="packagereceiptrow_newest")]

    def __str__(self) -> str:
        return f"{self.serial} {self.verdict}"


class PackageClosing(models.Model):
    """办结: the package's last word, with what is written on the certificate. One for a package, never changed."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    package = models.OneToOneField(Package, models.PROTECT, related_name="closing", verbose_name="交换包")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    closed_at = models.DateTimeField("办结时间", default=timezone.now)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办结人")
    because = models.CharField("回执不齐而办结的原因", max_length=200, blank=True, default="")
    receipts = models.PositiveIntegerField("回执次数")
    sent = models.PositiveIntegerField("发出")
    matched = models.PositiveIntegerField("一致")
    unmatched = models.PositiveIntegerField("对不上")
    refused = models.PositiveIntegerField("退回")
    pending = models.PositiveIntegerField("没有回执")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "package", "county", "closed_at", "closed_by", "because", "receipts", *COUNTS),
        FieldGroup.TECHNICAL,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=BALANCED, name="packageclosing_balances"),
            models.CheckConstraint(
                condition=Q(pending=0) | Q(because__gt=""), name="packageclosing_complete_or_because"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.closed_at:%Y-%m-%d}"


class PackageRefusal(Placed):
    """A row that was sent back, as somebody's work: the township's where it is about facts, then the county's."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="refusals", verbose_name="交换包")
    serial = models.PositiveIntegerField("行号")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    because = models.CharField("退回原因", max_length=9, choices=RefusedBecause)
    said = SealedWordsField("接收单位的说明", label="packagerefusal.said")
    state = models.CharField("状态", max_length=8, choices=RefusalState)
    opened_at = models.DateTimeField("退回时间", default=timezone.now)
    found = models.CharField("核实结果", max_length=9, choices=Found, blank=True, default="")
    found_at = models.DateTimeField("核实时间", null=True)
    found_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核实人")
    settled = models.CharField("处理", max_length=10, choices=Settled, blank=True, default="")
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办结人")

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "package", "serial", "because", "state", "opened_at", "found", "found_at", "found_by",
             "settled", "settled_at", "settled_by", *PLACE),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "said": FieldGroup.FULL_IDENTITY,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package", "serial"], condition=~Q(state="settled"), name="packagerefusal_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=RefusalState.values), name="packagerefusal_state_known"),
            models.CheckConstraint(
                condition=Q(state="settled", settled__gt="", settled_at__isnull=False)
                | (~Q(state="settled") & Q(settled="")),
                name="packagerefusal_settled_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["duty_county", "duty_township", "id"], condition=~Q(state="settled"), name="packagerefusal_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.serial}"
