"""联席会议次数: how often the departments of an area have met in a year, and which meetings count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.rules.months import year_start
from reports.terms import MeetingState, Unit

WANTED_A_YEAR = 4  # 每季度一次. Source: 中原 附件一(一)


@dataclass(frozen=True, slots=True)
class HeldIndicator:
    """No condition upon people makes it: what happened is counted, one thing after the other."""

    code: str
    name: str
    numerator: str
    denominator: str
    unit: Unit = Unit.PERCENT
    is_count: bool = False
    sensitive: bool = False
    is_good: bool = True


JOINT_MEETINGS = HeldIndicator(
    "joint_meetings", "联席会议次数", "年初至截止日召开、已有纪要的联席会议。", "每年 4 次（每季度一次）。"
)


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting as far as the count asks for it."""

    on: date
    state: str


def why_not(meeting: Held, day: date) -> str:
    """Empty for a meeting that counts on the day. Source: 指标口径 joint_meetings (with minutes, in the year)."""
    if meeting.state == MeetingState.CANCELLED:
        return "已取消"
    if not year_start(day) <= meeting.on <= day:
        return "不在这一年" if meeting.on.year != day.year else "在截止日之后"
    return "" if meeting.state == MeetingState.HELD else "还没有纪要"


def meetings_held(meetings: Iterable[Held], day: date) -> int:
    """Source: 指标口径 joint_meetings; 中原 C2."""
    return sum(1 for meeting in meetings if not why_not(meeting, day))
