"""The outbox: a row per entry until it lies in the office's inbox, and what happened to it on the way."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Placed
from accounts.terms import FieldGroup
from exchange.models.alert import PLACE, AlertEntry
from registry.models import Patient


class Delivery(Placed):
    """Written with its entry, claimed by one worker at a time; a claim that runs out may be taken over."""

    entry = models.OneToOneField(AlertEntry, models.PROTECT, related_name="delivery", verbose_name="内容")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    queued_at = models.DateTimeField("发出时间", default=timezone.now)
    due_at = models.DateTimeField("最早送达时间", default=timezone.now)
    lease = models.UUIDField("占用", null=True)
    leased_until = models.DateTimeField("占用到", null=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    delivered_at = models.DateTimeField("送达时间", null=True)
    failed_at = models.DateTimeField("停送时间", null=True)
    last_error = models.CharField("原因", max_length=80, blank=True, default="")

    privacy: ClassVar = {
        **dict.fromkeys(("id", "entry", "queued_at", "due_at", "delivered_at", *PLACE), FieldGroup.TECHNICAL),
        **dict.fromkeys(("lease", "leased_until", "attempts", "failed_at", "last_error"), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
    }

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(failed_at=None), name="delivery_arrived_or_failed"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(delivered_at=None, failed_at=None), name="delivery_due")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeliveryEvent(models.Model):
    """History of the outbox, by month: when which attempt did what. No person in it."""

    pk = models.CompositePrimaryKey("at", "uuid")
    at = models.DateTimeField(default=timezone.now)
    uuid = models.UUIDField(default=uuid4)
    entry = models.UUIDField()
    attempt = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12)
    note = models.CharField(max_length=80, blank=True)

    privacy: ClassVar = dict.fromkeys(("at", "uuid", "entry", "attempt", "outcome", "note"), FieldGroup.TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["entry", "at"], name="deliveryevent_of_entry")]

    def __str__(self) -> str:
        return self.outcome
