"""What an office may answer: checked the same for page and interface."""

from dataclasses import dataclass
from datetime import datetime

from exchange.terms import Action, Met, Result

LONGEST_NOTE = 500
EARLIEST_YEAR = 2000


@dataclass(frozen=True)
class Answer:
    """反馈. `met_at` is when the office was there, in local time."""

    met: str
    met_at: datetime
    actions: tuple[str, ...]
    result: str
    note: str = ""


def problems(answer: Answer, *, now: datetime) -> dict[str, str]:
    """Sentence by field; empty when the answer can be taken. Source: practice notes C (反馈: 见面时间、措施、结果)."""
    found: dict[str, str] = {}
    if answer.met not in Met.values:
        found["met"] = "请选择见到了谁。"
    if answer.result not in Result.values:
        found["result"] = "请选择结果。"
    if any(action not in Action.values for action in answer.actions):
        found["actions"] = "请在列出的几项里选做了什么。"
    elif not answer.actions:
        found["actions"] = "请选择做了什么，可以多选。"
    if answer.met_at > now:
        found["met_at"] = "时间不能晚于现在。请改为实际见面或上门的时间。"
    elif answer.met_at.year < EARLIEST_YEAR:  # the database keeps a moment of year 1 that no page can read back
        found["met_at"] = "时间的年份太早。请改为实际见面或上门的时间。"
    if len(answer.note) > LONGEST_NOTE:
        found["note"] = f"补充说明最多 {LONGEST_NOTE} 个字。"
    return found
