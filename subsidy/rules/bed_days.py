"""按床日结算 that can be true: no more days than the stay, no two hospitals on a day, none after death.

Source: 邹城 二(六) (按床日); practice.md A4.6 (what an audit found). Units: days, yuan, local dates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.rules.stays import BedDayRule, Stay, bed_days
from subsidy.rules.money import say
from subsidy.rules.spans import DAY, Span
from subsidy.rules.waterfall import Problem


@dataclass(frozen=True, slots=True)
class BedDayClaim:
    """What one hospital claims of one stay. `rate` per bed-day."""

    hospital: str
    stay: Stay
    days: int
    rate: Decimal
    amount: Decimal


def implausible(
    claims: Sequence[BedDayClaim], *, died_on: date | None, today: date, rule: BedDayRule | None = None
) -> Iterator[Problem]:
    """Every reason to ask the hospital before paying. The day of a transfer belongs to the hospital that takes in."""
    for one in claims:
        yield from _one(one, died_on, today, rule)
    ordered = sorted(claims, key=lambda one: one.stay.admitted_on)
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            both = _nights(one.stay, today).meets(_nights(other.stay, today))
            if both:
                yield Problem(
                    "stay", f"{both.words} 同时在{one.hospital}和{other.hospital}住院，共 {both.days} 天。请两家医院核对入出院日期。"
                )  # fmt: skip


def _one(one: BedDayClaim, died_on: date | None, today: date, rule: BedDayRule | None) -> Iterator[Problem]:
    if one.stay.discharged_on is not None and one.stay.discharged_on < one.stay.admitted_on:
        yield Problem("stay", f"{one.hospital}：出院日期早于入院日期。请医院更正。")
        return
    if one.days < 0:
        yield Problem("days", f"{one.hospital}：床日数是 {one.days}，不能是负数。请医院更正。")
    most = bed_days(one.stay, today=today, rule=rule)
    if one.days > most:
        yield Problem(
            "days",
            f"{one.hospital}：报了 {one.days} 个床日，{one.stay.admitted_on} 起的这次住院最多 {most} 天。请医院更正。",
        )
    if one.amount != one.rate * one.days:
        yield Problem(
            "amount",
            f"{one.hospital}：{one.days} 天 × {say(one.rate)} 是 {say(one.rate * one.days)}，报的是 {say(one.amount)}。请医院更正。",
        )
    last = _nights(one.stay, today).last
    if died_on is not None and (one.stay.admitted_on > died_on or last > died_on):
        yield Problem("stay", f"{one.hospital}：患者 {died_on} 死亡，之后仍有床日。请医院和户籍登记核对。")


def _nights(stay: Stay, today: date) -> Span:
    """Days that belong to the stay; its day of discharge belongs to nobody, unless it is also the day of admission."""
    last = today if stay.discharged_on is None else max(stay.admitted_on, stay.discharged_on - DAY)
    return Span(stay.admitted_on, last)
