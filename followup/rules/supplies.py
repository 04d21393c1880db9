"""Free dispensing (免费发药): its shape, when the next collection is due, days without supply. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.rules.day_words import long_day
from followup.rules.choice import Problem
from followup.rules.prescriptions import DayLimits, day_problems
from followup.terms import PackUnit, Receiver

MOST_DAYS = 120
LARGEST = Decimal(10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFacts:
    """One hand-out. Units: `pack`, whole days the amount lasts."""

    name: str
    handed_on: date
    amount: Decimal
    pack: str
    batch: str
    days: int
    receiver: str
    handed_by: str
    receiver_name: str = ""
    receiver_relation: str = ""
    note: str = ""

    @property
    def next_on(self) -> date:
        return self.handed_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Supply:
    name: str
    on: date
    until: date


def supply_problems(facts: SupplyFacts, limits: DayLimits) -> list[Problem]:
    """What cannot be, field by field. Source: practice notes 免费服药 (drugs, collection months); design."""
    found = day_problems("handed_on", "发放日期", facts.handed_on, limits)
    if not facts.name:
        found.append(Problem("name", "请选择药品。"))
    if not (facts.amount.is_finite() and 0 < facts.amount <= LARGEST and facts.amount == round(facts.amount, 1)):
        found.append(Problem("amount", "数量：请填 0 到 10000 之间的数字，最多一位小数。"))
    if facts.pack not in PackUnit.values:
        found.append(Problem("pack", "请选择数量的单位。"))
    if not facts.batch:
        found.append(Problem("batch", "请填批号，在药盒上。"))
    if not 1 <= facts.days <= MOST_DAYS:
        found.append(Problem("days", f"够用天数应在 1 到 {MOST_DAYS} 之间。"))
    if facts.receiver not in Receiver.values:
        found.append(Problem("receiver", "请选择领药人。"))
    elif facts.receiver != Receiver.SELF and not facts.receiver_name:
        found.append(Problem("receiver_name", "不是本人领的，请填领药人姓名。"))
    if facts.receiver in (Receiver.RELATIVE, Receiver.HELPER) and not facts.receiver_relation:
        found.append(Problem("receiver_relation", "请填领药人与患者的关系，例如：妹妹、村医。"))
    if not facts.handed_by:
        found.append(Problem("handed_by", "请填发药人。"))
    return found


def collection_words(next_on: date, today: date) -> str:
    """够用到 12 月 20 日，请在那天以前来领，还有 5 天"""
    days = (next_on - today).days
    said = long_day(next_on, today)
    if days > 0:
        return f"下次领药 {said}前，还有 {days} 天"
    return f"下次领药 {said}，就是今天" if days == 0 else f"应于 {said}前领药，已过 {-days} 天"


def gaps(supplies: Iterable[Supply], today: date) -> list[tuple[Supply, int]]:
    """Supplies of one drug after which days went by without any: the supply that had run out, and how many days.

    What was left over from an earlier collection is counted on. Units: whole days.
    """
    found = []
    ordered = sorted(supplies, key=lambda one: (one.on, one.until))
    covered: date | None = None
    last: Supply | None = None
    for one in ordered:
        if covered is not None and last is not None and one.on > covered:
            found.append((last, (one.on - covered).days))
        left = max((covered - one.on).days, 0) if covered is not None else 0
        covered, last = one.until + timedelta(days=left), one
    if covered is not None and last is not None and today > covered:
        found.append((last, (today - covered).days))
    return found
