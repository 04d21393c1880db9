"""What other agencies send, and the differences to our register that follow from it."""

from typing import Any, ClassVar, cast
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedBytesField, SealedJSONField, SealedWordsField, User
from accounts.terms import FieldGroup
from exchange.models.keys import AgencyKey
from exchange.rules.inbound_rows import TheirRow
from exchange.terms import Conclusion, DifferenceState, Evidence, InboundKind, InboundState, RowClass, Via
from registry.models import Clue, Patient


class InboundList(models.Model):
    """One list of one agency: its number, its period, who handed it in and how its rows compared. No person in it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="报送单位")
    kind = models.CharField("名册", max_length=16, choices=InboundKind)
    number = models.PositiveIntegerField("第几份")
    period = models.CharField("所属期", max_length=6)
    state = models.CharField("状态", max_length=8, choices=InboundState, default=InboundState.DRAFT)
    via = models.CharField("来路", max_length=6, choices=Via)
    signed_with = models.ForeignKey(AgencyKey, models.PROTECT, null=True, related_name="+", verbose_name="签名公钥")
    fingerprint = models.CharField("内容校验码", max_length=64)
    gap_because = models.CharField("缺号的原因", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行数")
    counts = models.JSONField("各类行数", default=dict)  # numbers only
    refusals = models.JSONField("不能识别的行", default=list)  # row, column, reason: never what stood there
    # Rows of a person whom an earlier row meant: only the register knows it, so the agency is not told (ADR 18).
    twice = models.JSONField("比对时重复的行", default=list)
    drafted_at = models.DateTimeField("上传时间", default=timezone.now)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    sent_at = models.DateTimeField("报送时间", null=True)
    compared_at = models.DateTimeField("比对时间", null=True)
    fault = models.CharField("没有比对成的原因", max_length=200, blank=True)
    answer_from = models.DateField("复函最早给对方的日期", null=True)  # the same whatever was found (ADR 18)
    answered_at = models.DateTimeField("复函时间", null=True)
    forgotten_at = models.DateTimeField("个人信息删去时间", null=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "agency", "kind", "number", "period", "state", "via", "signed_with", "fingerprint",
            "gap_because", "rows", "counts", "refusals", "twice", "drafted_at", "drafted_by", "sent_at", "compared_at", "fault",
            "answer_from", "answered_at", "forgotten_at",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "agency", "kind", "number"],
                condition=~Q(state="draft"),
                name="inboundlist_number_once",
            ),
            models.UniqueConstraint(
                fields=["county", "agency", "kind", "fingerprint"],
                condition=~Q(state="draft"),
                name="inboundlist_content_once",
            ),
            models.UniqueConstraint(
                fields=["drafted_by"], condition=Q(state="draft"), name="inboundlist_one_draft_each"
            ),
            models.CheckConstraint(condition=Q(state__in=InboundState.values), name="inboundlist_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="inboundlist_sent_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_kind_display()} 第 {self.number} 份"


class InboundLetter(models.Model):
    """复函 as it was sent: a later version of the engine may set it differently."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    inbound = models.OneToOneField(InboundList, models.PROTECT, related_name="letter", verbose_name="名册")
    content = SealedBytesField("复函", label="inboundletter.content")  # numbers and row numbers, nobody's name
    sha256 = models.CharField("校验码", max_length=64)

    privacy: ClassVar = dict.fromkeys(("id", "uuid", "inbound", "content", "sha256"), FieldGroup.TECHNICAL)

    def __str__(self) -> str:
        return str(self.uuid)


class OwnInbound(models.Model):
    """What an office (or the county's exchange clerk) sees of lists handed in. A view of the owner, numbers only.

    `state`: until `answer_from` it says 核实中 also of a list that is answered already.
    """

    uuid = models.UUIDField()
    county = models.ForeignKey(Division, models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    agency_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=InboundKind)
    number = models.PositiveIntegerField()
    period = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=InboundState)
    fingerprint = models.CharField(max_length=64)
    gap_because = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    refusals = models.JSONField()
    drafted_by_id = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True)
    answer_from = models.DateField(null=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "county", "agency", "agency_name", "kind", "number", "period", "state", "fingerprint",
            "gap_because", "rows", "refusals", "drafted_by_id", "sent_at", "answer_from",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        managed = False
        db_table = "exchange_owninbound"

    def __str__(self) -> str:
        return str(self.uuid)


class InboundContent(models.Model):
    """The rows of a list until they are compared, sealed whole. A letter box: who hands in cannot read it back."""

    inbound = models.OneToOneField(InboundList, models.CASCADE, primary_key=True, related_name="content")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    rows = SealedJSONField("内容", label="inboundcontent.rows")

    privacy: ClassVar = {
        **dict.fromkeys(("inbound", "uuid", "county"), FieldGroup.TECHNICAL),
        "rows": FieldGroup.FULL_IDENTITY,
    }

    def __str__(self) -> str:
        return str(self.uuid)


class Difference(models.Model):
    """One row that does not agree, or one of ours that the list lacks. Lies with a township like a clue.

    `told` is their row; it is dropped when the matter is closed long enough. `key` knows the same difference again when
    the agency's next list still has it.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    inbound = models.ForeignKey(InboundList, models.PROTECT, related_name="differences", verbose_name="名册")
    last_inbound = models.ForeignKey(InboundList, models.PROTECT, related_name="shown", verbose_name="最近见于")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    township = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="乡镇（街道）")
    key = models.BinaryField("同一差异", max_length=32)
    found = models.CharField("类别", max_length=12, choices=RowClass)
    of_death = models.BooleanField("死亡待核实", default=False)
    row = models.PositiveIntegerField("行号", null=True)
    fields = ArrayField(models.CharField(max_length=24), verbose_name="不一致的栏目", default=list)
    told = SealedJSONField("对方内容", label="difference.told", null=True)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+", verbose_name="患者")
    clue = models.ForeignKey(Clue, models.PROTECT, null=True, related_name="+", verbose_name="线索")
    state = models.CharField("状态", max_length=8, choices=DifferenceState, default=DifferenceState.OPEN)
    opened_at = models.DateTimeField("交办时间", default=timezone.now)
    due_on = models.DateField("期限")
    conclusion = models.CharField("结论", max_length=14, choices=Conclusion, blank=True)
    evidence = models.CharField("证据", max_length=12, choices=Evidence, blank=True)
    words = SealedWordsField("说明", label="difference.words")
    answered_at = models.DateTimeField("核实时间", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核实人")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    because = SealedWordsField("退回原因", label="difference.because")
    late_noted_at = models.DateTimeField("逾期报县级的时间", null=True)
    commission_noted_at = models.DateTimeField("逾期报县卫生健康委的时间", null=True)
    sheet_at = models.DateTimeField("做进上报表的时间", null=True)
    equal_at = models.DateTimeField("看到一致的时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(
            (
                "id", "uuid", "inbound", "last_inbound", "county", "township", "key", "row", "patient", "clue", "opened_at",
                "answered_at", "answered_by", "reviewed_at", "reviewed_by", "late_noted_at", "commission_noted_at",
                "sheet_at", "equal_at",
            ),
            FieldGroup.TECHNICAL,
        ),
        **dict.fromkeys(
            ("found", "of_death", "fields", "state", "due_on", "conclusion", "evidence"), FieldGroup.MANAGEMENT
        ),
        **dict.fromkeys(("told", "words", "because"), FieldGroup.FULL_IDENTITY),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DifferenceState.values), name="difference_state_known"),
            models.CheckConstraint(
                condition=Q(found__in=["differs", "only_theirs", "only_ours", "ended_here", "unsure"]),
                name="difference_class_known",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["open", "answered"]), name="difference_going_on_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "accepted"])
                | (~Q(conclusion="") & ~Q(evidence="") & Q(answered_by__isnull=False)),
                name="difference_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(reviewed_by__isnull=False), name="difference_accepted_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["township", "state", "due_on"], name="difference_by_township")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def said(self) -> dict[str, str]:
        """What their row says; nothing once it is forgotten."""
        return dict(self.theirs.said) if self.theirs else {}

    @property
    def theirs(self) -> TheirRow | None:
        """Their row as it was read; None for somebody whom the list lacks, and once it is forgotten."""
        return TheirRow.of(cast("dict[str, Any]", self.told)) if self.told else None

    @property
    def duty_township(self) -> int:
        """Where the difference lies, in the words of every other row."""
        return self.township_id or 0

    @property
    def duty_county(self) -> int:
        return self.county_id
