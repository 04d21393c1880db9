from typing import ClassVar
from uuid import uuid4

from django.db import models

from accounts.models.division import Division
from accounts.models.fields import EncryptedTextField
from accounts.terms import AgencyKind, FieldGroup


class Agency(models.Model):
    """机构: a named office of one kind in one division. Partners are addressed by agency, never by person."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=24, choices=AgencyKind)
    name = models.CharField("名称", max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, related_name="agencies", verbose_name="所在区划")
    duty_phone = EncryptedTextField("值班电话", label="agency.duty_phone", null=True)
    on_duty = models.BooleanField("全天值守", default=False)
    is_active = models.BooleanField("在用", default=True)

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "kind", "name", "division", "duty_phone", "on_duty", "is_active"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "division", "name"], name="agency_named_once")]
        indexes = [models.Index(fields=["division", "kind"], name="agency_by_place")]

    def __str__(self) -> str:
        return self.name
