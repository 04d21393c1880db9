"""A file on its way to another township, and the temporary file of somebody who is away.

Both stand between two townships: each side sees the row, and the receiver of the patient's data only what is sealed
in `told` (name, sex, age, address, level, reason), until it has taken the file.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, EncryptedTextField, SealedJSONField
from accounts.terms import FieldGroup
from registry.models.patient import Patient
from registry.terms import OPEN_TRANSFER, AwayState, TransferReason, TransferState


def _place(words: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(Division, models.PROTECT, null=null, related_name="+", verbose_name=words)


def _person(words: str) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=words)


class Transfer(models.Model):
    """档案移交. `refusals` counts how often the receiver gave it back; at two the county decides."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="transfers", verbose_name="患者")
    person = models.UUIDField("患者编号", editable=False)  # for the access log of who may not reach the patient yet
    state = models.CharField("状态", max_length=10, choices=TransferState, default=TransferState.PROPOSED)
    from_township = _place("移出乡镇")
    from_county = _place("移出县区")
    to_township = _place("接收乡镇", null=True)
    to_county = _place("接收县区", null=True)
    outside = EncryptedTextField("迁往外地", label="transfer.outside", null=True)
    reason = models.CharField("原因", max_length=12, choices=TransferReason)
    told = SealedJSONField("告知接收方的内容", label="transfer.told")
    said = SealedJSONField("往来的话", label="transfer.said", null=True)  # each answer with its reason, oldest first
    refusals = models.PositiveSmallIntegerField("退回次数", default=0)
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    proposed_by = _person("提出人")
    seen_at = models.DateTimeField("看到时间", null=True)
    seen_by = _person("看到的人")
    answer_due_on = models.DateField("答复期限")
    answered_at = models.DateTimeField("办结时间", null=True)
    answered_by = _person("办结人")
    accepted_on = models.DateField("接收日期", null=True)
    visit_due_on = models.DateField("首次随访期限", null=True)
    done_on = models.DateField("首次随访日期", null=True)

    privacy: ClassVar = {
        **dict.fromkeys("id uuid patient person refusals".split(), FieldGroup.TECHNICAL),
        **dict.fromkeys(
            "state from_township from_county to_township to_county reason proposed_at proposed_by seen_at seen_by "
            "answer_due_on answered_at answered_by accepted_on visit_due_on done_on".split(),
            FieldGroup.MANAGEMENT,
        ),
        **dict.fromkeys(("told", "said", "outside"), FieldGroup.FULL_IDENTITY),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="transfer_state_known"),
            models.CheckConstraint(
                condition=Q(to_township=None, to_county=None) | Q(to_township__isnull=False, to_county__isnull=False),
                name="transfer_to_whole_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TransferState.ACCEPTED, TransferState.DONE]) | Q(accepted_on__isnull=False),
                name="transfer_accepted_when",
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(state__in=sorted(OPEN_TRANSFER)), name="transfer_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["to_township", "state"], name="transfer_inbox"),
            models.Index(fields=["from_township", "state"], name="transfer_sent"),
            models.Index(fields=["from_county", "state"], name="transfer_in_county"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.proposed_at:%Y-%m-%d}"


class TemporaryFile(models.Model):
    """临时档案: somebody of another township who stays here for a while. Duty and counts remain where they were."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="temporary_files", verbose_name="患者")
    person = models.UUIDField("患者编号", editable=False)
    state = models.CharField("状态", max_length=8, choices=AwayState, default=AwayState.OPEN)
    from_township = _place("经常居住地乡镇")
    from_county = _place("经常居住地县区")
    to_township = _place("流入地乡镇", null=True)
    to_county = _place("流入地县区", null=True)
    outside = EncryptedTextField("县外去向", label="temporaryfile.outside", null=True)
    told = SealedJSONField("告知流入地的内容", label="temporaryfile.told")
    away_from = models.DateField("外出日期")
    expected_until = models.DateField("预计返回", null=True)
    opened_on = models.DateField("告知日期")
    opened_by = _person("告知人")
    taken_at = models.DateTimeField("建立时间", null=True)
    taken_by = _person("建立人")
    ended_on = models.DateField("结束日期", null=True)

    privacy: ClassVar = {
        **dict.fromkeys("id uuid patient person".split(), FieldGroup.TECHNICAL),
        **dict.fromkeys(
            "state from_township from_county to_township to_county away_from expected_until opened_on opened_by "
            "taken_at taken_by ended_on".split(),
            FieldGroup.MANAGEMENT,
        ),
        **dict.fromkeys(("told", "outside"), FieldGroup.FULL_IDENTITY),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AwayState.values), name="temporaryfile_state_known"),
            models.CheckConstraint(
                condition=Q(state=AwayState.ENDED, ended_on__isnull=False)
                | (~Q(state=AwayState.ENDED) & Q(ended_on=None)),
                name="temporaryfile_ended_when",
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=~Q(state=AwayState.ENDED), name="temporaryfile_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["to_township", "state"], name="temporaryfile_here"),
            models.Index(fields=["from_township", "state"], name="temporaryfile_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.opened_on:%Y-%m-%d}"
