"""Joint visits: the sheet that members may read, and their dated grants to it. Never the clinical file."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Placed, SealedJSONField, SealedWordsField, User
from accounts.terms import FieldGroup
from exchange.models.alert import PLACE
from exchange.terms import JointState
from registry.models import Patient


@tracked()
class JointVisit(Placed):
    """协同随访. Its sheet is sealed as it was arranged."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="joint_visits", verbose_name="患者")
    state = models.CharField("状态", max_length=10, choices=JointState, default=JointState.PLANNED)
    planned_at = models.DateTimeField("时间")
    content = SealedJSONField("协同随访单", label="jointvisit.content")
    arranged_at = models.DateTimeField("约定时间", default=timezone.now)
    arranged_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="约定人")
    because: Any = SealedWordsField("取消的原因", label="jointvisit.because")

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "form_id", "arranged_at", "arranged_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("state", "planned_at"), FieldGroup.MANAGEMENT),
        "content": FieldGroup.FULL_IDENTITY,
        "because": FieldGroup.MANAGEMENT,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=JointState.values), name="jointvisit_state_known")]
        indexes = [
            models.Index(fields=["patient", "-planned_at"], name="jointvisit_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township", "planned_at"],
                condition=Q(state="planned"),
                name="jointvisit_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.planned_at):%Y-%m-%d %H:%M}"


class JointMember(Placed):
    """Who goes along: a dated grant to the sheet, and what the person did."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    joint = models.ForeignKey(JointVisit, models.PROTECT, related_name="members", verbose_name="协同随访")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="成员")
    expires_at = models.DateTimeField("可看到")
    revoked_at = models.DateTimeField("收回时间", null=True)
    signed_at = models.DateTimeField("签名时间", null=True)
    did = SealedJSONField("做了什么", label="jointmember.did", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "joint", "user", "expires_at", "revoked_at", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        "signed_at": FieldGroup.TECHNICAL,
        "did": FieldGroup.INCIDENT,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["joint", "user"], name="jointmember_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None, did__isnull=True) | Q(signed_at__isnull=False, did__isnull=False),
                name="jointmember_signs_what_was_done",
            ),
        ]
        indexes = [models.Index(fields=["user", "expires_at"], name="jointmember_of_user")]

    def __str__(self) -> str:
        return str(self.user_id)
