"""The trail: append-only, partitioned by month, people named by uuid only."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from accounts.terms import FieldGroup


class AuditEvent(models.Model):
    """审计事件: who did what to whom and why; written in the act's own transaction."""

    pk = models.CompositePrimaryKey("at", "uuid")
    at = models.DateTimeField(default=timezone.now)
    uuid = models.UUIDField(default=uuid4)
    action = models.CharField(max_length=60)
    actor = models.UUIDField(null=True)  # None: the system itself
    actor_name = models.CharField(max_length=60)
    agency = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    because = models.CharField(max_length=400, blank=True)
    facts = models.JSONField(default=dict)
    request = models.CharField(max_length=32, blank=True)

    privacy: ClassVar = dict.fromkeys(
        "at uuid action actor actor_name agency subject_kind subject person because facts request".split(),
        FieldGroup.TRAIL,
    )

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="audit_person"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
        ]


class AccessLog(models.Model):
    """访问日志: one row per response, with every person whose data it carried."""

    pk = models.CompositePrimaryKey("at", "uuid")
    at = models.DateTimeField(default=timezone.now)
    uuid = models.UUIDField(default=uuid4)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=32, blank=True)
    agency = models.UUIDField(null=True)
    method = models.CharField(max_length=8)
    route = models.CharField(max_length=80)  # the name of the page, never its address
    status = models.PositiveSmallIntegerField()
    persons = ArrayField(models.UUIDField(), default=list)
    groups = ArrayField(models.CharField(max_length=4), default=list)
    purpose = models.CharField(max_length=20, blank=True)
    address = models.GenericIPAddressField(null=True)
    request = models.CharField(max_length=32, blank=True)

    privacy: ClassVar = dict.fromkeys(
        "at uuid actor actor_name role agency method route status persons groups purpose address request".split(),
        FieldGroup.TRAIL,
    )

    class Meta:
        indexes = [GinIndex(fields=["persons"], name="access_persons", fastupdate=False)]
