"""用药依从性 over the last records, as a small drawing and in words. Pure. Units: pixels of the view box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.terms import Adherence

WIDTH, LEFT, RIGHT = 320, 48, 12
HEIGHTS = {Adherence.REGULAR: 16, Adherence.INTERRUPTED: 44, Adherence.NOT_TAKEN: 72}
SHORT = {Adherence.REGULAR: "规律", Adherence.INTERRUPTED: "间断", Adherence.NOT_TAKEN: "不用药"}
MOST = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """One record. `adherence` None: nothing was said."""

    on: date
    adherence: int | None
    in_hospital: bool = False
    side_effect: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    css: str


@dataclass(frozen=True, slots=True)
class Trend:
    path: str
    marks: tuple[Mark, ...]
    levels: tuple[tuple[str, int], ...]
    words: str


def said_of(one: Taken) -> str:
    if one.in_hospital:
        return "住院中"
    return str(Adherence(one.adherence).label) if one.adherence in Adherence.values else "没有填"


def trend_of(records: Sequence[Taken]) -> Trend | None:
    """Oldest first; a stay in hospital or 医嘱勿需用药 makes no mark. None while there is nothing to draw.

    Source: 表1-8 用药依从性 (1 规律 2 间断 3 不用药 4 医嘱勿需用药); indicators, regular_medication.
    """
    shown = list(records)[-MOST:]
    step = (WIDTH - LEFT - RIGHT) / max(len(shown) - 1, 1)
    marks = []
    for place, one in enumerate(shown):
        level = None if one.in_hospital else one.adherence
        if level in HEIGHTS:
            marks.append(Mark(f"{LEFT + step * place:.1f}", str(HEIGHTS[Adherence(level)]), f"a-{level}"))
    if not marks:
        return None
    path = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks) if len(marks) > 1 else ""
    levels = tuple((SHORT[level], height) for level, height in HEIGHTS.items())
    return Trend(path, tuple(marks), levels, trend_words(shown))


def trend_words(shown: Sequence[Taken]) -> str:
    """最近 8 次随访：规律 5 次，间断 2 次，住院 1 次。 Every record is counted once."""
    said = [
        "住院" if one.in_hospital
        else SHORT[Adherence(one.adherence)] if one.adherence in HEIGHTS
        else "医嘱勿需用药" if one.adherence == Adherence.NOT_NEEDED
        else "没有填"
        for one in shown
    ]  # fmt: skip
    order = (*SHORT.values(), "医嘱勿需用药", "住院", "没有填")
    counts = [f"{word} {said.count(word)} 次" for word in order if word in said]
    return f"最近 {len(shown)} 次随访：{'，'.join(counts)}。"
