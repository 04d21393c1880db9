"""What a receipt says, in words for the health side: one line per office."""

from dataclasses import dataclass
from datetime import datetime

from accounts.rules.calendar import WorkCalendar
from exchange.rules.clocks import is_silent, moment_words


@dataclass(frozen=True)
class Moments:
    """What is known of one entry at one office; local times. `failed` when delivery was given up."""

    delivered_at: datetime | None
    seen_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True)
class Line:
    """`bold` is said first, `hint` is the quiet second line. `tone`: good, caution, urgent or none."""

    bold: str
    hint: str
    tone: str
    icon: str
    is_silent: bool = False


def line(office: str, moments: Moments, *, hours: int, now: datetime, calendar: WorkCalendar | None = None) -> Line:
    """Source: mock worker-notes (Receipts): a silent office is bold and says what the system has done."""
    if moments.failed:
        return Line(f"{office}没有收到", "送达失败，请打电话告知，并请管理员查看", "urgent", "alert", is_silent=True)
    if moments.delivered_at is None:
        return Line(office, "正在送达", "", "clock")
    if moments.acknowledged_at is not None:
        signed = f"{moment_words(moments.acknowledged_at, now)} 签收"
        if moments.answered_at is not None:
            signed = f"{signed}，{moment_words(moments.answered_at, now)} 反馈"
        return Line(office, signed, "good", "check-circle")
    silent = is_silent(moments.delivered_at, hours=hours, now=now, calendar=calendar)
    seen = f"{moment_words(moments.seen_at, now)} 看过" if moments.seen_at else "还没有看过"
    told = f"{moment_words(moments.delivered_at, now)} 送达，{seen}"
    if silent:
        told = f"{told}，已超过 {hours} 小时，已列入县里的超时名单"
        return Line(f"{office}还没有签收", told, "caution", "clock", is_silent=True)
    return Line(f"{office}还没有签收", told, "caution", "clock")
