"""The ledger: who was told what about whom, on what ground. It only grows."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.terms import FieldGroup
from exchange.terms import Basis, LedgerAct


class Disclosure(models.Model):
    """披露台账: a line per person, recipient and act; by month, append-only. Kept with the record (30 years).

    `digest` is a keyed hash of the content, so that what was told can be proven without being read here.
    """

    pk = models.CompositePrimaryKey("at", "uuid")
    at = models.DateTimeField(default=timezone.now)
    uuid = models.UUIDField(default=uuid4)
    act = models.CharField(max_length=9, choices=LedgerAct)
    person = models.UUIDField()
    recipient = models.UUIDField()  # the agency
    recipient_name = models.CharField(max_length=80)
    alert = models.UUIDField(null=True)
    release = models.UUIDField(null=True)  # the package, where it was no alert
    entry = models.UUIDField(null=True)
    fields = ArrayField(models.CharField(max_length=24), default=list)
    basis = models.CharField(max_length=16, choices=Basis)
    citation = models.CharField(max_length=120, blank=True)
    actor = models.UUIDField(null=True)  # None: the system itself
    actor_name = models.CharField(max_length=60)
    digest = models.BinaryField(null=True)

    privacy: ClassVar = dict.fromkeys(
        ("at", "uuid", "act", "person", "recipient", "recipient_name", "alert", "release", "entry",
         "fields", "basis", "citation", "actor", "actor_name", "digest"),
        FieldGroup.TRAIL,
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="disclosure_of_person"),
            models.Index(fields=["actor", "at"], name="disclosure_by_actor"),
        ]

    def __str__(self) -> str:
        return self.get_act_display()
