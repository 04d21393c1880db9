from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import Placed, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from followup.terms import MissedReason
from registry.models import Patient


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: User) -> "AttemptQuerySet":
        return self.filter(in_reach(user))


class Attempt(Placed):
    """未访到: a try that reached nobody. A fact of its own, never a follow-up record."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="attempts", verbose_name="患者")
    attempted_on = models.DateField("日期")
    reason = models.CharField("没访到的原因", max_length=1, choices=MissedReason)
    form_id = models.UUIDField("表单号", unique=True)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = AttemptQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "entered_at", "entered_by", "duty_township", "duty_county", "at_township"),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "attempted_on": FieldGroup.MANAGEMENT,
        "reason": FieldGroup.MANAGEMENT,
    }

    class Meta:
        indexes = [models.Index(fields=["patient", "-attempted_on"], name="attempt_by_patient")]

    def __str__(self) -> str:
        return f"{self.attempted_on} {self.get_reason_display()}"
