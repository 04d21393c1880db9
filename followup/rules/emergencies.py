"""应急处置记录单 表1-9: its facts, its clock of 24 hours, and the checks afterwards. Pure; moments are local."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Self

from accounts.rules.day_words import long_day
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from followup.rules.choice import Problem
from followup.terms import EmergencyMeasure, EmergencyReason, EmergencyState, ReporterRole

S = EmergencyState
WRITE_WITHIN = timedelta(hours=24)

EMERGENCY_MACHINE: Machine[EmergencyState] = Machine(
    name="emergency",
    label="应急处置记录单",
    source="表1-9 (written within 24 hours after the disposal).",
    states=tuple(EmergencyState),
    starts=frozenset({S.OPENED}),
    ends=frozenset({S.WRITTEN, S.CANCELLED}),
    steps=(
        Step(S.OPENED, S.WRITTEN, "填写", Permission.RECORD_INCIDENT, "followup.emergency.written"),
        Step(S.OPENED, S.CANCELLED, "登记有误，撤销", Permission.RECORD_INCIDENT, "followup.emergency.cancelled", True),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFacts:
    """Every field of 表1-9 that is not read from the register. Units: persons, whole yuan."""

    started_at: datetime
    ended_at: datetime
    reported_at: datetime
    report_area: str = ""
    report_unit: str = ""
    handling_unit: str = ""
    first_place: str = ""
    reporter: str = ""
    channel: str = ""
    reporter_role: str = ""
    reporter_other: str = ""
    scene: str = ""
    police: str = ""
    police_unit: str = ""
    worker: str = ""
    psychiatrist: str = ""
    nurse: str = ""
    others: str = ""
    reasons: tuple[str, ...] = ()
    reason_other: str = ""
    measures: tuple[str, ...] = ()
    measure_other: str = ""
    diagnosis_sure: str = ""
    diagnosis: str = ""
    effect: str = ""
    subject: str = ""
    injured: int = 0
    dead: int = 0
    loss_yuan: int = 0
    nature: str = ""
    handed_over: str = ""
    payment: str = ""
    filled_by: str = ""
    filled_on: date | None = None

    def as_content(self) -> dict[str, Any]:
        """What is kept, as JSON knows it."""
        found: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            found[f.name] = value.isoformat() if isinstance(value, date) else list(value) if f.name in _MANY else value
        return found

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self:
        values = dict(content)
        for name in _MOMENTS:
            values[name] = datetime.fromisoformat(values[name])
        values["filled_on"] = date.fromisoformat(values["filled_on"]) if values.get("filled_on") else None
        for name in _MANY:
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


ACTS = frozenset({EmergencyReason.SELF_HARM.value, EmergencyReason.OTHERS_HARM.value})  # something happened
_MOMENTS = ("started_at", "ended_at", "reported_at")
_MANY = ("reasons", "measures")
NEEDED = {
    "handling_unit": "请写处置单位。", "first_place": "请写第一处置地点。", "reporter": "请写报告人。",
    "scene": "请写现场情况。", "reasons": "至少选一项处置缘由。", "measures": "至少选一项处置措施。",
    "diagnosis_sure": "请选确定诊断还是疑似诊断。", "effect": "请选处置效果。", "subject": "请选处置对象来源。",
    "filled_by": "请写填表人。",
}  # fmt: skip


def problems(facts: EmergencyFacts, *, now: datetime) -> list[Problem]:
    """Everything that cannot be or is missing. Source: 表1-9."""
    found = [Problem(name, words) for name, words in NEEDED.items() if not getattr(facts, name)]
    if facts.reported_at > facts.started_at:
        found.append(Problem("reported_at", "报告时间不能晚于处置开始时间。"))
    if facts.ended_at < facts.started_at:
        found.append(Problem("ended_at", "处置结束不能早于开始。"))
    if facts.ended_at > now:
        found.append(Problem("ended_at", "处置结束时间不能晚于现在。处置还没有结束的，结束后再填写。"))
    if EmergencyReason.OTHER in facts.reasons and not facts.reason_other:
        found.append(Problem("reason_other", "选了其他缘由，请写明。"))
    if EmergencyMeasure.OTHER in facts.measures and not facts.measure_other:
        found.append(Problem("measure_other", "选了其他措施，请写明。"))
    if facts.reporter_role == ReporterRole.OTHER and not facts.reporter_other:
        found.append(Problem("reporter_other", "报告人身份选了其他，请写明。"))
    return found


@dataclass(frozen=True)
class Clock:
    """`tone`: ok, soon (6 hours or less) or late."""

    deadline: datetime
    words: str
    tone: str


SOON = timedelta(hours=6)


def writing_clock(disposed_at: datetime, now: datetime) -> Clock:
    """How long is left to write 表1-9. Source: 管理治疗工作规范2018 应急处置 (24 小时内). Units: hours.

    The clock runs from the end of the disposal; while that is not known, from its beginning. At 24 hours nothing is late.
    """
    deadline = disposed_at + WRITE_WITHIN
    left = deadline - now
    if left < timedelta(0):
        return Clock(deadline, f"已超过 {_span(-left)}，应在 {long_day(deadline)} {deadline:%H:%M} 前填写", "late")
    tone = "soon" if left <= SOON else "ok"
    return Clock(deadline, f"还剩 {_span(left)}，{long_day(deadline)} {deadline:%H:%M} 前填写", tone)


def written_words(disposed_at: datetime, written_at: datetime) -> str:
    """How long after the disposal the record was written, in words."""
    took = written_at - disposed_at
    if took <= WRITE_WITHIN:
        return f"处置结束后 {_span(took)}填写，在 24 小时以内。"
    return f"处置结束后 {_span(took)}填写，超过 24 小时。"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} 天"
    if hours and rest:
        return f"{hours} 小时 {rest} 分"
    return f"{hours} 小时" if hours else f"{rest} 分"


@dataclass(frozen=True)
class CheckPolicy:
    """The county's setting; off unless it says so. Units: hours, checks in a row."""

    on: bool = False
    every_hours: int = 4
    stable_in_a_row: int = 2


def next_check(ended_at: datetime, checks: Sequence[tuple[datetime, bool]], policy: CheckPolicy) -> datetime | None:
    """When the patient is looked at again after a disposal; None when it is over or not asked for.

    Source: a training flow-chart only (every 4 hours until 2 stable in a row), so a setting that is off by default.
    `checks`: (moment, stable), in any order.
    """
    if not policy.on:
        return None
    ordered = sorted(checks)
    last = [stable for _, stable in ordered[-policy.stable_in_a_row :]]
    if len(last) == policy.stable_in_a_row and all(last):
        return None
    since = ordered[-1][0] if ordered else ended_at
    return since + timedelta(hours=policy.every_hours)
