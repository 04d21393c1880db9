"""接收模板: what a county tells one kind of agency on one occasion. Holds no person's data."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import AgencyKind, FieldGroup
from exchange.rules.presets import Section
from exchange.rules.recipient_templates import TemplateFacts
from exchange.terms import Basis, Rhythm, Situation, TemplateState


class RecipientTemplate(models.Model):
    """One version. Never edited once proposed; it holds from its day until the next begins or it is stopped."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    agency_kind = models.CharField("接收单位", max_length=24, choices=AgencyKind)
    situation = models.CharField("情形", max_length=14, choices=Situation)
    version = models.PositiveSmallIntegerField("版次")
    state = models.CharField("状态", max_length=8, choices=TemplateState, default=TemplateState.DRAFT)
    sections = models.JSONField("名单和栏目")
    basis = models.CharField("依据类别", max_length=16, choices=Basis)
    citation = models.CharField("依据", max_length=120)
    agreement = models.CharField("协议编号", max_length=60)
    assessment = models.CharField("影响评估编号", max_length=60)
    assessed_on = models.DateField("评估日期")
    rhythm = models.CharField("频次", max_length=11, choices=Rhythm)
    starts_on = models.DateField("启用日期")
    ended_on = models.DateField("停用日期", null=True)  # the first day on which it no longer holds
    edits = models.PositiveSmallIntegerField("修改次数", default=1)
    drafted_at = models.DateTimeField("拟定时间", default=timezone.now)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟定人")
    proposed_at = models.DateTimeField("提出时间", null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    activated_at = models.DateTimeField("启用时间", null=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="启用人")
    because = models.CharField("退回或停用原因", max_length=200, blank=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "agency_kind", "situation", "version", "state", "sections", "basis", "citation",
            "agreement", "assessment", "assessed_on", "rhythm", "starts_on", "ended_on", "edits", "drafted_at",
            "drafted_by", "proposed_at", "proposed_by", "activated_at", "activated_by", "because",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "agency_kind", "situation", "version"], name="recipienttemplate_version_once"
            ),
            models.UniqueConstraint(
                fields=["county", "agency_kind", "situation"],
                condition=Q(state__in=("draft", "proposed")),
                name="recipienttemplate_one_open",
            ),
            models.UniqueConstraint(
                fields=["county", "agency_kind", "situation"],
                condition=Q(state="active"),
                name="recipienttemplate_one_active",
            ),
            models.CheckConstraint(condition=Q(state__in=TemplateState.values), name="recipienttemplate_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("active", "replaced", "ended"))
                | (Q(activated_by__isnull=False) & ~Q(activated_by=models.F("proposed_by"))),
                name="recipienttemplate_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("replaced", "ended")) | Q(ended_on__isnull=False),
                name="recipienttemplate_ended_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_agency_kind_display()} {self.get_situation_display()} 第 {self.version} 版"

    @property
    def because_of(self) -> str:
        """What `because` is the reason of."""
        act = {TemplateState.ENDED: "停用", TemplateState.DROPPED: "作废"}.get(TemplateState(self.state), "退回")
        return f"{act}的原因"

    @property
    def asks(self) -> str:
        """The kind of office of which each person must have agreed; empty where the law or an emergency is the ground."""
        return self.agency_kind if self.basis == Basis.CONSENT else ""

    @property
    def parts(self) -> tuple[Section, ...]:
        """Raises: ValueError when the row names something this program does not know."""
        return tuple(Section.of(one) for one in self.sections)

    @property
    def facts(self) -> TemplateFacts:
        return TemplateFacts(
            sections=self.parts, basis=self.basis, citation=self.citation, agreement=self.agreement,
            assessment=self.assessment, assessed_on=self.assessed_on, starts_on=self.starts_on,
        )  # fmt: skip
