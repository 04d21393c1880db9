"""Pictures of signed papers: sealed whole, read one at a time behind a door."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Placed, SealedBytesField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import ScanKind


class Scan(Placed):
    """扫描件. Never changed: a better picture is a new row. Units of `size`: bytes."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="scans", verbose_name="患者")
    kind = models.CharField("类别", max_length=12, choices=ScanKind)
    form = models.CharField("格式", max_length=4)  # pdf, jpg, png: told by the content, never by a name
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=64)  # keyed, so that it tells nothing by itself
    content = SealedBytesField("内容", label="scan.content")
    kept_at = models.DateTimeField("保存时间", default=timezone.now)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "patient", *PLACE, "form", "size", "digest"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("kept_at", "kept_by"), FieldGroup.TRAIL),
        "kind": FieldGroup.CONSENT,
        "content": FieldGroup.FULL_IDENTITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "digest"], name="scan_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
