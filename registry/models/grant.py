from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from accounts.terms import FieldGroup
from registry.models.patient import Patient

LONGEST = timedelta(days=92)


class LiveGrants(UserObjectPermissionManager):
    """What guardian reads: only the grants that hold now, so its own query keeps the dates."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(revoked_at=None, expires_at__gt=timezone.now())


class PatientGrant(UserObjectPermissionBase):
    """A dated exception to the area rule: joint visit, temporary file, consultation. Made by our service only."""

    content_object = models.ForeignKey(Patient, models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = LiveGrants()  # type: ignore[misc]
    history: ClassVar = models.Manager()  # every grant ever made: for audit pages

    privacy: ClassVar = dict.fromkeys(
        [
            "id",
            "user",
            "permission",
            "content_object",
            "granted_at",
            "expires_at",
            "reason",
            "granted_by",
            "revoked_at",
        ],
        FieldGroup.TRAIL,
    )

    class Meta(UserObjectPermissionBase.Meta):
        unique_together: ClassVar = []  # the base forbids a second grant after the first has run out
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="grant_has_reason"),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("granted_at") + LONGEST), name="grant_at_most_92_days"
            ),
        ]
        indexes = [models.Index(fields=["user", "expires_at"], name="grant_by_user")]
