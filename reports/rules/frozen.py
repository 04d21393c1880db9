"""What a freeze keeps of each person: one letter a figure, and how two such rows differ.

Source: 指标口径 (what was known on a date is kept only by a freeze, which never changes).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from reports.rules.months import is_quarter_end
from reports.terms import FreezeKind, Outcome

OUT, MET, FIRST_UNMET = "0", "1", "a"  # out of the denominator; counted; the letter of the first requirement that fails
LAST_UNMET = "z"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person on the register of one township: a letter for each figure, in the order of the freeze's codes."""

    patient: int
    letters: str

    @property
    def line(self) -> str:
        return f"{self.patient} {self.letters}"


def letter_of(need: int) -> str:
    return chr(ord(FIRST_UNMET) + need)


def need_of(letter: str) -> int | None:
    """The place of the requirement that failed; None for one who counts or is out."""
    return ord(letter) - ord(FIRST_UNMET) if FIRST_UNMET <= letter <= LAST_UNMET else None


def outcome_of(letter: str) -> Outcome:
    if letter == MET:
        return Outcome.MET
    return Outcome.OUT if letter == OUT else Outcome.UNMET


def written(rows: Iterable[PersonRow]) -> str:
    """The people of one township as the hash takes them: a line each, in the order of their keys."""
    return "\n".join(row.line for row in sorted(rows, key=lambda row: row.patient))


def read(text: str) -> Iterator[PersonRow]:
    for line in text.splitlines():
        patient, _, letters = line.partition(" ")
        yield PersonRow(int(patient), letters)


def tallies(codes: Sequence[str], rows: Sequence[PersonRow]) -> dict[str, Counter[str]]:
    """How many people have which letter, by figure: the figure and the sizes of its lists at once."""
    columns = zip(*(row.letters for row in rows), strict=True) if rows else iter([()] * len(codes))
    return {code: Counter(column) for code, column in zip(codes, columns, strict=True)}


def pair_of(tally: Mapping[str, int]) -> tuple[int, int]:
    """Numerator and denominator."""
    return tally.get(MET, 0), sum(count for letter, count in tally.items() if letter != OUT)


@dataclass(frozen=True, slots=True)
class Differing:
    """Somebody who counts otherwise now. A letter is OUT too where the person is not on the register of the area."""

    patient: int
    before: str
    after: str


def differing(before: Mapping[int, str], after: Mapping[int, str]) -> tuple[Differing, ...]:
    """Of one figure, by person its letter: those whose outcome (met, unmet, out) is another one. Source: 指标口径.

    Another reason for the same outcome changes no number and lists nobody.
    """
    found = (Differing(key, before.get(key, OUT), after.get(key, OUT)) for key in sorted(before.keys() | after.keys()))
    return tuple(each for each in found if outcome_of(each.before) is not outcome_of(each.after))


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one fixed way of writing it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def fault_of(kind: FreezeKind, as_of: date, today: date, plan_years: tuple[int, int] | None) -> str:
    """Why this day cannot be frozen so, in a sentence; empty when it can. `plan_years`: of the plan assessed."""
    if as_of > today:
        return "截止日期不能晚于今天。"
    if kind is FreezeKind.QUARTER:
        if not is_quarter_end(as_of):
            return "按季度关账请选季度的最后一天（3月31日、6月30日、9月30日、12月31日）。"
        return "这个季度今天才结束，明天起可以关账。" if as_of == today else ""
    if plan_years is None:
        return "评估要写明是哪个计划。请选择计划。"
    first, last = plan_years
    if as_of.year < first:
        return f"截止日期早于计划开始的 {first} 年。请核对日期。"
    # A final assessment is held after the plan's last year, about its end or later.
    return f"截止日期晚于计划结束两年以上（{last} 年结束）。请核对日期。" if as_of.year > last + 2 else ""


@dataclass(frozen=True, slots=True)
class Entered:
    """One record about a person that was entered, corrected or struck out after the freeze."""

    at: datetime
    what: str
    on: date | None = None
    by: str = ""

    @property
    def words(self) -> str:
        """冉医生补录 2026-09-21 的随访."""
        day = f" {self.on:%Y-%m-%d} 的" if self.on else ""
        act, _, thing = self.what.partition("|")
        return f"{self.by}{act}{day}{thing}"
