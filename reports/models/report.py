from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import FieldGroup
from reports.models.freeze import Freeze
from reports.terms import ReportKind, ReportState


class PlanReport(models.Model):
    """A printed report (计划完成情况报告, 年度统计表, 信息交换统计表, 季度简报): asked for on a page or by a command, made
    outside the request, kept with its check code.

    `pack` stands where it is about a plan, `span` (2026, 2026Q3) where it is about a period. `facts` is what the
    document says, frozen at the time of the request; `content` the finished PDF. Neither names a person.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=10, choices=ReportKind, default=ReportKind.PLAN)
    pack = models.CharField("计划", max_length=40, blank=True)
    span = models.CharField("时段", max_length=6, blank=True)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    as_of = models.DateField("截止日期")
    freeze = models.ForeignKey(Freeze, models.PROTECT, null=True, related_name="reports", verbose_name="依据的冻结")
    check_code = models.CharField("核验码", max_length=9, unique=True)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.WAITING)
    facts = models.JSONField("内容", default=dict)
    content = models.BinaryField("文件", null=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("页数", null=True)
    missing_glyphs = models.CharField("缺字", max_length=200, blank=True)
    problem = models.CharField("没有做成的原因", max_length=400, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    requested_at = models.DateTimeField("提出时间", default=timezone.now)
    claimed_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            [
                "kind",
                "pack",
                "span",
                "area",
                "as_of",
                "freeze",
                "check_code",
                "document_number",
                "facts",
                "content",
                "sha256",
                "pages",
                "missing_glyphs",
            ],
            FieldGroup.AGGREGATE,
        ),
        **dict.fromkeys(
            ["id", "uuid", "state", "problem", "requested_by", "requested_at", "claimed_at", "finished_at"],
            FieldGroup.TECHNICAL,
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReportState.DONE) | Q(content__isnull=False), name="report_done_has_a_file"
            ),
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind=ReportKind.PLAN) & ~Q(pack="") & Q(span=""))
                | (~Q(kind=ReportKind.PLAN) & ~Q(span="")),
                name="report_of_plan_or_span",
            ),
        ]
        indexes = [models.Index(fields=["area", "-requested_at"], name="report_newest")]

    def __str__(self) -> str:
        return f"{self.pack} {self.as_of}"

    @property
    def is_over(self) -> bool:
        return self.state in (ReportState.DONE, ReportState.FAILED)
