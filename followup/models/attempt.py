from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Placed, SealedJSONField, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from followup.terms import MissedReason
from registry.models import Patient


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: User) -> "AttemptQuerySet":
        return self.filter(in_reach(user))

    def standing(self) -> "AttemptQuerySet":
        """Those that count: not struck."""
        return self.filter(struck_at=None)


class Attempt(Placed):
    """未访到: a try that reached nobody. A fact of its own, never a follow-up record.

    Never removed: one that was written down wrongly (of another person, of another day) is struck with its reason.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="attempts", verbose_name="患者")
    attempted_on = models.DateField("日期")
    reason = models.CharField("没访到的原因", max_length=1, choices=MissedReason)
    form_id = models.UUIDField("表单号", unique=True)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    struck_at = models.DateTimeField("作废时间", null=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    struck_words = SealedJSONField("作废原因", label="attempt.struck_words", null=True)

    objects = AttemptQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "entered_at", "entered_by", "struck_at", "struck_by", "duty_township",
             "duty_county", "at_township"),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "attempted_on": FieldGroup.MANAGEMENT,
        "reason": FieldGroup.MANAGEMENT,
        "struck_words": FieldGroup.MANAGEMENT,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="attempt_struck_by_someone",
            )
        ]
        indexes = [models.Index(fields=["patient", "-attempted_on"], name="attempt_by_patient")]

    def __str__(self) -> str:
        return f"{self.attempted_on} {self.get_reason_display()}"
