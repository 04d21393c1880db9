"""Words for the pages of follow-up: made here, so that templates only place them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.rules.day_words import short_day
from followup.terms import Stability
from registry.rules.id_number import age_on

WEEKDAYS = "一二三四五六日"
CLASS_TONES = {Stability.UNSTABLE: "urgent", Stability.FAIR: "caution", Stability.STABLE: ""}
CLASS_ICONS = {Stability.UNSTABLE: "alert", Stability.FAIR: "pause", Stability.STABLE: "check"}


@dataclass(frozen=True)
class Chip:
    text: str
    tone: str
    icon: str


def class_chip(stability: int | None) -> Chip | None:
    if stability is None:
        return None
    found = Stability(stability)
    return Chip(str(found.label), CLASS_TONES[found], CLASS_ICONS[found])


def clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def moment(at: datetime) -> str:
    """14:02, with the day when it is not today."""
    day, today = timezone.localtime(at).date(), timezone.localdate()
    return clock(at) if day == today else f"{short_day(day, today)} {clock(at)}"


def weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def about(sex: str, birth_on: date | None, today: date) -> str:
    """女 52 岁"""
    age = age_on(birth_on, today)
    return " ".join(part for part in ({"1": "男", "2": "女"}.get(sex, ""), "" if age is None else f"{age} 岁") if part)


def due_words(due: date | None, today: date) -> tuple[str, str]:
    """(words, css class): 逾期 6 天, 今天到期, 还有 5 天."""
    if due is None:
        return "", ""
    days = (due - today).days
    if days < 0:
        return f"逾期 {-days} 天", "is-late"
    return ("今天到期", "is-today") if days == 0 else (f"还有 {days} 天", "")
