"""绿色通道 and 协助入出院: what was done around an admission, by whom, until when. Recorded; nothing here decides."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import EncryptedTextField, Placed
from accounts.terms import FieldGroup
from registry.models.admission import Admission
from registry.models.patient import PLACE, Patient
from registry.models.referral import Referral
from registry.terms import Ground, GuardianAble, HelpDirection, HelpSigner, HelpState, OpinionResult, SentBy


@tracked()
class GreenChannel(Placed):
    """应急医疗处置绿色通道: who brought the person, on which ground of art. 30, and the second opinion of art. 32."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="green_channels", verbose_name="患者")
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, related_name="green_channels", verbose_name="转诊单"
    )
    hospital_name = models.CharField("医院", max_length=100)
    sent_by = models.CharField("送诊主体", max_length=14, choices=SentBy)
    sent_by_name = EncryptedTextField("送诊人或单位", label="greenchannel.sent_by_name", null=True)
    arrived_on = models.DateField("送达日期")
    ground = models.CharField("依据", max_length=10, choices=Ground, blank=True)
    concluded_on = models.DateField("收到诊断结论日期", null=True)
    first_doctor = EncryptedTextField("初次诊断医师", label="greenchannel.first_doctor", null=True)
    guardian_agrees = models.BooleanField("监护人同意住院", null=True)
    second_asked_on = models.DateField("要求再次诊断日期", null=True)
    second_on = models.DateField("再次诊断日期", null=True)
    second_doctors = EncryptedTextField("再次诊断的两名医师", label="greenchannel.second_doctors", null=True)
    second_result = models.CharField("再次诊断结论", max_length=10, choices=OpinionResult, blank=True)
    appraisal_asked_on = models.DateField("委托鉴定日期", null=True)
    appraisal_body = models.CharField("鉴定机构", max_length=100, blank=True)
    appraisal_on = models.DateField("鉴定报告日期", null=True)
    appraisal_result = models.CharField("鉴定结论", max_length=10, choices=OpinionResult, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "patient", "referral", "entered_by", "entered_at", *PLACE), FieldGroup.TECHNICAL
        ),
        **dict.fromkeys(
            (
                "hospital_name", "sent_by", "sent_by_name", "arrived_on", "ground", "concluded_on", "first_doctor",
                "guardian_agrees", "second_asked_on", "second_on", "second_doctors", "second_result",
                "appraisal_asked_on", "appraisal_body", "appraisal_on", "appraisal_result",
            ),
            FieldGroup.CLINICAL,
        ),
    }  # fmt: skip

    class Meta:
        verbose_name = "绿色通道"
        indexes = [models.Index(fields=["patient", "-arrived_on"], name="greenchannel_of_patient")]


@tracked()
class AdmissionHelp(Placed):
    """协助入院、出院. Source: 邹城 二(五)."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="admission_helps", verbose_name="患者")
    admission = models.ForeignKey(Admission, models.PROTECT, null=True, related_name="helps", verbose_name="住院")
    direction = models.CharField("事项", max_length=3, choices=HelpDirection)
    state = models.CharField("状态", max_length=10, choices=HelpState, default=HelpState.ASKED)
    asked_on = models.DateField("提出日期")
    asked_by = EncryptedTextField("提出人", label="admissionhelp.asked_by", null=True)
    guardian = models.CharField("监护人情况", max_length=10, choices=GuardianAble)
    signer = models.CharField("签字办理", max_length=10, choices=HelpSigner)
    household_town = models.CharField("户籍所在地镇街", max_length=50, blank=True)
    due_on = models.DateField("办理期限")
    escorts = EncryptedTextField("护送人员", label="admissionhelp.escorts", null=True)
    signed_by = EncryptedTextField("签字人", label="admissionhelp.signed_by", null=True)
    arranged_on = models.DateField("安排日期", null=True)
    ended_on = models.DateField("办结日期", null=True)
    note = EncryptedTextField("办理情况", label="admissionhelp.note", null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "patient", "admission", "entered_by", "entered_at", *PLACE), FieldGroup.TECHNICAL
        ),
        **dict.fromkeys(("asked_by", "guardian", "escorts", "signed_by"), FieldGroup.GUARDIAN),
        **dict.fromkeys(
            ("direction", "state", "asked_on", "signer", "household_town", "due_on", "arranged_on", "ended_on", "note"),
            FieldGroup.MANAGEMENT,
        ),
    }

    class Meta:
        verbose_name = "协助入出院"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "direction"], condition=Q(state__in=["asked", "arranged"]), name="admissionhelp_once"
            )
        ]
        indexes = [models.Index(fields=["duty_township", "state"], name="admissionhelp_of_township")]
