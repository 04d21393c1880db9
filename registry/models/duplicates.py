"""Two files of one person: the proposal, what an undoing needs, and the county's question about a number."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Division, EncryptedTextField, Placed, SealedJSONField, SealedWordsField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import IdCheckState, MergeState

_PLACE = dict.fromkeys(("id", "uuid", *PLACE), FieldGroup.TECHNICAL)


class MergeProposal(Placed):
    """合并: `patient` stays, the file `other` goes into it. After the merge `other` lives on here only.

    Written by the application once; every step after that is a database function that asks who takes it.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="merges", verbose_name="保留的档案")
    other = models.UUIDField("并入的档案")
    other_number = models.PositiveIntegerField("并入档案的内部编号")
    state = models.CharField("进度", max_length=10, choices=MergeState, default=MergeState.PROPOSED)
    choices = SealedJSONField("逐项选择", label="merge.choices")
    seen = models.CharField("提出时两份档案的版本", max_length=40)
    reason: Any = SealedWordsField("理由", label="merge.reason")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    decided_at = models.DateTimeField("确认时间", null=True)
    answer: Any = SealedWordsField("答复", label="merge.answer")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)

    privacy: ClassVar = {
        **_PLACE,
        **dict.fromkeys(("patient", "other", "other_number"), FieldGroup.IDENTITY),
        **dict.fromkeys(
            ("state", "choices", "seen", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at", "answer",
             "undone_by", "undone_at"),
            FieldGroup.MANAGEMENT,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MergeState.values), name="merge_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="merge_by_two_people"
            ),
            models.UniqueConstraint(
                fields=["other"], condition=Q(state__in=["proposed", "merged"]), name="merge_one_open"
            ),
        ]
        indexes = [models.Index(fields=["patient", "state"], name="merge_of_patient")]


class MergedRow(models.Model):
    """One row that a merge touched, before and after: what undoing it needs. Database functions alone read and write.

    The rows are kept as the database had them, sealed columns sealed.
    """

    proposal = models.ForeignKey(MergeProposal, models.PROTECT, related_name="+")
    table = models.CharField(max_length=80)
    key = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    privacy: ClassVar = dict.fromkeys(("id", "proposal", "table", "key", "before", "after"), FieldGroup.TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "table", "key"], name="mergedrow_once")]


class IdCheck(models.Model):
    """身份证号县级核对: a township typed a number that is on file where it cannot look. Nobody is told where."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="提出的乡镇（街道）")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    number = EncryptedTextField("身份证号", label="idcheck.number")
    number_index = models.BinaryField("身份证号索引", max_length=32)
    name = EncryptedTextField("姓名", label="idcheck.name", null=True)
    state = models.CharField("进度", max_length=10, choices=IdCheckState, default=IdCheckState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    answer: Any = SealedWordsField("答复", label="idcheck.answer")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "township", "county", "number_index"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("number", "name"), FieldGroup.FULL_IDENTITY),
        **dict.fromkeys(
            ("state", "asked_by", "asked_at", "answer", "answered_by", "answered_at"), FieldGroup.MANAGEMENT
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IdCheckState.values), name="idcheck_state_known"),
            models.UniqueConstraint(
                fields=["township", "number_index"], condition=Q(state="waiting"), name="idcheck_one_open"
            ),
        ]
        indexes = [models.Index(fields=["county", "state"], name="idcheck_by_county")]
