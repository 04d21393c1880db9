"""Where the marks of the small drawings stand. Units: pixels of their view boxes; numbers as text, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.rules.plan_row import PlanRow
from reports.terms import Standing

BULLET_START, BULLET_WIDTH, BULLET_OVER = 6, 160, 10
GAP_TARGET, GAP_ROOM, GAP_OVER = 106, 98, 24
SPARK_WIDTH, SPARK_TOP, SPARK_BOTTOM, SPARK_EDGE = 84, 3, 21, 3


def number(value: Decimal | float) -> str:
    return f"{float(value):.1f}"


@dataclass(frozen=True, slots=True)
class Bullet:
    """One row of the table of indicators: all rows share one axis, from base to target."""

    fill: str  # "" draws nothing
    over: str  # where the arrow of a target left behind begins; "" for none
    due: str
    words: str


def bullet(row: PlanRow) -> Bullet:
    """Bars start at the base of the plan (at 0 where it names none). Nothing confirmed: an empty track."""
    due = row.line.due_share(row.as_of)
    at = number(BULLET_START + BULLET_WIDTH * due)
    walked = row.walked
    if walked is None:
        return Bullet("", "", at, "")
    share = max(Decimal(0), walked)
    width = min(share * BULLET_WIDTH, Decimal(BULLET_WIDTH + BULLET_OVER))
    over = number(BULLET_START + width) if share > 1 else ""
    words = f"从基数到目标已走 {share:.0%}，今天应到 {due:.0%}。"
    return Bullet(number(width), over, at, words)


@dataclass(frozen=True, slots=True)
class GapBar:
    """A township's distance to the target: to the left what is missing, to the right what is beyond."""

    x: str
    width: str
    css: str
    points: str


def gap_bars(values: Sequence[Decimal | None], target: Decimal, near: Decimal) -> list[GapBar | None]:
    """One scale for all rows: the farthest one fills the room."""
    away = [None if value is None else value - target for value in values]
    farthest = max((abs(points) for points in away if points is not None and points < 0), default=Decimal(5))
    scale = Decimal(GAP_ROOM) / max(farthest, Decimal(5))
    return [None if points is None else _gap_bar(points, scale, near) for points in away]


def _gap_bar(points: Decimal, scale: Decimal, near: Decimal) -> GapBar:
    signed = f"+{points:.2f}" if points >= 0 else f"−{-points:.2f}"
    width = min(abs(points) * scale, Decimal(GAP_OVER if points >= 0 else GAP_ROOM))
    if points >= 0:
        return GapBar(number(GAP_TARGET), number(width), Standing.MET.css, signed)
    css = (Standing.AT_RISK if -points <= near else Standing.FAR).css
    return GapBar(number(GAP_TARGET - width), number(width), css, signed)


@dataclass(frozen=True, slots=True)
class Spark:
    path: str
    target: str
    x: str
    y: str


def spark(values: Sequence[Decimal | None], target: Decimal | None) -> Spark | None:
    """A line of the quarters, drawn from the first known one. The axis is cut: only the shape and the target speak."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    every = [value for _, value in known] + ([target] if target is not None else [])
    low, high = min(every), max(every)
    span = (high - low) or Decimal(1)
    step = Decimal(SPARK_WIDTH) / max(len(values) - 1, 1)

    def y_of(value: Decimal) -> str:
        return number(SPARK_BOTTOM - (value - low) / span * (SPARK_BOTTOM - SPARK_TOP))

    points = [(number(SPARK_EDGE + step * place), y_of(value)) for place, value in known]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return Spark(path, y_of(target) if target is not None else "", *points[-1])


def share_of(count: int, most: int) -> str:
    """Width of a level's bar in a box of 100."""
    return number(Decimal(count) * 100 / most) if most else "0"
