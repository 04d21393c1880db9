"""监护协议 with its assistants, and what was said of the guardian's duty in each quarter."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.history import tracked
from accounts.models import EncryptedTextField, Placed, SealedJSONField, SealedWordsField, User
from accounts.terms import FieldGroup
from followup.models.incident import PlacedQuerySet
from registry.models import Patient, Scan
from registry.models.patient import PLACE
from registry.terms import Relation
from subsidy.terms import AgreementEnd, DutyFailure, DutyResult, NamedBy

_TERM = Func(F("starts_on"), F("ends_on"), Value("[]"), function="DATERANGE")


@tracked()
class Agreement(Placed):
    """One signed 监护协议. Names stand as they were signed; the register goes on with whoever is guardian today.

    `ends_on` is the last day of the term, `ended_on` the first day without, where it ended earlier.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="agreements", verbose_name="患者")
    guardian = EncryptedTextField("监护人", label="agreement.guardian")
    relation = models.CharField("与患者关系", max_length=1, choices=Relation, blank=True)
    guardian_since = models.DateField(
        "登记为监护人的日期"
    )  # the register's row: said again for that day it is a correction
    named_by = models.CharField("监护人由谁确定", max_length=10, choices=NamedBy)
    namer: Any = SealedWordsField("指定的村（居）或单位", label="agreement.namer")
    lives_together = models.BooleanField("与患者共同居住", null=True)
    is_able = models.BooleanField("有能力并实际履行监护", null=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("期满日期")
    signed_on = models.DateField("签字日期")
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="+", verbose_name="扫描件")
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    ended_on = models.DateField("从哪天起终止", null=True)
    end_reason = models.CharField("终止原因", max_length=16, choices=AgreementEnd, blank=True, default="")
    end_words: Any = SealedWordsField("终止说明", label="agreement.end_words")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="终止登记人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "scan", "made_at", "made_by", "ended_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            ("guardian", "relation", "guardian_since", "named_by", "namer", "lives_together", "is_able", "starts_on", "ends_on",
             "signed_on", "ended_on", "end_reason", "end_words"),
            FieldGroup.GUARDIAN,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="agreement_one_at_a_time",
                expressions=[(F("patient"), RangeOperators.EQUAL), (_TERM, RangeOperators.OVERLAPS)],
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_term_runs_forward"),
            models.CheckConstraint(condition=Q(named_by__in=NamedBy.values), name="agreement_named_by_known"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | Q(ended_on__gte=F("starts_on"), end_reason__in=AgreementEnd.values),
                name="agreement_ended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["duty_county", "duty_township", "ends_on"], condition=Q(ended_on=None), name="agreement_running"
            ),
            models.Index(fields=["patient", "-starts_on"], name="agreement_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


class AgreementAssistant(Placed):
    """协助监护人 as the agreement names them. Never changed: another set of people is another agreement."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="assistants", verbose_name="协议")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name="患者")
    name = EncryptedTextField("姓名", label="agreementassistant.name")
    relation = models.CharField("与患者关系", max_length=1, choices=Relation, blank=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "agreement", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("name", "relation"), FieldGroup.GUARDIAN),
    }

    def __str__(self) -> str:
        return f"{self.uuid}"


class DutyRecord(Placed):
    """履责认定 of some days. Never changed: the word given last about a day holds."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="duty_records", verbose_name="患者")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="duty_records", verbose_name="协议")
    first_on = models.DateField("从哪天")
    last_on = models.DateField("到哪天")
    result = models.CharField("认定", max_length=8, choices=DutyResult)
    failures = ArrayField(
        models.CharField(max_length=12, choices=DutyFailure), verbose_name="不合格的原因", default=list
    )
    note: Any = SealedWordsField("说明", label="dutyrecord.note")
    signers = SealedJSONField("签字人", label="dutyrecord.signers")
    said_on = models.DateField("认定日期")
    said_at = models.DateTimeField("登记时间", default=timezone.now)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "agreement", "said_at", "said_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("first_on", "last_on", "result", "failures", "note", "said_on"), FieldGroup.MONEY),
        "signers": FieldGroup.GUARDIAN,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="dutyrecord_runs_forward"),
            models.CheckConstraint(
                condition=Q(result="passed", failures=[]) | (Q(result="failed") & ~Q(failures=[])),
                name="dutyrecord_failed_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["patient", "first_on"], name="dutyrecord_of_patient")]

    def __str__(self) -> str:
        return f"{self.first_on} {self.result}"
