"""公钥 of an agency: one to which its packages are encrypted, one with which its lists are signed. Nobody's data."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, User
from accounts.terms import FieldGroup
from exchange.terms import KeyPurpose, KeySide, KeyState


class AgencyKey(models.Model):
    """One key of one agency. Its text never changes; another key is another row."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="接收单位")
    purpose = models.CharField("用途", max_length=4, choices=KeyPurpose, default=KeyPurpose.SEAL)
    state = models.CharField("状态", max_length=8, choices=KeyState, default=KeyState.WAITING)
    public_key = models.CharField("公钥", max_length=62)
    fingerprint = models.CharField("指纹", max_length=39)
    side = models.CharField("谁录入", max_length=6, choices=KeySide)
    entered_at = models.DateTimeField("录入时间", default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")
    confirmed_at = models.DateTimeField("核对时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    ended_at = models.DateTimeField("停用时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="停用人")
    because = models.CharField("原因", max_length=200, blank=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "agency", "purpose", "state", "public_key", "fingerprint", "side", "entered_at", "entered_by",
            "confirmed_at", "confirmed_by", "ended_at", "ended_by", "because",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "purpose"], condition=Q(state="waiting"), name="agencykey_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["agency", "purpose"], condition=Q(state="active"), name="agencykey_one_active"
            ),
            models.CheckConstraint(condition=Q(state__in=KeyState.values), name="agencykey_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("active", "replaced", "ended"))
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
                name="agencykey_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("replaced", "ended", "refused")) | Q(ended_at__isnull=False),
                name="agencykey_ended_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.fingerprint}"

    @property
    def because_of(self) -> str:
        """What `because` is the reason of."""
        return "退回的原因" if self.state == KeyState.REFUSED else "停用的原因"
