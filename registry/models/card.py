"""What a hospital sends to the register: 患者报告卡 (表1-3) and 出院信息单 (表1-4). Their content is sealed whole."""

from typing import Any, ClassVar, cast
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedJSONField
from accounts.terms import FieldGroup
from registry.models.patient import Patient
from registry.terms import CardState, DischargeState, Held


class FromHospital(models.Model):
    """What both papers share. Owned by the hospital that wrote it; seen by the place it is sent to as well."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    number = models.CharField("卡片编号", max_length=20)
    hospital = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="报告单位")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    township = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="乡镇（街道）")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间", default=timezone.now)
    id_index = models.BinaryField("证件号索引", max_length=32, null=True)
    reported_on = models.DateField("报告日期", null=True)
    sent_on = models.DateField("送达日期", null=True)
    held_on = models.DateField("转县级日期", null=True)
    held_because = models.CharField("转县级原因", max_length=10, choices=Held, blank=True)
    accepted_on = models.DateField("接收日期", null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "number", "hospital", "county", "township", "entered_by", "entered_at"),
            FieldGroup.TECHNICAL,
        ),
        **dict.fromkeys(("id_index", "accepted_by", "patient"), FieldGroup.TECHNICAL),
        "content": FieldGroup.CLINICAL,
        **dict.fromkeys(
            ("state", "reported_on", "sent_on", "held_on", "held_because", "accepted_on"), FieldGroup.MANAGEMENT
        ),
    }

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def said(self) -> dict[str, Any]:
        """The paper's content by field, as JSON keeps it."""
        return cast("dict[str, Any]", self.content or {})  # type: ignore[attr-defined]


class ReportCard(FromHospital):
    """患者报告卡. A draft is visible to its writer only by its state: the clock runs from the diagnosis all the same."""

    content = SealedJSONField("内容", label="reportcard.content")
    state = models.CharField("进展", max_length=10, choices=CardState, default=CardState.DRAFT)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="report_cards", verbose_name="患者")
    diagnosed_on = models.DateField("确诊日期")
    paper_on = models.DateField("收到纸质卡日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    correction = SealedJSONField("更正", label="reportcard.correction", null=True)
    corrected_on = models.DateField("更正日期", null=True)

    privacy: ClassVar = {
        **FromHospital.privacy,
        "version": FieldGroup.TECHNICAL,
        **dict.fromkeys(("diagnosed_on", "correction"), FieldGroup.CLINICAL),
        **dict.fromkeys(("paper_on", "corrected_on"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CardState.values), name="reportcard_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "correcting"]) | Q(patient__isnull=False),
                name="reportcard_accepted_has_patient",
            ),
            models.CheckConstraint(
                condition=~Q(state=CardState.SENT) | Q(township__isnull=False), name="reportcard_sent_has_township"
            ),
        ]
        indexes = [models.Index(fields=["township", "state"], name="reportcard_by_township")]


class DischargeNotice(FromHospital):
    """出院信息单. Accepted, it makes the first visit due; `patient` is whom it belongs to."""

    content = SealedJSONField("内容", label="dischargenotice.content")
    state = models.CharField("进展", max_length=10, choices=DischargeState, default=DischargeState.SENT)
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, related_name="discharge_notices", verbose_name="患者"
    )
    admitted_on = models.DateField("入院日期")
    discharged_on = models.DateField("出院日期")

    privacy: ClassVar = {
        **FromHospital.privacy,
        **dict.fromkeys(("admitted_on", "discharged_on"), FieldGroup.CLINICAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DischargeState.values), name="discharge_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DischargeState.ACCEPTED) | Q(patient__isnull=False),
                name="discharge_accepted_has_patient",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on__gte=models.F("admitted_on")), name="discharge_after_admission"
            ),
        ]
        indexes = [models.Index(fields=["township", "state"], name="discharge_by_township")]


AnyPaper = ReportCard | DischargeNotice  # both have state, content and patient; the base cannot name their choices
