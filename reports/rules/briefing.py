"""季度简报 for the joint meeting in words. Other departments get it: numbers of people below the line stay hidden, and so
does what would give them back.

Source: 联席会议 (中原 附件一(一)); practice notes E (小数据不公开), D (会议), B4 (交换情况).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from reports.rules.plan_row import PlanRow
from reports.rules.rates import NONE, half_up, printed
from reports.rules.suppression import Hidden, hide_small
from reports.terms import Standing, Unit

Key = TypeVar("Key", bound=Hashable)
BEHIND = (Standing.ON_TRACK, Standing.AT_RISK, Standing.FAR)
LISTED_TARGETS = 4
HIDDEN_VALUE = "人数少，不列"
WHOLE_PERCENT_FROM = 50  # below it a whole per cent is less than a person


@dataclass(frozen=True, slots=True)
class Headline:
    """A number now and a quarter ago."""

    name: str
    now: str
    before: str
    change: str


def counted_headline(name: str, now: int, before: int | None, below: int) -> Headline:
    """People. Small on either side: neither it nor the change is told, from which the other could be worked out."""
    if before is None:
        return Headline(name, _count(now, below), NONE, NONE)
    if _is_small(now, below) or _is_small(before, below):
        return Headline(name, _count(now, below), _count(before, below), NONE)
    return Headline(name, str(now), str(before), _signed(now - before))


def rate_headline(name: str, now: tuple[int, int], before: tuple[int, int] | None, below: int) -> Headline:
    """A rate with its fraction; the fraction is left out where it would name a handful of people."""

    def said(pair: tuple[int, int]) -> tuple[str, Decimal | None]:
        value = None if not pair[1] else Decimal(pair[0]) * 100 / pair[1]
        if tells_a_few(*pair, below):
            return few_words(*pair, below), None
        fraction = f"（{pair[0]}／{pair[1]}）" if pair[1] else ""
        return printed(value, Unit.PERCENT) + fraction, value

    text, value = said(now)
    if before is None:
        return Headline(name, text, NONE, NONE)
    past_text, past = said(before)
    away = NONE if value is None or past is None else f"{half_up(half_up(value) - half_up(past)):+}个百分点"
    return Headline(name, text, past_text, away)


def tells_a_few(numerator: int, denominator: int, below: int) -> bool:
    """The counted, or those who are not, are so few that they could be known. Source: 小数据保护."""
    return _is_small(numerator, below) or _is_small(denominator - numerator, below)


def few_words(numerator: int, denominator: int, below: int) -> str:
    """Where fewer than `below` are not counted, only the whole per cent that any of those numbers would reach."""
    if _is_small(numerator, below) or denominator < WHOLE_PERCENT_FROM:
        return HIDDEN_VALUE
    return f"{(denominator - below + 1) * 100 // denominator}%以上"


def hidden_counts(counts: Mapping[Key, int], below: int) -> Hidden[Key]:
    """Cells beside their total, the smallest open one taken along where a total would give a small one back."""
    return hide_small(counts, below)


def _is_small(count: int, below: int) -> bool:
    return 0 < count < below


def _count(count: int, below: int) -> str:
    return f"<{below}" if _is_small(count, below) else str(count)


def _signed(more: int) -> str:
    return f"{more:+}" if more else "持平"


@dataclass(frozen=True, slots=True)
class BehindRow:
    """A target that is not reached: value, goal, and how many are missing."""

    name: str
    value: str
    target: str
    gap: str
    standing: str
    departments: str


def behind_rows(
    rows: Sequence[PlanRow], *, of_people: frozenset[str], sensitive: frozenset[str], below: int
) -> list[BehindRow]:
    """Rows that are not reached. Codes `of_people` count people: without numbers where they are a handful.
    `sensitive`: those whose small numbers could point at a person, never with numbers.
    """
    found = []
    for row in rows:
        if row.standing not in BEHIND:
            continue
        shut = row.row.code in sensitive or (row.row.code in of_people and _names_a_few(row, below))
        found.append(
            BehindRow(
                name=row.row.name,
                value=HIDDEN_VALUE if shut else row.value_text.replace(",", ""),
                target=row.target_text,
                gap=NONE if shut else gap_words(row.missing, row.row.gap_word, below),
                standing=row.standing.label,
                departments="、".join(row.row.departments),
            )
        )
    return found


def _names_a_few(row: PlanRow, below: int) -> bool:
    numerator, denominator = row.value.numerator, row.value.denominator
    if numerator is None or denominator is None:
        return False
    return tells_a_few(int(numerator), int(denominator), below)


def gap_words(missing: int | None, word: str, below: int) -> str:
    """还差 47 人; below the line only that it is few. Units: people or things."""
    if not missing:
        return NONE
    return f"还差不到 {below} {word}" if word == "人" and missing < below else f"还差 {missing} {word}"


def explained(hidden: Hidden[str], names: Mapping[str, str], below: int) -> str:
    """One sentence under the table; empty where nothing is hidden."""
    said = hidden.explain(names, below)
    return said.replace(" ", "")
