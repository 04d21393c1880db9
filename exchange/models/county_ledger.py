"""The ledger as the county's privacy officer and auditor read it: a view of the owner (migration 0019)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.terms import FieldGroup
from exchange.terms import Basis, LedgerAct, LedgerWay, Situation


class CountyDisclosure(models.Model):
    """A line of 披露台账 about somebody who is the county's now. Names come masked, and to the privacy officer only.

    The view asks the database itself who looks: without a live assignment as one of the two it is empty.
    """

    uuid = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=9, choices=LedgerAct)
    person = models.UUIDField()  # never shown: a pseudonym is made of it
    county_id = models.IntegerField()
    recipient = models.UUIDField()
    recipient_name = models.CharField(max_length=80)
    fields = ArrayField(models.CharField(max_length=24))
    basis = models.CharField(max_length=16, choices=Basis)
    citation = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=60)
    way = models.CharField(max_length=7, choices=LedgerWay)
    number = models.CharField(max_length=36)
    situation = models.CharField(max_length=14, choices=Situation)
    period = models.CharField(max_length=6)
    version = models.PositiveSmallIntegerField(null=True)
    archive_sha256 = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)  # the alert, copy or package that told it has been taken back
    masked_name = models.CharField(max_length=2, null=True)
    case_number = models.PositiveIntegerField(null=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            ("uuid", "at", "act", "person", "recipient", "recipient_name", "fields", "basis", "citation", "actor_name",
             "way", "number", "ended_at"),
            FieldGroup.TRAIL,
        ),
        **dict.fromkeys(("county_id", "situation", "period", "version", "archive_sha256"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("masked_name", "case_number"), FieldGroup.IDENTITY),
    }  # fmt: skip

    class Meta:
        managed = False
        db_table = "exchange_countydisclosure"

    def __str__(self) -> str:
        return self.get_act_display()
