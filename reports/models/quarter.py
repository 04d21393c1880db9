from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.terms import FieldGroup


class QuarterCount(models.Model):
    """The counts of one township at a quarter's end, or so far, kept so that dashboards read no person's row.

    Only kept, never true by itself: one with a QuarterChange is counted afresh by whoever reads, and rewritten by the clock.
    Division keys without foreign keys, as everywhere the counts are grouped by them.
    """

    township = models.IntegerField("乡镇（街道）")
    county = models.IntegerField("县（市、区）")
    year = models.PositiveSmallIntegerField("年")
    quarter = models.PositiveSmallIntegerField("季度")
    counts = ArrayField(models.IntegerField(), verbose_name="分子和分母")  # two a code, in the order of the definition
    definition = models.CharField("口径摘要", max_length=16)  # another text of the rules: the row does not count
    counted_at = models.DateTimeField("统计时间", default=timezone.now)

    privacy: ClassVar = {
        "id": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            ["township", "county", "year", "quarter", "counts", "definition", "counted_at"], FieldGroup.AGGREGATE
        ),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "year", "quarter"], name="quarter_count_once")]
        indexes = [models.Index(fields=["county", "year", "quarter"], name="quarter_count_by_county")]

    def __str__(self) -> str:
        return f"{self.township} {self.year}Q{self.quarter}"


class QuarterChange(models.Model):
    """A quarter of a township whose summary rows changed since it was counted. Written by a trigger only."""

    township = models.IntegerField("乡镇（街道）")
    county = models.IntegerField("县（市、区）")
    year = models.PositiveSmallIntegerField("年")
    quarter = models.PositiveSmallIntegerField("季度")

    privacy: ClassVar = {
        "id": FieldGroup.TECHNICAL,
        **dict.fromkeys(["township", "county", "year", "quarter"], FieldGroup.AGGREGATE),
    }

    class Meta:
        indexes = [models.Index(fields=["township", "year", "quarter"], name="quarter_change_of_township")]

    def __str__(self) -> str:
        return f"{self.township} {self.year}Q{self.quarter}"
