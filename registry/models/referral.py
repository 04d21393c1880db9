"""双向转诊: the slip, its receipt, the answer and the return slip in one row; and the county's table of destinations."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Agency, Division, EncryptedTextField, Placed, SealedJSONField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import (
    AdmissionKind,
    DestinationCategory,
    ReferralDirection,
    ReferralReason,
    ReferralState,
)

_MOMENTS = ("received_at", "answered_at", "returned_at", "ended_at")
_PEOPLE = ("proposed_by", "received_by", "answered_by", "returned_by", "ended_by")


def _user(label: str) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label)


@tracked()
class Referral(Placed):
    """转诊单. What the receiver sees of the person is what stands on the slip, sealed when it was written."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="referrals", verbose_name="患者")
    person = models.UUIDField("患者编号", editable=False)
    direction = models.CharField("方向", max_length=4, choices=ReferralDirection)
    state = models.CharField("状态", max_length=10, choices=ReferralState, default=ReferralState.PROPOSED)
    urgent = models.BooleanField("绿色通道", default=False)
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="转出单位")
    to_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="转入单位")
    to_name = models.CharField("转入单位名称", max_length=100, blank=True)
    category = models.CharField("患者类别", max_length=10, choices=DestinationCategory)
    reason = models.CharField("转出主要原因", max_length=10, choices=ReferralReason)
    slip = SealedJSONField("转诊单", label="referral.slip")
    return_slip = SealedJSONField("回转单", label="referral.return_slip", null=True)
    because = EncryptedTextField("不收或取消的原因", label="referral.because", null=True)
    proposed_on = models.DateField("转出日期")
    admitted_on = models.DateField("收住院日期", null=True)
    admission_kind = models.CharField("入院方式", max_length=10, choices=AdmissionKind, blank=True)
    discharged_on = models.DateField("出院日期", null=True)
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    received_at = models.DateTimeField("签收时间", null=True)
    answered_at = models.DateTimeField("接诊或不收时间", null=True)
    returned_at = models.DateTimeField("回转时间", null=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    proposed_by = _user("转诊医生")
    received_by = _user("签收人")
    answered_by = _user("接诊人")
    returned_by = _user("回转人")
    ended_by = _user("办结人")

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "patient", "person", "entered_at", *_MOMENTS, *_PEOPLE, *PLACE),
                        FieldGroup.TECHNICAL),
        **dict.fromkeys(("direction", "state", "from_agency", "to_agency", "to_name", "proposed_on"),
                        FieldGroup.MANAGEMENT),
        **dict.fromkeys(
            ("urgent", "category", "reason", "slip", "return_slip", "because", "admitted_on", "admission_kind",
             "discharged_on"), FieldGroup.CLINICAL,
        ),
    }  # fmt: skip

    class Meta:
        verbose_name = "转诊单"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReferralState.values), name="referral_state_known"),
            models.CheckConstraint(condition=Q(to_agency__isnull=False) | ~Q(to_name=""), name="referral_goes_somewhere"),
            models.UniqueConstraint(
                fields=["patient", "direction"], name="referral_open_once",
                condition=Q(state__in=["proposed", "received", "accepted"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["to_agency", "state"], name="referral_to"),
            models.Index(fields=["duty_township", "state"], name="referral_of_township"),
            models.Index(fields=["duty_county", "state"], name="referral_of_county"),
            models.Index(fields=["patient", "-proposed_on"], name="referral_of_patient"),
        ]

    @property
    def destination(self) -> str:
        return self.to_agency.name if self.to_agency is not None else self.to_name


class ReferralDestination(models.Model):
    """The county's table: which hospital a category of patients is sent to, from a day on. Nobody's personal data."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    category = models.CharField("患者类别", max_length=10, choices=DestinationCategory)
    starts_on = models.DateField("开始日期")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="医院")
    name = models.CharField("医院名称", max_length=100, blank=True)
    basis = models.CharField("依据", max_length=100, blank=True)

    privacy: ClassVar = dict.fromkeys(
        ("id", "county", "category", "starts_on", "agency", "name", "basis"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "category", "starts_on"], name="referraldestination_once")
        ]

    @property
    def hospital(self) -> str:
        return self.agency.name if self.agency is not None else self.name
