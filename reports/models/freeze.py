"""What was known on a day, kept for good: the figures in the open, the people behind them sealed by township."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, SealedBytesField, User
from accounts.terms import FieldGroup
from reports.terms import FreezeKind


class Freeze(models.Model):
    """冻结: a closed quarter or an assessment. Written once, never changed, by whomever.

    `content` is everything that a page or a report says of it, as plain numbers and words; it names nobody. `sha256`
    is of the content with the digests of its townships' people, so that one string holds all of it.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=8, choices=FreezeKind)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    pack = models.CharField("计划", max_length=40, blank=True)  # of an assessment
    as_of = models.DateField("截止日期")
    note = models.CharField("说明", max_length=200, blank=True)
    content = models.JSONField("内容")
    people = models.PositiveIntegerField("在册人数")
    sha256 = models.CharField("校验码", max_length=64)
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="冻结人")
    frozen_at = models.DateTimeField("冻结时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(["kind", "area", "pack", "as_of", "note", "content", "people", "sha256"], FieldGroup.AGGREGATE),
        **dict.fromkeys(["id", "uuid", "frozen_by", "frozen_at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "pack", "as_of"], name="freeze_once"),
            models.CheckConstraint(condition=Q(kind__in=FreezeKind.values), name="freeze_kind_known"),
            models.CheckConstraint(condition=Q(kind=FreezeKind.QUARTER) ^ ~Q(pack=""), name="freeze_names_its_plan"),
        ]
        indexes = [models.Index(fields=["area", "-as_of"], name="freeze_newest")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.kind} {self.as_of}"


class FreezePart(models.Model):
    """The people of one township in a freeze, sealed whole (see rules/frozen.py). Division keys as in the counts."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="parts", verbose_name="冻结")
    township = models.IntegerField("乡镇（街道）")
    county = models.IntegerField("县（市、区）")
    content = SealedBytesField("名单", label="freezepart.content")

    privacy: ClassVar = {
        **dict.fromkeys(["id", "uuid", "freeze", "township", "county"], FieldGroup.TECHNICAL),
        "content": FieldGroup.CLINICAL,  # who has which diagnosis, level, medicine follows from it
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["freeze", "township"], name="freezepart_once")]

    def __str__(self) -> str:
        return f"{self.freeze_id} {self.township}"
