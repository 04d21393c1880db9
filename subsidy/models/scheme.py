"""The schemes that a county works by: the file's whole text as adopted, from a day on."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import FieldGroup
from subsidy.terms import SchemeKind


class CountyScheme(models.Model):
    """An adopted scheme holds from its day until a row of the same scheme begins or it is stopped. Never edited.

    The text is kept whole: a preset that a later version of this system ships changes nothing that a county decided.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    scheme = models.CharField("办法编号", max_length=60)
    kind = models.CharField("种类", max_length=24, choices=SchemeKind)
    starts_on = models.DateField("生效日期")
    stopped_on = models.DateField("停用日期", null=True)
    basis = models.CharField("依据", max_length=200)
    text = models.TextField("办法全文")
    adopted_at = models.DateTimeField("启用时间", default=timezone.now)
    adopted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="启用人")

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "scheme", "kind", "starts_on", "stopped_on", "basis", "text", "adopted_at",
            "adopted_by",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "scheme", "starts_on"], name="countyscheme_one_a_day"),
            models.CheckConstraint(condition=Q(kind__in=SchemeKind.values), name="countyscheme_kind_known"),
            models.CheckConstraint(
                condition=Q(stopped_on=None) | Q(stopped_on__gte=F("starts_on")),
                name="countyscheme_stopped_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.starts_on}"
