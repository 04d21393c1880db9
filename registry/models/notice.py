"""A word from one office to another inside the health side: read once, then it is no longer work."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, EncryptedTextField
from accounts.terms import FieldGroup
from registry.models.patient import Patient
from registry.terms import NoticeKind


class Notice(models.Model):
    """告知. To a township, to one agency, or (neither) to the county office; the words may name a person: sealed."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=12, choices=NoticeKind)
    words = EncryptedTextField("内容", label="notice.words")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="notices", verbose_name="患者")
    person = models.UUIDField(
        "患者编号", null=True, editable=False
    )  # for the access log of who does not reach the patient
    to_township = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="告知乡镇")
    to_county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="所在县区")
    to_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="告知单位")
    href = models.CharField("办理页面", max_length=200, blank=True)
    verb = models.CharField("按钮", max_length=20, blank=True)
    due_on = models.DateField("期限", null=True)
    told_at = models.DateTimeField("发出时间", default=timezone.now)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField("看过时间", null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    privacy: ClassVar = {
        **dict.fromkeys(
            "id uuid patient person to_township to_county to_agency href verb told_at told_by read_at read_by".split(),
            FieldGroup.TECHNICAL,
        ),
        **dict.fromkeys(("kind", "words", "due_on"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False), name="notice_read_when"
            ),
        ]
        indexes = [
            models.Index(fields=["to_township"], condition=Q(read_at=None), name="notice_unread_township"),
            models.Index(fields=["to_county"], condition=Q(read_at=None), name="notice_unread_county"),
            models.Index(fields=["to_agency"], condition=Q(read_at=None), name="notice_unread_agency"),
            models.Index(fields=["to_county", "told_at"], name="notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.told_at:%Y-%m-%d}"
