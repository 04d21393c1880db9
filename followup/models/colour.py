"""动态分色: the county's tables, what each person has now, every change of it, and proposals to lower it."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Division, Placed, SealedJSONField, User
from accounts.terms import FieldGroup
from followup.models.incident import PLACE, PlacedQuerySet
from followup.terms import Aside, ColourTableState, ColourWay, FallState
from registry.models import Patient
from registry.terms import Colour


class ColourTable(models.Model):
    """分色表 of a county: one version; an active one holds from its day until the next begins or it is stopped."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    state = models.CharField("状态", max_length=8, choices=ColourTableState, default=ColourTableState.DRAFT)
    starts_on = models.DateField("生效日期")
    stopped_on = models.DateField("停用日期", null=True)
    basis = models.CharField("依据", max_length=200)
    content = models.JSONField("内容")
    version = models.PositiveSmallIntegerField("版本", default=1)
    written_at = models.DateTimeField("拟定时间", default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟定人")
    settled_at = models.DateTimeField("启用时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="启用人")

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "state", "starts_on", "stopped_on", "basis", "content", "version", "written_at",
            "written_by", "settled_at", "settled_by",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "starts_on"], condition=Q(state="active"), name="colourtable_one_a_day"
            ),
            models.UniqueConstraint(fields=["county"], condition=Q(state="draft"), name="colourtable_one_draft"),
            models.CheckConstraint(condition=Q(state__in=ColourTableState.values), name="colourtable_state_known"),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_on__isnull=False) | Q(~Q(state="stopped"), stopped_on=None),
                name="colourtable_stopped_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class PatientColour(Placed):
    """What a person has now, and by which day who should be there: for lists, so that they need not judge anybody."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="colour_now", verbose_name="患者")
    table = models.ForeignKey(ColourTable, models.PROTECT, related_name="+", verbose_name="分色表")
    held = models.CharField("分色", max_length=6, choices=Colour, blank=True)
    aside = models.CharField("不在社区", max_length=11, choices=Aside, blank=True)
    since = models.DateField("开始日期")
    suggested = models.CharField("按规则", max_length=6, choices=Colour, blank=True)
    reasons = ArrayField(models.CharField(max_length=16), verbose_name="符合的情况", default=list)
    village_on = models.DateField("村医随访日期", null=True)
    township_on = models.DateField("镇街随访日期", null=True)
    psychiatrist_on = models.DateField("精神科医师随访日期", null=True)
    police_on = models.DateField("协同随访日期", null=True)
    seen_police_on = models.DateField("最近协同随访", null=True)

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "table", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("held", "suggested", "reasons"), FieldGroup.RISK),
        **dict.fromkeys(
            ("aside", "since", "village_on", "township_on", "psychiatrist_on", "police_on", "seen_police_on"),
            FieldGroup.MANAGEMENT,
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held__in=["", *Colour.values]), name="patientcolour_held_known"),
            models.CheckConstraint(condition=Q(aside__in=["", *Aside.values]), name="patientcolour_aside_known"),
        ]
        indexes = [models.Index(fields=["duty_county", "duty_township"], name="patientcolour_of_place")]

    def __str__(self) -> str:
        return self.held


class ColourChange(Placed):
    """One change of what is shown: when, from what to what, how, and what spoke for it. Never edited."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="colour_changes", verbose_name="患者")
    at = models.DateTimeField("时间", default=timezone.now)
    on = models.DateField("日期")
    before = models.CharField("原来", max_length=6, choices=Colour, blank=True)
    after = models.CharField("改为", max_length=6, choices=Colour, blank=True)
    way = models.CharField("方式", max_length=8, choices=ColourWay)
    aside = models.CharField("不在社区", max_length=11, choices=Aside, blank=True)
    reasons = ArrayField(models.CharField(max_length=16), verbose_name="符合的情况", default=list)
    months = models.PositiveSmallIntegerField("“近几个月”是几个月", default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "at", "by", "months", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("before", "after", "reasons"), FieldGroup.RISK),
        **dict.fromkeys(("on", "way", "aside"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(way__in=ColourWay.values), name="colourchange_way_known")]
        indexes = [models.Index(fields=["patient", "-at"], name="colourchange_of_patient")]

    def __str__(self) -> str:
        return f"{self.on} {self.way}"


@tracked()
class ColourFall(Placed):
    """A proposal to lower a colour: assessed by one person, approved by another."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="colour_falls", verbose_name="患者")
    before = models.CharField("现在", max_length=6, choices=Colour)
    after = models.CharField("降为", max_length=6, choices=Colour)
    reasons = ArrayField(models.CharField(max_length=16), verbose_name="符合的情况", default=list)
    basis = models.CharField(max_length=80)
    state = models.CharField("状态", max_length=8, choices=FallState, default=FallState.PROPOSED)
    opened_at = models.DateTimeField("提出时间", default=timezone.now)
    assessment = SealedJSONField("评估意见", label="colourfall.assessment", null=True)
    assessed_at = models.DateTimeField("评估时间", null=True)
    assessed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="评估人")
    because = SealedJSONField("审批意见", label="colourfall.because", null=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="批准人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id", "uuid", "basis", "opened_at", "assessed_at", "assessed_by", "settled_at", "settled_by", *PLACE,
            ),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("before", "after", "reasons"), FieldGroup.RISK),
        "state": FieldGroup.MANAGEMENT,
        **dict.fromkeys(("assessment", "because"), FieldGroup.CLINICAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(state__in=["proposed", "assessed"]), name="colourfall_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=FallState.values), name="colourfall_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(assessed_by=F("settled_by")),
                name="colourfall_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["duty_county", "duty_township", "state"],
                condition=Q(state__in=["proposed", "assessed"]),
                name="colourfall_open",
            ),
            models.Index(fields=["patient", "-opened_at"], name="colourfall_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.before}→{self.after}"
