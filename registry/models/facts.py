"""Dated facts: one row per start, holding until the next begins, so gaps and overlaps cannot exist (decisions A5)."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.history import tracked
from accounts.models import Division, EncryptedTextField, Placed, SealedWordsField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.models.scan import Scan
from registry.terms import SERVED, CareStatus, ConsentPath, DeathCause, DiagnosisCode, Relation, Signer, StatusReason

_NOT = frozenset(ConsentPath) - SERVED
TECHNICAL = dict.fromkeys(("id", "patient", *PLACE), FieldGroup.TECHNICAL)


def row_uuid() -> models.UUIDField:
    """What the sealed columns of a row are bound to."""
    return models.UUIDField("编号", default=uuid4, unique=True, editable=False)


class DatedFact(Placed):
    """What all of them share. Subclasses name their own unique constraint: its include list is what as-of reads."""

    starts_on = models.DateField("开始日期")

    class Meta:
        abstract = True


def _once(name: str, *include: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["patient", "starts_on"], include=list(include), name=name)


@tracked(bulk=True, exclude=["uuid"])
class PatientStatus(DatedFact):
    """管理状态. An ENDING value takes the patient off the register from its date on."""

    uuid = row_uuid()
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="statuses", verbose_name="患者")
    value = models.CharField("状态", max_length=10, choices=CareStatus)
    reason: Any = SealedWordsField("原因", label="patientstatus.reason")
    evidence: Any = SealedWordsField("依据", label="patientstatus.evidence")
    death_cause = models.CharField("死亡原因", max_length=1, choices=DeathCause, blank=True)
    reason_code = models.CharField("原因类别", max_length=11, choices=StatusReason, blank=True)
    place = models.CharField("所在场所", max_length=100, blank=True)  # where somebody is held
    unit = models.CharField("治疗单位", max_length=100, blank=True)  # who treats there
    expected_until = models.DateField("预计结束", null=True)
    scan = models.ForeignKey("registry.Scan", models.PROTECT, null=True, related_name="+", verbose_name="依据扫描件")

    privacy: ClassVar = {
        **TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            (
                "starts_on",
                "value",
                "reason",
                "evidence",
                "death_cause",
                "reason_code",
                "place",
                "unit",
                "expected_until",
                "scan",
            ),
            FieldGroup.MANAGEMENT,
        ),
    }

    class Meta:
        constraints = [
            _once("patientstatus_once", "value"),
            models.CheckConstraint(condition=Q(value__in=CareStatus.values), name="patientstatus_known"),
        ]


@tracked(bulk=True)
class DutyPeriod(DatedFact):
    """管辖: which township answers for the patient from `starts_on` on. hand_over() demands the newest of them."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="duty_periods", verbose_name="患者")
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="乡镇（街道）")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    reason = models.CharField("原因", max_length=200, blank=True)

    privacy: ClassVar = {
        **TECHNICAL,
        **dict.fromkeys(("starts_on", "township", "county", "reason"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [_once("dutyperiod_once", "township", "county")]


@tracked(bulk=True)
class Diagnosis(DatedFact):
    """目前诊断. The code is the national one of two digits; icd10 keeps what the hospital wrote."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="diagnoses", verbose_name="患者")
    code = models.CharField("诊断", max_length=2, choices=DiagnosisCode)
    icd10 = models.CharField("ICD-10", max_length=60, blank=True)
    hospital = models.CharField("确诊医院", max_length=100, blank=True)
    diagnosed_on = models.DateField("确诊日期", null=True)

    privacy: ClassVar = {
        **TECHNICAL,
        **dict.fromkeys(("starts_on", "code", "icd10", "hospital", "diagnosed_on"), FieldGroup.CLINICAL),
    }

    class Meta:
        constraints = [
            _once("diagnosis_once", "code"),
            models.CheckConstraint(condition=Q(code__in=DiagnosisCode.values), name="diagnosis_known"),
        ]


@tracked(bulk=True, exclude=["uuid"])
class Consent(DatedFact):
    """知情同意. A refusal is a row too; the newest one holds."""

    uuid = row_uuid()
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents", verbose_name="患者")
    agreed = models.BooleanField("同意参加管理")
    signer = models.CharField("签字人", max_length=10, choices=Signer, blank=True)
    text_version = models.CharField("文本版本", max_length=20, blank=True)
    path = models.CharField("办理方式", max_length=10, choices=ConsentPath, blank=True)  # "": from an import
    relation = models.CharField("签字人与患者关系", max_length=1, choices=Relation, blank=True)
    reason: Any = SealedWordsField("原因或告知内容", label="consent.reason")
    doctor = models.CharField("谈话医生", max_length=40, blank=True)
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="+", verbose_name="扫描件")

    privacy: ClassVar = {
        **TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            ("starts_on", "agreed", "signer", "text_version", "path", "relation", "reason", "doctor", "scan"),
            FieldGroup.CONSENT,
        ),
    }

    class Meta:
        constraints = [
            _once("consent_once", "agreed"),
            models.CheckConstraint(
                condition=Q(path="") | Q(agreed=True, path__in=sorted(SERVED)) | Q(agreed=False, path__in=sorted(_NOT)),
                name="consent_path_says_agreed",
            ),
        ]

    @property
    def way(self) -> ConsentPath:
        """An imported row says only yes or no."""
        if self.path:
            return ConsentPath(self.path)
        return ConsentPath.AGREED if self.agreed else ConsentPath.REFUSED

    @property
    def is_unsigned(self) -> bool:
        """A paper's own field said yes or no; nobody is known to have signed 表1-5."""
        return not (self.path or self.signer)


@tracked(bulk=True)
class Guardian(DatedFact):
    """监护人."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="guardians", verbose_name="患者")
    name = models.CharField("监护人姓名", max_length=50)
    relation = models.CharField("与患者关系", max_length=1, choices=Relation, blank=True)
    phone = EncryptedTextField("监护人电话", label="guardian.phone", null=True)
    id_number = EncryptedTextField("监护人身份证号", label="guardian.id_number", null=True)
    address = EncryptedTextField("监护人住址", label="guardian.address", null=True)
    duty = models.CharField("监护职责", max_length=100, blank=True)
    payee = models.BooleanField("补助领取人", default=False)
    ended = models.BooleanField("不再担任", default=False)  # from this day on nobody is guardian

    privacy: ClassVar = {
        **TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            ("starts_on", "name", "relation", "phone", "id_number", "address", "duty", "payee", "ended"),
            FieldGroup.GUARDIAN,
        ),
    }

    class Meta:
        constraints = [_once("guardian_once")]


@tracked(bulk=True)
class EconomicStatus(DatedFact):
    """经济状况: 贫困，在当地贫困线标准以下."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="economies", verbose_name="患者")
    poor = models.BooleanField("贫困")

    privacy: ClassVar = {**TECHNICAL, **dict.fromkeys(("starts_on", "poor"), FieldGroup.ASSISTANCE)}

    class Meta:
        constraints = [_once("economicstatus_once", "poor")]
