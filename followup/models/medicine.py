"""用药: the county's dictionary, dated prescriptions, long-acting injections, free dispensing."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, Placed, SealedJSONField, User
from accounts.terms import FieldGroup
from followup import terms
from followup.models.incident import PLACE, PlacedQuerySet
from registry.models import Patient

MG = terms.DoseUnit.MG


def _person(label: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(User, models.PROTECT, null=null, related_name="+", verbose_name=label)


class Medicine(models.Model):
    """药品. `county` empty: of the shipped file (followup/medicines/); else added by that county. No person's data.

    A drug is never removed: from `closed_on` it is no longer offered, what was written with it stays readable.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="县（市、区）")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("通用名", max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), verbose_name="别名", default=list)
    kind = models.CharField("类别", max_length=10, choices=terms.DrugClass)
    form = models.CharField("剂型", max_length=10, choices=terms.DoseForm)
    unit = models.CharField("剂量单位", max_length=5, choices=terms.DoseUnit, default=MG)
    long_acting = models.BooleanField("长效", default=False)
    interval_days = models.PositiveSmallIntegerField("常用间隔（天）", null=True)
    essential = models.BooleanField("基本药物", null=True)  # unknown is not no
    version = models.CharField("来自哪一版", max_length=20, default="")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "county", "code", "name", "aliases", "kind", "form", "unit", "long_acting", "interval_days",
         "essential", "version"),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(county=None), name="medicine_code_once"),
            models.UniqueConstraint(fields=["county", "name"], name="medicine_name_once"),
            models.CheckConstraint(
                condition=Q(long_acting=False, interval_days=None) | Q(long_acting=True, interval_days__range=(7, 190)),
                name="medicine_interval_of_long_acting",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MedicineClosing(models.Model):
    """停用: a county no longer offers a drug from that day on; taken back by `reopened_on`."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    medicine = models.ForeignKey(Medicine, models.PROTECT, related_name="closings", verbose_name="药品")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    closed_on = models.DateField("停用日期")
    reopened_on = models.DateField("恢复日期", null=True)
    made_by = _person("办理人")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "medicine", "county", "closed_on", "reopened_on", "made_by"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["medicine", "county"], condition=Q(reopened_on=None), name="medicineclosing_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.medicine} {self.closed_on}"


class Prescription(Placed):
    """处方. One row per patient, drug and dose from its start until the day it no longer holds; the rows are the history.

    `line`: the drug line of 表1-8 (rules.facts.Drug). `due_on`: of a long-acting one, when the next injection is due.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", null=True, unique=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="prescriptions", verbose_name="患者")
    medicine = models.ForeignKey(Medicine, models.PROTECT, null=True, related_name="+", verbose_name="药品")
    name = models.CharField("药名", max_length=60)
    line = models.JSONField("剂量")
    unit = models.CharField("剂量单位", max_length=5, choices=terms.DoseUnit, default=MG)
    interval_days = models.PositiveSmallIntegerField("注射间隔（天）", null=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("从哪天起停", null=True)
    stop_reason = models.CharField("停用原因", max_length=8, choices=terms.StopReason, blank=True, default="")
    prescriber = models.CharField("开方医师", max_length=60)
    source = models.CharField("来源", max_length=6, choices=terms.Source, default=terms.Source.FORM)
    due_on = models.DateField("应注射日期", null=True)
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    entered_by = _person("登记人")
    ended_by = _person("停用登记人", null=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "form_id", "entered_at", "entered_by", "ended_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            ("medicine", "name", "line", "unit", "interval_days", "starts_on", "ends_on", "stop_reason", "prescriber",
             "source", "due_on"),
            FieldGroup.MEDICINE,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None, stop_reason="") | Q(ends_on__gte=models.F("starts_on"), stop_reason__gt=""),
                name="prescription_ends_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-starts_on"], name="prescription_of_patient"),
            models.Index(fields=["patient"], condition=Q(ends_on=None), name="prescription_running"),
            models.Index(
                fields=["duty_county", "duty_township", "due_on"],
                condition=Q(ends_on=None, due_on__isnull=False),
                name="prescription_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on}"


def _struck() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
        name="%(app_label)s_%(class)s_struck_by_someone",
    )


class Struck(Placed):
    """A record of something done: never removed, struck through with a reason when it was wrong."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    entered_by = _person("登记人")
    struck_at = models.DateTimeField("作废时间", null=True)
    struck_by = _person("作废人", null=True)

    STRUCK: ClassVar = ("id", "uuid", "form_id", "entered_at", "entered_by", "struck_at", "struck_by", *PLACE)
    privacy: ClassVar = dict.fromkeys(STRUCK, FieldGroup.TECHNICAL)

    class Meta:
        abstract = True
        constraints = [_struck()]


class Injection(Struck):
    """长效针剂注射记录. `was_due_on`: what the plan said then; `words` (sealed): the early order, remarks."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="injections", verbose_name="患者")
    medicine = models.ForeignKey(Medicine, models.PROTECT, null=True, related_name="+", verbose_name="药品")
    name = models.CharField("药名", max_length=60)
    given_on = models.DateField("注射日期")
    dose = models.DecimalField("剂量", max_digits=9, decimal_places=3)
    unit = models.CharField("剂量单位", max_length=5, choices=terms.DoseUnit, default=MG)
    batch = models.CharField("批号", max_length=40)
    site = models.CharField("注射部位", max_length=1, choices=terms.InjectionSite)
    given_by = models.CharField("注射人", max_length=60)
    interval_days = models.PositiveSmallIntegerField("注射间隔（天）")
    was_due_on = models.DateField("应注射日期", null=True)
    early = models.BooleanField("提前", default=False)
    words = SealedJSONField("说明", label="injection.words", null=True)
    struck_words = SealedJSONField("作废原因", label="injection.struck_words", null=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **Struck.privacy,
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            ("medicine", "name", "given_on", "dose", "unit", "batch", "site", "given_by", "interval_days",
             "was_due_on", "early", "words", "struck_words"),
            FieldGroup.MEDICINE,
        ),
    }  # fmt: skip

    class Meta(Struck.Meta):
        indexes = [
            models.Index(fields=["patient", "-given_on"], name="injection_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township", "given_on"],
                condition=Q(struck_at=None),
                name="injection_by_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.given_on}"


class Dispensing(Struck):
    """免费服药发放记录. `next_on`: when what was handed out runs out; `words` (sealed): who received it, remarks."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="dispensings", verbose_name="患者")
    medicine = models.ForeignKey(Medicine, models.PROTECT, null=True, related_name="+", verbose_name="药品")
    name = models.CharField("药名", max_length=60)
    handed_on = models.DateField("发放日期")
    amount = models.DecimalField("数量", max_digits=7, decimal_places=1)
    pack = models.CharField("单位", max_length=1, choices=terms.PackUnit)
    batch = models.CharField("批号", max_length=40)
    days = models.PositiveSmallIntegerField("够用天数")
    receiver = models.CharField("领药人", max_length=1, choices=terms.Receiver)
    handed_by = models.CharField("发药人", max_length=60)
    next_on = models.DateField("下次领药日期")
    corrects = models.UUIDField("更正的记录", null=True)
    words = SealedJSONField("说明", label="dispensing.words", null=True)
    struck_words = SealedJSONField("作废原因", label="dispensing.struck_words", null=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **Struck.privacy,
        "patient": FieldGroup.IDENTITY,
        "corrects": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            ("medicine", "name", "handed_on", "amount", "pack", "batch", "days", "receiver", "handed_by", "next_on",
             "words", "struck_words"),
            FieldGroup.MEDICINE,
        ),
    }  # fmt: skip

    class Meta(Struck.Meta):
        indexes = [
            models.Index(fields=["patient", "-handed_on"], name="dispensing_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township", "next_on"], condition=Q(struck_at=None), name="dispensing_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.handed_on}"


class Checkup(Struck):
    """化验、检查, and 年度健康体检. `content` (sealed): the results by item code, the words."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="checkups", verbose_name="患者")
    kind = models.CharField("类别", max_length=6, choices=terms.CheckupKind)
    outcome = models.CharField("结果", max_length=8, choices=terms.CheckupOutcome)
    checked_on = models.DateField("检查日期")
    content = SealedJSONField("内容", label="checkup.content")
    struck_words = SealedJSONField("作废原因", label="checkup.struck_words", null=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **Struck.privacy,
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("kind", "outcome", "checked_on", "content", "struck_words"), FieldGroup.CLINICAL),
    }

    class Meta(Struck.Meta):
        constraints = [
            _struck(),
            models.CheckConstraint(
                condition=Q(kind="yearly") | Q(outcome="done"), name="checkup_only_the_yearly_may_be_left_out"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-checked_on"], name="checkup_of_patient"),
            models.Index(
                fields=["patient", "checked_on"],
                condition=Q(struck_at=None, kind="yearly"),
                name="checkup_yearly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.checked_on}"
