from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.rules.places import usual_name
from accounts.terms import DivisionLevel, FieldGroup


class Division(models.Model):
    """行政区划. Codes change every year, so a division has its own key, valid dates and successor."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=DivisionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级")
    valid_from = models.DateField("启用日期", null=True)
    valid_to = models.DateField("停用日期", null=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="predecessors", verbose_name="继任区划"
    )

    privacy: ClassVar = dict.fromkeys(
        ("id", "code", "name", "level", "parent", "valid_from", "valid_to", "successor"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="division_one_live_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2,12}$"), name="division_code_is_digits"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def usual_name(self) -> str:
        """As people say it: 龙池村, not 龙池村村民委员会."""
        return usual_name(self.name)

    @property
    def township_id(self) -> int | None:
        """Key of the township: itself, or the village's parent; None above the township."""
        if self.level == DivisionLevel.TOWNSHIP:
            return self.pk
        return self.parent_id if self.level == DivisionLevel.VILLAGE else None

    @property
    def kind(self) -> str:
        """街道, 镇 or 乡 by the code block of a township (001–099, 100–199, 200–399). Source: GB/T 10114."""
        block = int(self.code[6:9]) if len(self.code) >= 9 else 0
        return "街道" if block < 100 else "镇" if block < 200 else "乡"
