from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Choices, Q, Value, When
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Placed, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from followup import terms
from registry.models import Patient
from registry.terms import DeathCause, Locked

PLACE = ("duty_township", "duty_county", "at_township")


class VisitRoot(Placed):
    """One follow-up record; what it says stands in its versions. Its key is the order of entry."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="visit_roots", verbose_name="患者")
    form_id = models.UUIDField("表单号", unique=True)  # a form sent twice meets this wall
    entered_at = models.DateTimeField(default=timezone.now)
    # Asked once a statement (links_hold), not for every row of an import: docs/adr/0014.
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "form_id", "entered_at", "entered_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
    }

    def __str__(self) -> str:
        return str(self.uuid)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        return self.filter(in_reach(user))

    def current(self) -> "VisitQuerySet":
        return self.filter(is_current=True)

    def complete(self) -> "VisitQuerySet":
        """完整随访记录: current, with a risk level or 目前正在住院."""
        return self.filter(is_current=True, complete=True)

    def newest_first(self) -> "VisitQuerySet":
        """By date; two on one day in the order of their entry."""
        return self.order_by("-visited_on", "-root")


def _small(label: str, choices: type[Choices] | None = None) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, choices=choices)


def _count(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=0)


def _text(label: str, length: int, choices: type[Choices] | None = None) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True, default="", choices=choices)


@tracked(bulk=True, exclude=("complete",))
class Visit(Placed):
    """随访服务记录 (表1-8), one version of it. Never edited: a correction is the next version of the same root."""

    # The link is held once a statement (links_hold), the index is that of visit_version_once: docs/adr/0014.
    root = models.ForeignKey(VisitRoot, models.PROTECT, related_name="versions", db_constraint=False, db_index=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="visits", verbose_name="患者")
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField("现行版本", default=True)

    visited_on = models.DateField("随访日期")
    form = models.CharField("本次随访形式", max_length=1, choices=terms.Contact)
    seen = ArrayField(models.CharField(max_length=1, choices=terms.Seen), verbose_name="本次随访对象", default=list)
    lost_reason = _text("失访原因", 1, terms.LostReason)
    lost_text = _text("失访原因说明", 100)
    died_on = models.DateField("死亡日期", null=True, blank=True)
    death_cause = _text("死亡原因", 1, DeathCause)
    death_illness = _text("躯体疾病种类", 1, terms.Illness)

    level = _small("危险性评估")
    basis = models.TextField("依据", blank=True, default="")
    symptoms = ArrayField(
        models.PositiveSmallIntegerField(choices=terms.Symptom), verbose_name="目前症状", default=list, blank=True
    )
    symptom_text = _text("其他症状", 100)
    obvious_symptoms = models.BooleanField("症状明显", default=False)
    insight = _small("自知力", terms.Insight)
    sleep = _small("睡眠", terms.State)
    diet = _small("饮食", terms.State)
    self_care = _small("个人生活料理", terms.State)
    housework = _small("家务劳动", terms.State)
    work = _small("生产劳动及工作", terms.SocialState)
    learning = _small("学习能力", terms.State)
    social = _small("社会人际交往", terms.State)
    minor_trouble = _count("轻度滋事")
    trouble = _count("肇事")
    crime = _count("肇祸")
    other_harm = _count("其他危害行为")
    self_harm = _count("自伤")
    suicide_attempt = _count("自杀未遂")
    locked = _small("关锁情况", Locked)
    hospital = _small("住院情况", terms.Hospital)
    discharged_on = models.DateField("末次出院日期", null=True, blank=True)

    lab = _small("实验室检查", terms.Laboratory)
    lab_text = _text("检查项目和结果", 200)
    adherence = _small("用药依从性", terms.Adherence)
    side_effect = _small("药物不良反应", terms.SideEffect)
    side_effect_text = _text("不良反应表现", 100)
    severe_side_effect = models.BooleanField("不良反应严重", default=False)
    severe_illness = models.BooleanField("躯体疾病严重", default=False)
    effect = _small("治疗效果", terms.Effect)
    referral = _small("是否转诊", terms.Referral)
    referral_reason = _text("转诊原因", 200)
    referral_to = _text("转至机构及科室", 100)
    drugs = models.JSONField("用药情况", default=list, blank=True)
    guidance = models.JSONField("用药指导", default=list, blank=True)
    rehab = ArrayField(
        models.PositiveSmallIntegerField(choices=terms.Rehab), verbose_name="康复措施", default=list, blank=True
    )
    rehab_text = _text("其他康复措施", 100)
    case_management = _text("个案管理", 200)

    stability = _small("本次随访分类", terms.Stability)
    next_due_on = models.DateField("下次随访日期", null=True, blank=True)
    due_reason = _text("下次随访的理由", 60)
    deviation_reason = _text("偏离原因", 200)
    rule_mismatch = models.BooleanField("与规则不符", default=False)
    doctor_name = _text("随访医生", 60)
    source = models.CharField("来源", max_length=6, choices=terms.Source, default=terms.Source.FORM)
    entered_at = models.DateTimeField(default=timezone.now)
    # No constraint of its own: the root, written with it, has one for the same person.
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    complete = models.GeneratedField(
        expression=Case(
            When(Q(level__isnull=False) | Q(hospital=terms.Hospital.NOW.value), then=Value(True)), default=Value(False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="完整随访记录",
    )

    objects = VisitQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "root", "version", "is_current", "source", "entered_at", "entered_by", *PLACE), FieldGroup.TECHNICAL
        ),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            [
                "visited_on",
                "form",
                "seen",
                "lost_reason",
                "lost_text",
                "died_on",
                "death_cause",
                "death_illness",
                "next_due_on",
                "due_reason",
                "rule_mismatch",
                "doctor_name",
                "case_management",
                "complete",
            ],
            FieldGroup.MANAGEMENT,
        ),
        "level": FieldGroup.RISK,
        **dict.fromkeys(
            ["minor_trouble", "trouble", "crime", "other_harm", "self_harm", "suicide_attempt", "basis"],
            FieldGroup.INCIDENT,
        ),
        **dict.fromkeys(
            ["adherence", "side_effect", "side_effect_text", "severe_side_effect", "drugs", "guidance"],
            FieldGroup.MEDICINE,
        ),
        **dict.fromkeys(("rehab", "rehab_text"), FieldGroup.REHAB),
        **dict.fromkeys(
            [
                "symptoms",
                "symptom_text",
                "obvious_symptoms",
                "insight",
                "sleep",
                "diet",
                "self_care",
                "housework",
                "work",
                "learning",
                "social",
                "locked",
                "hospital",
                "discharged_on",
                "lab",
                "lab_text",
                "severe_illness",
                "effect",
                "referral",
                "referral_reason",
                "referral_to",
                "stability",
                "deviation_reason",
            ],
            FieldGroup.CLINICAL,
        ),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["root"], condition=Q(is_current=True), name="visit_one_current"),
            models.UniqueConstraint(fields=["root", "version"], name="visit_version_once"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 5)), name="visit_level_0_to_5"),
            models.CheckConstraint(condition=Q(stability=None) | Q(stability__range=(1, 3)), name="visit_class_1_to_3"),
            models.CheckConstraint(
                condition=Q(next_due_on=None) | Q(next_due_on__gt=models.F("visited_on")), name="visit_next_is_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient", "-visited_on", "-root"], condition=Q(is_current=True), name="visit_in_order"
            ),
            # the straight statement of the indicators: one area, one year, complete records only
            models.Index(
                fields=["duty_county", "visited_on", "duty_township"],
                include=["patient", "level", "stability", "adherence", "hospital"],
                condition=Q(is_current=True, complete=True),
                name="visit_by_area",
            ),
            # the few deaths that are noted: today's list asks for those of open files
            models.Index(
                fields=["duty_township"], condition=Q(is_current=True, died_on__isnull=False), name="visit_deaths"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.get_form_display()}"

    @property
    def in_hospital(self) -> bool:
        return self.hospital == terms.Hospital.NOW
