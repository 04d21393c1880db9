"""What a platform's export calls its columns in one county: changed by the platform from one day to the next."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import FieldGroup
from exchange.terms import InboundKind


class PlatformHeaders(models.Model):
    """From `starts_on` on until the next row: item -> name of the column. What is not named keeps the shipped name."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    kind = models.CharField("平台", max_length=16, choices=InboundKind)
    starts_on = models.DateField("启用日期")
    headers = models.JSONField("列名", default=dict)
    set_at = models.DateTimeField("设置时间", default=timezone.now)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设置人")

    privacy: ClassVar = dict.fromkeys(
        ("id", "county", "kind", "starts_on", "headers", "set_at", "set_by"), FieldGroup.TECHNICAL
    )

    class Meta:
        verbose_name_plural = "platform headers"
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "starts_on"], name="platformheaders_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}"
