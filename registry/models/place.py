"""Rows about places, and two counters that only database functions write."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Division
from accounts.terms import FieldGroup


class Population(models.Model):
    """常住人口 of a township in one year. Units: people."""

    township = models.ForeignKey(Division, models.PROTECT, related_name="populations", verbose_name="乡镇（街道）")
    year = models.PositiveSmallIntegerField("年份")
    people = models.PositiveIntegerField("常住人口")

    privacy: ClassVar = dict.fromkeys(("id", "township", "year", "people"), FieldGroup.AGGREGATE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "year"], name="population_once")]

    def __str__(self) -> str:
        return f"{self.township} {self.year}"


class CaseNumber(models.Model):
    """The last internal number given in a county. It only grows; next_case_numbers() alone writes it."""

    county = models.OneToOneField(Division, models.PROTECT, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    privacy: ClassVar = dict.fromkeys(("county", "last"), FieldGroup.TECHNICAL)

    def __str__(self) -> str:
        return f"{self.county} {self.last}"


class IdQuestion(models.Model):
    """How often a user asked whether an ID number is known, by hour; id_is_known() alone reads and writes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hour = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)

    privacy: ClassVar = dict.fromkeys(("id", "user", "hour", "asked"), FieldGroup.TRAIL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "hour"], name="idquestion_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.hour}"
