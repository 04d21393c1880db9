from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Division
from accounts.terms import FieldGroup


class AdoptedPlan(models.Model):
    """A plan pack that an area works by. What it says stands in its file; `digest` tells which text was loaded."""

    pack = models.CharField("计划编号", max_length=40, unique=True)
    area = models.ForeignKey(Division, models.PROTECT, related_name="plans", verbose_name="适用地区")
    digest = models.CharField("内容摘要", max_length=64)
    loaded_at = models.DateTimeField("载入时间", default=timezone.now)

    privacy: ClassVar = dict.fromkeys(("id", "pack", "area", "digest", "loaded_at"), FieldGroup.AGGREGATE)

    def __str__(self) -> str:
        return self.pack
