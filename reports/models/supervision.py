from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedBytesField, User
from accounts.terms import AgencyKind, FieldGroup
from reports.models.task import Task
from reports.terms import FindingAct, FindingState, MeasureState, Rung, Supervisor


class Supervision(models.Model):
    """督导 of one unit on one day, in the name of the area's commission, lead group or government.

    The unit: a place right below the area (`place`), or an agency of the area by kind and name. Never a person.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    supervisor = models.CharField("督导方", max_length=12, choices=Supervisor)
    held_on = models.DateField("督导日期")
    place = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="被督导的地方")
    kind = models.CharField("单位类别", max_length=24, choices=AgencyKind)
    name = models.CharField("被督导单位", max_length=60)
    number = models.CharField("文号", max_length=60, blank=True)
    summary = models.CharField("督导情况", max_length=1000, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["area", "supervisor", "held_on", "place", "kind", "name", "number", "summary"], FieldGroup.AGGREGATE
        ),
        **dict.fromkeys(["id", "uuid", "recorded_by", "recorded_at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "held_on", "name", "supervisor"], name="supervision_once_a_day")
        ]
        indexes = [models.Index(fields=["area", "-held_on"], name="supervision_newest")]

    def __str__(self) -> str:
        return f"{self.held_on} {self.name}"


class Finding(models.Model):
    """督导问题: what is to be put right, by which unit, until when, and what it hangs on.

    `state`, `due_on` and `rung` are what its history says today (rules.findings.standing_on).
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="findings", verbose_name="督导")
    number = models.PositiveSmallIntegerField("序号")
    what = models.CharField("问题", max_length=500)
    place = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="责任地方")
    kind = models.CharField("单位类别", max_length=24, choices=AgencyKind)
    name = models.CharField("责任单位", max_length=60)
    pack = models.CharField("计划", max_length=40, blank=True)
    row_key = models.CharField("指标", max_length=40, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+", verbose_name="任务")
    basis = models.CharField("检查依据", max_length=200, blank=True)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=FindingState, default=FindingState.OPEN)
    rung = models.CharField("措施", max_length=10, choices=Rung, blank=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["supervision", "number", "what", "place", "kind", "name", "pack", "row_key", "task", "basis", "due_on",
             "state", "rung"],
            FieldGroup.AGGREGATE,
        ),
        **dict.fromkeys(["id", "uuid"], FieldGroup.TECHNICAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supervision", "number"], name="finding_numbered_once"),
            models.CheckConstraint(
                condition=(Q(pack="") & Q(row_key="")) | (~Q(pack="") & ~Q(row_key="") & Q(task=None)),
                name="finding_hangs_on_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="finding_by_term"),
            models.Index(fields=["place", "state"], name="finding_by_place"),
        ]

    def __str__(self) -> str:
        return self.what


class Measure(models.Model):
    """督导措施: one step of the ladder against one unit, as it was decided; the findings it rests on are its links."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    rung = models.CharField("措施", max_length=10, choices=Rung)
    on = models.DateField("日期")
    place = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="地方")
    kind = models.CharField("单位类别", max_length=24, choices=AgencyKind)
    name = models.CharField("单位", max_length=60)
    number = models.CharField("文号", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500)
    clause = models.CharField("依据", max_length=120)
    decided_by = models.CharField("决定单位", max_length=60)
    spoken_with = models.CharField("被约谈单位", max_length=60, blank=True)
    due_on = models.DateField("整改期限", null=True)
    year = models.PositiveSmallIntegerField("考核年度", null=True)
    state = models.CharField("状态", max_length=10, choices=MeasureState)
    ended_on = models.DateField("结束日期", null=True)
    end_reason = models.CharField("结束理由", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["area", "rung", "on", "place", "kind", "name", "number", "reason", "clause", "decided_by", "spoken_with",
             "due_on", "year", "state", "ended_on", "end_reason"],
            FieldGroup.AGGREGATE,
        ),
        **dict.fromkeys(["id", "uuid", "recorded_by", "recorded_at"], FieldGroup.TECHNICAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(rung=Rung.INTERVIEW) & ~Q(spoken_with="")) | (~Q(rung=Rung.INTERVIEW) & Q(spoken_with="")),
                name="measure_interview_names_a_unit",
            ),
            models.CheckConstraint(
                condition=(Q(rung=Rung.VETO) & Q(due_on=None) & ~Q(year=None))
                | (~Q(rung=Rung.VETO) & ~Q(due_on=None) & Q(year=None)),
                name="measure_term_or_year",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MeasureState.ISSUED, MeasureState.LISTED, MeasureState.IN_FORCE], ended_on=None)
                | (
                    Q(state__in=[MeasureState.DELISTED, MeasureState.LIFTED, MeasureState.REVOKED])
                    & ~Q(ended_on=None)
                    & ~Q(end_reason="")
                ),
                name="measure_end_has_day_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["area", "rung", "state"], name="measure_by_state")]

    def __str__(self) -> str:
        return f"{self.get_rung_display()} {self.name}"


class MeasureFinding(models.Model):
    """A finding that a measure rests on, and how it stood before: what a revoked measure leaves behind."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="links", verbose_name="措施")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="links", verbose_name="问题")
    due_before = models.DateField("原期限")
    rung_before = models.CharField("原措施", max_length=10, choices=Rung, blank=True)

    privacy: ClassVar = {
        "id": FieldGroup.TECHNICAL,
        **dict.fromkeys(["measure", "finding", "due_before", "rung_before"], FieldGroup.AGGREGATE),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "finding"], name="measure_finding_once")]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.finding_id}"


class FindingNote(models.Model):
    """办理记录 of a finding: it only grows. `due_on`: the term from now on, where the act sets one. `rung`: see Entry."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="notes", verbose_name="问题")
    act = models.CharField("类别", max_length=10, choices=FindingAct)
    on = models.DateField("日期")
    words = models.CharField("内容", max_length=500)
    evidence = models.CharField("依据", max_length=200, blank=True)
    due_on = models.DateField("整改期限", null=True)
    rung = models.CharField("措施", max_length=10, choices=Rung, blank=True)
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="notes", verbose_name="措施")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填写人")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="填写单位")
    at = models.DateTimeField("填写时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ["finding", "act", "on", "words", "evidence", "due_on", "rung", "measure"], FieldGroup.AGGREGATE
        ),
        **dict.fromkeys(["id", "uuid", "by", "agency", "at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        indexes = [models.Index(fields=["finding", "id"], name="finding_note_in_order")]

    def __str__(self) -> str:
        return f"{self.act} {self.on}"


class FindingFile(models.Model):
    """依据文件 of what was put right, sealed whole; never changed: another report brings another file."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    note = models.OneToOneField(FindingNote, models.PROTECT, related_name="file", verbose_name="办理记录")
    form = models.CharField("格式", max_length=4)  # pdf, jpg, png: told by the content, never by a name
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    content = SealedBytesField("内容", label="findingfile.content")
    kept_at = models.DateTimeField("保存时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(["id", "uuid", "note", "form", "size", "sha256", "kept_at"], FieldGroup.TECHNICAL),
        "content": FieldGroup.AGGREGATE,  # what a unit has done; the page asks for no list of people
    }

    def __str__(self) -> str:
        return f"{self.note_id} {self.form}"
