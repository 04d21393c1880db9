"""One transfer in words: who asks whom, by when, what was said, and what this reader may do."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from accounts.queries.calendar import work_calendar
from accounts.rules.calendar import working_days_between
from accounts.rules.day_words import long_day
from registry.models import Transfer
from registry.queries.transfers import sides_of
from registry.rules.transfers import ANSWERS, DECISIONS, is_silent, offers
from registry.terms import TransferState

if TYPE_CHECKING:
    from accounts.models import User

S = TransferState
TONES = {
    S.PROPOSED: ("info", "send"), S.SEEN: ("info", "eye"), S.REFUSED: ("caution", "alert"),
    S.COUNTY: ("caution", "flag"), S.ACCEPTED: ("good", "check"), S.DONE: ("good", "check-circle"),
}  # fmt: skip


@dataclass(frozen=True)
class TransferRow:
    uuid: UUID
    name: str
    about: str
    address: str
    level: int | None
    words: str
    way: str
    reason: str
    state: str
    tone: str
    icon: str
    clock: str
    is_late: bool
    proposed: str
    said: list[dict[str, str]]
    is_outside: bool


def transfer_row(row: Transfer, today: date, calendar: Any) -> TransferRow:
    """`calendar`: the working calendar, read once for a whole list."""
    told = cast("dict[str, Any]", row.told)
    tone, icon = TONES.get(S(row.state), ("", "flag"))
    to = _place(row.to_township, row.to_county, row.from_county_id) if row.to_township else cast("str", row.outside)
    age = "" if told["age"] is None else f"{told['age']} 岁"
    clock, late = _clock(row, today, calendar)
    return TransferRow(
        uuid=row.uuid, name=told["name"], about=f"{told['sex']} {age}".strip(), address=told["address"] or "",
        level=told["level"], words=told["words"], way=f"{row.from_township.name} → {to}",
        reason=row.get_reason_display(), state=row.get_state_display(), tone=tone, icon=icon, clock=clock,
        is_late=late, proposed=f"{row.proposed_at:%Y-%m-%d}",
        said=[{**one, "state": S(one["state"]).label} for one in cast("list[dict[str, str]]", row.said or [])],
        is_outside=row.to_township_id is None,
    )  # fmt: skip


def _place(town: Any, county: Any, home: int) -> str:
    return str(town.name) if county is None or county.pk == home else f"{county.name}{town.name}"


def _clock(row: Transfer, today: date, calendar: Any) -> tuple[str, bool]:
    """Visible before it is late: 还剩几个工作日，哪一天前."""
    due = {S.PROPOSED: row.answer_due_on, S.SEEN: row.answer_due_on, S.ACCEPTED: row.visit_due_on}.get(S(row.state))
    if due is None or row.to_township_id is None:
        return "", False
    what = "首次随访" if row.state == S.ACCEPTED else "答复"
    if today > due:
        return f"{what}已逾期 {working_days_between(due, today, calendar)} 个工作日（{long_day(due, today)} 前）", True
    left = working_days_between(today, due, calendar)
    return f"{what}还剩 {left} 个工作日，{long_day(due, today)} 前", False


def answers_for(row: Transfer, user: "User", today: date) -> list[tuple[str, str]]:
    """The answers that this reader's side may give now, with their words."""
    silent = is_silent(row.state, row.answer_due_on, today=today)
    found = offers(row.state, sides_of(row, user), outside=row.to_township_id is None, silent=silent)
    words = ANSWERS | DECISIONS if row.state == S.COUNTY else ANSWERS
    return [(answer.value, words[answer]) for answer in found]


def rows_of(rows: list[Transfer], today: date) -> list[TransferRow]:
    calendar = work_calendar()
    return [transfer_row(row, today, calendar) for row in rows]
