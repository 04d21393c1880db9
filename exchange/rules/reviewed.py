"""The psychiatrist's word beside the level of the file. Pure."""

from dataclasses import dataclass
from datetime import date

from accounts.rules.day_words import short_day


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a psychiatrist said last. `level` None: fallen below `from_level`, where offices begin to be told."""

    on: date
    level: int | None
    from_level: int

    @property
    def words(self) -> str:
        return f" {self.from_level} 级以下" if self.level is None else f" {self.level} 级"


def differs(reviewed: Reviewed, last_on: date | None, last_level: int | None) -> bool:
    """Whether the newest record says otherwise and was not made after the psychiatrist spoke.

    Source: decisions B21; indicators risk_N (the level of the last record); ADR 32. Units: local dates.
    """
    if last_level is None or last_on is None or last_on > reviewed.on:
        return False
    return last_level >= reviewed.from_level if reviewed.level is None else last_level != reviewed.level


def said(reviewed: Reviewed, last_on: date, last_level: int, today: date) -> str:
    """Both facts, and who mends it how."""
    return (
        f"精神科医师 {short_day(reviewed.on, today)} 复核为{reviewed.words}，通报按复核；"
        f"{short_day(last_on, today)} 的随访记录仍为 {last_level} 级，档案、分类、下次随访、分色和统计按随访记录。"
        "当时评错了的，请更正那次随访；情况已经变化的，请再随访一次。"
    )
