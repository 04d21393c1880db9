"""The people around a patient, and what the patient is entitled to: dated, sealed where it names somebody else."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import tracked
from accounts.models import EncryptedTextField, SealedJSONField, SealedWordsField
from accounts.terms import AgencyKind, FieldGroup
from registry.models.facts import DatedFact
from registry.models.patient import PLACE, Patient
from registry.terms import CompanionRole, GuardianshipState, Relation, SheetForm, SocialKind

_TECHNICAL = dict.fromkeys(("id", "patient", *PLACE), FieldGroup.TECHNICAL)


@tracked()
class Companion(DatedFact):
    """协助监护人 or a named helper. `slot` is the thread of one place beside the patient: a row holds until the next
    of its slot begins; `ended` closes it. A helper's slot is the role, so that each role has one person at a time."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="companions", verbose_name="患者")
    slot = models.CharField("位置", max_length=36)
    role = models.CharField("身份", max_length=10, choices=CompanionRole)
    ended = models.BooleanField("不再担任", default=False)
    name = EncryptedTextField("姓名", label="companion.name", null=True)
    phone = EncryptedTextField("电话", label="companion.phone", null=True)
    relation = models.CharField("与患者关系", max_length=1, choices=Relation, blank=True)
    duty: Any = SealedWordsField("职责", label="companion.duty")
    payee = models.BooleanField("补助领取人", default=False)

    privacy: ClassVar = {
        **_TECHNICAL,
        **dict.fromkeys(("uuid", "slot"), FieldGroup.TECHNICAL),
        **dict.fromkeys(
            ("starts_on", "role", "ended", "name", "phone", "relation", "duty", "payee"), FieldGroup.GUARDIAN
        ),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "slot", "starts_on"], name="companion_once"),
            models.CheckConstraint(
                condition=Q(role=CompanionRole.ASSISTANT) | Q(slot=models.F("role")), name="companion_helper_slot"
            ),
            models.CheckConstraint(condition=Q(ended=True) | Q(name__isnull=False), name="companion_has_name"),
        ]


@tracked(exclude=["uuid"])
class Guardianship(DatedFact):
    """监护状态: how far somebody really looks after the patient."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="guardianships", verbose_name="患者")
    state = models.CharField("监护状态", max_length=12, choices=GuardianshipState)
    note: Any = SealedWordsField("说明", label="guardianship.note")

    privacy: ClassVar = {
        **_TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(("starts_on", "state", "note"), FieldGroup.GUARDIAN),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "starts_on"], include=["state"], name="guardianship_once"),
            models.CheckConstraint(condition=Q(state__in=GuardianshipState.values), name="guardianship_known"),
        ]


@tracked()
class SocialFact(DatedFact):
    """社会救助和身份, one thread a kind; who is the source stands with it. 贫困 is EconomicStatus and not kept twice."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="social_facts", verbose_name="患者")
    kind = models.CharField("项目", max_length=14, choices=SocialKind)
    holds = models.BooleanField("享受或符合")
    grade = models.PositiveSmallIntegerField("残疾等级", null=True)
    source = models.CharField("来源单位", max_length=24, choices=AgencyKind)
    note: Any = SealedWordsField("说明", label="socialfact.note")

    privacy: ClassVar = {
        **_TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(("starts_on", "kind", "holds", "source", "note"), FieldGroup.ASSISTANCE),
        "grade": FieldGroup.DISABILITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "starts_on"], include=["holds", "grade"], name="socialfact_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k for k in SocialKind.values if k != SocialKind.POOR]), name="socialfact_known"
            ),
            models.CheckConstraint(
                condition=Q(grade=None) | Q(grade__range=(1, 4), kind=SocialKind.DISABILITY, holds=True),
                name="socialfact_grade_1_to_4",
            ),
        ]


class FormSheet(DatedFact):
    """What 表1-6 and 表1-7 ask and no column holds, as filled in on a day; the newest one holds."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sheets", verbose_name="患者")
    form = models.CharField("表", max_length=10, choices=SheetForm)
    answers = SealedJSONField("内容", label="formsheet.answers")
    open_keys = ArrayField(models.CharField(max_length=20), verbose_name="还缺", default=list)  # so lists open nothing
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填表人")

    privacy: ClassVar = {
        **_TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(("starts_on", "form", "open_keys"), FieldGroup.MANAGEMENT),
        "answers": FieldGroup.CLINICAL,
        "filled_by": FieldGroup.TRAIL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "form", "starts_on"], name="formsheet_once")]


class GuardianTraining(DatedFact):
    """监护人培训 of one day. Source: 精神卫生法 art. 55. Units: hours."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="trainings", verbose_name="患者")
    topic = models.CharField("内容", max_length=100)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    attended = EncryptedTextField("参加人", label="guardiantraining.attended")

    privacy: ClassVar = {
        **_TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(("starts_on", "topic", "hours", "attended"), FieldGroup.GUARDIAN),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "starts_on", "topic"], name="guardiantraining_once")]
