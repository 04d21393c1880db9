"""Files that come in and go out: what an import parked or keeps until it is confirmed, and who took which list away."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Division, Placed, SealedJSONField
from accounts.models.fields import EncryptedField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import ExportKind, ExportState, ParkedState


class EncryptedBytesField(EncryptedField):
    def dump(self, value: Any) -> bytes:
        return bytes(value)

    def load(self, plain: bytes) -> bytes:
        return plain


class ParkedChange(Placed):
    """待核对的不同内容: a row of a file said something else than the register. Nothing is overwritten unasked."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="parked", verbose_name="患者")
    field = models.CharField("项目", max_length=30)
    value = SealedJSONField("文件里的内容", label="parked.value")
    digest = models.BinaryField("内容索引", max_length=32)
    state = models.CharField("进度", max_length=10, choices=ParkedState, default=ParkedState.WAITING)
    source = models.CharField("来源", max_length=100, blank=True)
    parked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    parked_at = models.DateTimeField("导入时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )
    decided_at = models.DateTimeField("核对时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "digest", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        "value": FieldGroup.FULL_IDENTITY,
        **dict.fromkeys(
            ("field", "state", "source", "parked_by", "parked_at", "decided_by", "decided_at"), FieldGroup.MANAGEMENT
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ParkedState.values), name="parked_state_known"),
            models.UniqueConstraint(fields=["patient", "field", "digest"], name="parked_once"),
        ]
        indexes = [models.Index(fields=["duty_township", "state"], name="parked_by_township")]


class ImportFile(models.Model):
    """上传待确认的文件: kept sealed between the dry run and the confirmation, for its uploader alone."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    kind = models.CharField("种类", max_length=20)
    name = models.CharField("文件名", max_length=100)
    sha256 = models.CharField("文件指纹", max_length=64)
    content: Any = EncryptedBytesField("内容", label="importfile.content", null=True)
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    done_at = models.DateTimeField("导入时间", null=True)
    counts = models.JSONField("结果", default=dict)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "user", "kind", "name", "sha256", "uploaded_at", "done_at", "counts"),
                        FieldGroup.TECHNICAL),
        "content": FieldGroup.FULL_IDENTITY,
    }  # fmt: skip


class ExportRequest(models.Model):
    """导出名册的申请: asked by one person, allowed by another, and which bytes left is written down."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=10, choices=ExportKind)
    township = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="+", verbose_name="乡镇（街道），空为全县"
    )
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    purpose = models.CharField("用途", max_length=200)
    rows = models.PositiveIntegerField("申请时的人数")
    state = models.CharField("进度", max_length=10, choices=ExportState, default=ExportState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    downloads = models.PositiveSmallIntegerField("下载次数", default=0)
    fingerprints = models.JSONField("每份文件的指纹", default=list)

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "kind", "township", "county", "purpose", "rows", "state", "asked_by", "asked_at", "decided_by",
         "decided_at", "answer", "downloads", "fingerprints"),
        FieldGroup.TRAIL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="export_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="export_by_two_people"
            ),
            models.CheckConstraint(condition=Q(downloads__lte=3), name="export_three_times"),
            models.CheckConstraint(
                condition=~Q(state__in=["allowed", "done"]) | Q(decided_by__isnull=False), name="export_allowed_by"
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="export_by_county")]
