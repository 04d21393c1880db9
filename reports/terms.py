"""Vocabulary of indicators, plans and reports."""

from enum import StrEnum

from django.db.models import TextChoices


class Unit(StrEnum):
    """What a figure is counted in; decides how it is divided, rounded and printed."""

    PERCENT = "%"
    PERMILLE = "‰"
    COUNT = "count"  # a plain number of people or things; the pack names the word (个、人、张)
    PER_THOUSAND = "per_thousand"  # things per 1,000 residents
    PER_HUNDRED_THOUSAND = "per_hundred_thousand"  # people per 100,000 residents
    ONE_TO = "one_to"  # 1/N: one worker for N patients; a smaller N is better
    YES_NO = "yes_no"  # 1 it is there, 0 it is not
    CHANGE = "change"  # how much a figure has grown against the base year's, in per cent of it
    PATIENTS_PER_POST = "patients_per_post"  # the same turned over: patients ÷ full-time posts

    @property
    def is_fraction(self) -> bool:
        """Two numbers are needed to say it."""
        return self not in (Unit.COUNT, Unit.YES_NO)


class Operator(StrEnum):
    """Which direction of a target is good."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    EQUAL = "="
    REPORT = "report"  # value and distance are printed, nobody is judged by it

    @property
    def sign(self) -> str:
        return {">=": "≥", ">": ">", "<=": "≤", "=": "=", "report": ""}[self.value]


class Kind(StrEnum):
    """Where the figure of a plan's row comes from."""

    COMPUTED = "computed"  # from the register; never typed in
    REPORTED = "reported"  # a department enters it, the commission confirms it

    @property
    def source(self) -> str:
        return {"computed": "由本系统从登记资料计算", "reported": "由责任单位填报，卫生健康委确认"}[self.value]


class TaskPart(TextChoices):
    """What a department has to do with a task, in the plans' own words."""

    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "负责"
    SUPPORT = "support", "配合"


class Rhythm(StrEnum):
    """How often a plan has its departments meet."""

    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    UNSTATED = "unstated"  # 定期, without a number

    @property
    def label(self) -> str:
        return {
            "quarter": "每季度一次",
            "half_year": "每半年一次",
            "year": "每年一次",
            "unstated": "定期（没有写次数）",
        }[self.value]

    @property
    def times_a_year(self) -> int | None:
        return {"quarter": 4, "half_year": 2, "year": 1}.get(self.value)


class AssessmentKind(StrEnum):
    MID = "mid"
    FINAL = "final"

    @property
    def label(self) -> str:
        return {"mid": "中期", "final": "终期"}[self.value]


class Standing(StrEnum):
    """How a plan's row stands on the cut-off day. Each has a word, a tone and an icon: never a colour alone."""

    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    FAR = "far"
    UNCONFIRMED = "unconfirmed"
    MISSING = "missing"
    REPORT_ONLY = "report_only"
    NO_DATA = "no_data"

    @property
    def label(self) -> str:
        return _STANDING[self][0]

    @property
    def printed(self) -> str:
        """The word of the annex table, where 是否达标 has room for four characters."""
        return _STANDING[self][1]

    @property
    def tone(self) -> str:
        return _STANDING[self][2]

    @property
    def icon(self) -> str:
        return _STANDING[self][3]

    @property
    def css(self) -> str:
        """The row's class in the table of indicators."""
        return _STANDING[self][4]


_STANDING: dict[Standing, tuple[str, str, str, str, str]] = {
    Standing.MET: ("已达标", "达标", "good", "check-circle", "met"),
    Standing.ON_TRACK: ("进度正常", "未达标", "info", "arrow", "track"),
    Standing.AT_RISK: ("有风险", "未达标", "caution", "alert", "risk"),
    Standing.FAR: ("差距大", "未达标", "urgent", "alert", "far"),
    Standing.UNCONFIRMED: ("待确认", "待确认", "", "clock", "wait"),
    Standing.MISSING: ("待填报", "数据缺失", "", "edit", "todo"),
    Standing.REPORT_ONLY: ("只报告", "不适用", "", "info", "report"),
    Standing.NO_DATA: ("暂无数据", "数据缺失", "", "info", "todo"),
}


class Mend(StrEnum):
    """Whether a person not counted can still be counted this year."""

    ONE_VISIT = "one_visit"
    VISIT_FIRST = "visit_first"  # a visit is needed; whether it counts depends on what it finds
    ONE_ACT = "one_act"  # something else than a visit, done once
    CARE = "care"  # depends on the person's course, not on one more record
    NOT_THIS_YEAR = "not_this_year"

    @property
    def label(self) -> str:
        return {
            "one_visit": "补一次就算",
            "visit_first": "先补一次随访",
            "one_act": "办一次就算",
            "care": "要靠治疗和照顾",
            "not_this_year": "今年补不回",
        }[self.value]


class Breakdown(TextChoices):
    """How one indicator is taken apart on its page."""

    PLACE = "place", "乡镇（街道）"
    VILLAGE = "village", "村（社区）"
    DIAGNOSIS = "diagnosis", "诊断"
    LEVEL = "level", "危险性等级"
    QUARTER = "quarter", "季度"


class ReportedState(TextChoices):
    ENTERED = "entered", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    REPLACED = "replaced", "已被新的填报代替"


class ReportState(TextChoices):
    WAITING = "waiting", "排队中"
    WORKING = "working", "正在生成"
    DONE = "done", "已完成"
    FAILED = "failed", "没有做成"


class ReportKind(TextChoices):
    """Which document a made report is."""

    PLAN = "plan", "计划完成情况报告"
    ANNUAL = "annual", "年度统计表（表14）"
    EXCHANGE = "exchange", "信息交换统计表（表9）"
    BRIEFING = "briefing", "季度简报"


class FreezeKind(TextChoices):
    """What is closed by a freeze."""

    QUARTER = "quarter", "季度关账"
    MIDTERM = "midterm", "中期评估"
    FINAL = "final", "终期评估"
    OTHER = "other", "专项评估"

    @property
    def is_assessment(self) -> bool:
        return self is not FreezeKind.QUARTER


class Outcome(StrEnum):
    """How one person stands to one figure."""

    MET = "met"
    UNMET = "unmet"
    OUT = "out"

    @property
    def label(self) -> str:
        return {"met": "算进去", "unmet": "没算进去", "out": "不在分母里"}[self.value]


class TaskState(TextChoices):
    OPEN = "open", "未开始"
    WORKING = "working", "进行中"
    REPORTED = "reported", "报完成待确认"
    DONE = "done", "已完成"
    DROPPED = "dropped", "不再办理"

    @property
    def tone(self) -> str:
        return {"working": "info", "reported": "caution", "done": "good"}.get(self.value, "")

    @property
    def icon(self) -> str:
        return {"working": "arrow", "reported": "clock", "done": "check-circle", "dropped": "pause"}.get(
            self.value, "flag"
        )


class NoteKind(TextChoices):
    """What a line of a task's history tells."""

    PROGRESS = "progress", "进展"
    REPORTED = "reported", "报完成"
    CONFIRMED = "confirmed", "确认完成"
    RETURNED = "returned", "退回"
    REOPENED = "reopened", "重新办理"
    DROPPED = "dropped", "不再办理"
    RESUMED = "resumed", "恢复办理"
    GIVEN = "given", "交办"
    NAMED = "named", "指定专人"


class MeetingState(TextChoices):
    CALLED = "called", "待开或待补纪要"
    HELD = "held", "已开，有纪要"
    CANCELLED = "cancelled", "已取消"

    @property
    def tone(self) -> str:
        return {"called": "info", "held": "good"}.get(self.value, "")

    @property
    def icon(self) -> str:
        return {"called": "clock", "held": "check-circle"}.get(self.value, "pause")


class Supervisor(TextChoices):
    """In whose name a supervision is held."""

    COMMISSION = "commission", "卫生健康委"
    LEAD_GROUP = "lead_group", "领导小组（联席会议）"
    GOVERNMENT = "government", "政府督查"


class FindingState(TextChoices):
    OPEN = "open", "待整改"
    REPORTED = "reported", "已报整改，待确认"
    RIGHT = "right", "整改到位"
    WITHDRAWN = "withdrawn", "已撤销"

    @property
    def tone(self) -> str:
        return {"open": "info", "reported": "caution", "right": "good"}.get(self.value, "")

    @property
    def icon(self) -> str:
        return {"open": "flag", "reported": "clock", "right": "check-circle"}.get(self.value, "close")


class FindingAct(TextChoices):
    """What a line of a finding's history tells."""

    FOUND = "found", "发现问题"
    PROGRESS = "progress", "进展"
    REPORTED = "reported", "报整改"
    ACCEPTED = "accepted", "确认到位"
    RETURNED = "returned", "退回"
    RAISED = "raised", "升级措施"
    REVOKED = "revoked", "撤销措施"
    ENDED = "ended", "措施结束"
    WITHDRAWN = "withdrawn", "撤销问题"


class Rung(TextChoices):
    """A step of the ladder of supervision, from below."""

    CIRCULAR = "circular", "通报"
    INTERVIEW = "interview", "约谈"
    LISTING = "listing", "挂牌督办"
    VETO = "veto", "一票否决"


class MeasureState(TextChoices):
    ISSUED = "issued", "已作出"
    LISTED = "listed", "挂牌中"
    DELISTED = "delisted", "已摘牌"
    IN_FORCE = "in_force", "否决有效"
    LIFTED = "lifted", "已解除"
    EXPIRED = "expired", "年度已过，自行失效"
    REVOKED = "revoked", "已撤销"

    @property
    def tone(self) -> str:
        return {"listed": "caution", "in_force": "urgent", "delisted": "good", "lifted": "good"}.get(self.value, "")

    @property
    def icon(self) -> str:
        return {"listed": "flag", "in_force": "alert", "delisted": "check-circle", "lifted": "check-circle",
                "issued": "file", "expired": "clock"}.get(self.value, "close")  # fmt: skip


class Duty(StrEnum):
    """What a department has to do about a row that it reports."""

    RETURNED = "returned"
    LATE = "late"
    SOON = "soon"
    LATER = "later"

    @property
    def label(self) -> str:
        return {"returned": "已退回，请改正", "late": "逾期", "soon": "该填报了", "later": "还不到时候"}[self.value]

    @property
    def tone(self) -> str:
        return {"returned": "caution", "late": "urgent", "soon": "info", "later": ""}[self.value]

    @property
    def icon(self) -> str:
        return {"returned": "back", "late": "alert", "soon": "clock", "later": "clock"}[self.value]
