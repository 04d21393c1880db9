from typing import ClassVar

from django.db import models

from accounts.models.division import Division
from accounts.terms import FieldGroup


class CountyPolicy(models.Model):
    """县级规则: one row per key and start; it holds until the next begins. Defaults stand in rules.policy_keys."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="policies", verbose_name="县区")
    key = models.CharField("项目", max_length=40)
    value = models.JSONField("值")
    starts_on = models.DateField("生效日期")
    basis = models.CharField("依据", max_length=200, blank=True)
    set_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="设定人")

    privacy: ClassVar = dict.fromkeys("id county key value starts_on basis set_by".split(), FieldGroup.TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "key", "starts_on"], name="policy_one_per_start")]


class CalendarDay(models.Model):
    """工作日历: a row overrides what the holiday notice or the rule says about one day."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=60, blank=True)
    set_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="设定人")

    privacy: ClassVar = dict.fromkeys("id day is_working note set_by".split(), FieldGroup.TECHNICAL)
