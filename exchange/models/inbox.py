"""What a receiving office may read: views of the owner that end at its own agency. No register table behind them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.terms import FieldGroup
from exchange.terms import Action, CaseStatus, EntryKind, Met, Result


class InboxCase(models.Model):
    """A case of the office. Once it is closed only number and dates are left."""

    uuid = models.UUIDField()
    agency_id = models.BigIntegerField()
    agency_name = models.CharField(max_length=80)
    county_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=CaseStatus)
    level = models.PositiveSmallIntegerField(null=True)
    area = models.CharField(max_length=130, null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    on_duty = models.BooleanField()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "agency_id", "agency_name", "county_id", "opened_at", "on_duty"), FieldGroup.TECHNICAL
        ),
        **dict.fromkeys(("number", "area"), FieldGroup.IDENTITY),
        **dict.fromkeys(("status", "level", "closed_at"), FieldGroup.RISK),
    }

    class Meta:
        managed = False
        db_table = "exchange_inboxcase"

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        return self.status == CaseStatus.CLOSED


class InboxEntry(models.Model):
    """A delivered entry, without its content: that comes out of exchange_open() only, which writes the ledger."""

    uuid = models.UUIDField()
    case = models.ForeignKey(InboxCase, models.DO_NOTHING, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    occurred_on = models.DateField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    previous_level = models.PositiveSmallIntegerField(null=True)
    is_withdrawn = models.BooleanField()
    disputed = models.BooleanField()
    delivered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_name = models.CharField(max_length=40, null=True)
    acknowledged_by_id = models.BigIntegerField(null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "case", "delivered_at", "seen_at"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("acknowledged_at", "acknowledged_by_name", "acknowledged_by_id"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("kind", "occurred_on", "level", "previous_level", "is_withdrawn"), FieldGroup.RISK),
        "disputed": FieldGroup.CONSENT,
    }

    class Meta:
        managed = False
        db_table = "exchange_inboxentry"

    def __str__(self) -> str:
        return self.get_kind_display()


class InboxFeedback(models.Model):
    """The office's own answers; with the case's content they go when it is closed."""

    uuid = models.UUIDField()
    case = models.ForeignKey(InboxCase, models.DO_NOTHING, related_name="feedback")
    given_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=40)
    met = models.CharField(max_length=8, choices=Met, null=True)
    met_at = models.DateTimeField(null=True)
    actions = ArrayField(models.CharField(max_length=12, choices=Action), null=True)
    result = models.CharField(max_length=8, choices=Result, null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "case", "given_at", "given_by_name"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("met", "met_at", "actions", "result"), FieldGroup.INCIDENT),
    }

    class Meta:
        managed = False
        db_table = "exchange_inboxfeedback"

    def __str__(self) -> str:
        return str(self.uuid)
