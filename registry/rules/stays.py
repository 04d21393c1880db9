"""Stays in hospital: how many bed-days, and which stays cannot both be true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.text import TextRefused


class StayRefused(TextRefused):
    """Two stays cannot both be true, or one ends before it begins. The text says which; `field` names the date."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Stay:
    """`discharged_on` None: still in hospital."""

    admitted_on: date
    discharged_on: date | None = None


@dataclass(frozen=True)
class BedDayRule:
    """County settings. A stay within one day counts as `same_day` days."""

    counts_discharge_day: bool = False
    same_day: int = 1


def bed_days(stay: Stay, *, today: date, rule: BedDayRule | None = None) -> int:
    """Days in bed (床日): the admission day counts, the discharge day does not; a running stay counts to `today`.

    Source: 邹城 二(六) 按床日结算; the counting itself is a setting (本系统). Units: days.
    """
    rule = rule or BedDayRule()
    if stay.discharged_on is None:
        return max(0, (today - stay.admitted_on).days + 1)
    days = (stay.discharged_on - stay.admitted_on).days
    if days == 0:
        return rule.same_day
    return days + 1 if rule.counts_discharge_day else days


def bed_days_between(stays: Iterable[Stay], first: date, last: date) -> int:
    """Nights of these stays that began on a day of the period `first`–`last`, both counted. Units: days."""
    total = 0
    for stay in stays:
        begins = max(stay.admitted_on, first)
        ends = min(stay.discharged_on or last + timedelta(days=1), last + timedelta(days=1))
        total += max(0, (ends - begins).days)
    return total


def check_stay(stay: Stay, others: Iterable[Stay]) -> None:
    """Refuse a stay that ends before it begins or lies across another; leaving one hospital and entering the next on
    the same day is no overlap. Units: local dates. Raises: StayRefused."""
    if stay.discharged_on is not None and stay.discharged_on < stay.admitted_on:
        raise StayRefused(f"出院日期不能早于入院日期 {stay.admitted_on}。请核对日期。", field="discharged_on")
    for other in others:
        ends_before = stay.discharged_on is not None and stay.discharged_on <= other.admitted_on
        begins_after = other.discharged_on is not None and stay.admitted_on >= other.discharged_on
        if ends_before or begins_after:
            continue
        if other.discharged_on is None:
            words = f"{other.admitted_on} 入院的那次住院还没有登记出院，请先登记出院。"
        else:
            words = f"与 {other.admitted_on} 至 {other.discharged_on} 的住院重叠，请核对日期。"
        raise StayRefused(words, field="admitted_on")
