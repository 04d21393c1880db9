"""Long-acting injections (长效针剂): due, given, missed. Pure; days are local days. The system prompts, a doctor decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from accounts.rules.day_words import long_day, short_day
from followup.rules.choice import Problem
from followup.rules.facts import is_dose
from followup.rules.prescriptions import DayLimits, day_problems
from followup.terms import DueState, InjectionSite


@dataclass(frozen=True, slots=True)
class InjectionPolicy:
    """County settings. Units: whole days."""

    early_days: int = 3
    missed_days: int = 7
    ahead_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionFacts:
    """One injection as it is written down. Dose as text, in the unit of the prescription."""

    given_on: date | None
    dose: str
    batch: str
    site: str
    given_by: str
    early_doctor: str = ""
    early_reason: str = ""
    note: str = ""

    @property
    def is_ordered(self) -> bool:
        """A doctor's order to give it before its interval, with name and reason."""
        return bool(self.early_doctor and self.early_reason)

    def as_words(self) -> dict[str, str]:
        return {n: v for n in ("early_doctor", "early_reason", "note") if (v := getattr(self, n))}


@dataclass(frozen=True, slots=True)
class Given:
    """One injection that was given, and the interval it was to last."""

    on: date
    interval_days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The prescription under which it is given. `ends_on`: from that day on it no longer held."""

    name: str
    interval_days: int
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def earliest_after(given: Given, policy: InjectionPolicy) -> date:
    """The first day on which the next one may be given without an order of its own. Units: whole days."""
    return given.on + timedelta(days=given.interval_days - policy.early_days)


def before_and_after(day: date, given: Iterable[Given]) -> tuple[Given | None, Given | None]:
    """The neighbours of a day among the injections of one drug; one of the same day counts as before."""
    ordered = sorted(given, key=lambda one: one.on)
    earlier = [one for one in ordered if one.on <= day]
    later = [one for one in ordered if one.on > day]
    return (earlier[-1] if earlier else None), (later[0] if later else None)


def spacing_problem(
    day: date, given: Iterable[Given], plan: Plan, policy: InjectionPolicy, *, ordered: bool
) -> Problem | None:
    """An injection before its interval is refused with the earliest day, unless a doctor's order is written down.

    `ordered`: a doctor and a reason are named. Twice on one day is never another injection.
    Source: issue 3, bad input (an injection before its interval); practice notes LAI.
    """
    before, after = before_and_after(day, given)
    if before is not None and before.on == day:
        return Problem("given_on", f"{long_day(day)}已经登记过{plan.name}的注射，不能重复登记。")
    if ordered:
        return None
    if before is not None:
        first = earliest_after(Given(before.on, plan.interval_days), policy)
        if day < first:
            return Problem(
                "given_on",
                f"上次注射是 {before.on}，间隔 {plan.interval_days} 天，最早 {first} 可以注射。"
                "医师要求提前的，请在“提前注射的医嘱”写明哪位医师、什么原因。",
            )
    if after is not None and after.on < earliest_after(Given(day, plan.interval_days), policy):
        return Problem(
            "given_on",
            f"{after.on} 已登记过一次注射，与这一天的间隔不足 {plan.interval_days} 天，请核对日期。"
            "确是医师要求的，请写明“提前注射的医嘱”。",
        )
    return None


def is_early(day: date, given: Iterable[Given], plan: Plan, policy: InjectionPolicy) -> bool:
    return spacing_problem(day, given, plan, policy, ordered=False) is not None


def shape_problems(facts: InjectionFacts, plan: Plan | None, limits: DayLimits) -> list[Problem]:
    """Everything that cannot be, field by field; whether the dose is right is not asked.

    Source: practice notes LAI (drug, start, interval, next due, missed); issue 3 Follow-up 6 (batch).
    """
    found = day_problems("given_on", "注射日期", facts.given_on, limits)
    if plan is None:
        found.append(Problem("prescription", "请选择是哪张长效针剂处方。"))
    elif facts.given_on is not None and not found and not plan.holds_on(facts.given_on):
        until = f"，{plan.ends_on} 起停用" if plan.ends_on else ""
        said = f"这张处方从 {plan.starts_on} 开始{until}，注射日期不在其中。"
        found.append(Problem("given_on", said))
    found += _dose_problems(facts.dose)
    if not facts.batch:
        found.append(Problem("batch", "请填批号，在药盒上。"))
    if facts.site not in InjectionSite.values:
        found.append(Problem("site", "请选择注射部位。"))
    if not facts.given_by:
        found.append(Problem("given_by", "请填注射人。"))
    if facts.early_reason and not facts.early_doctor:
        found.append(Problem("early_doctor", "提前注射的，请写明是哪位医师的医嘱。"))
    if facts.early_doctor and not facts.early_reason:
        found.append(Problem("early_reason", "提前注射的，请写明原因。"))
    return found


def _dose_problems(text: str) -> list[Problem]:
    if not text:
        return [Problem("dose", "请填剂量。")]
    try:
        number = Decimal(text)
    except InvalidOperation:
        return [Problem("dose", "剂量：请填数字，例如 100。")]
    if not is_dose(number) or number == 0:
        return [Problem("dose", "剂量：要大于 0、不超过 100000，最多三位小数。")]
    return []


def state_on(due_on: date, today: date, policy: InjectionPolicy) -> DueState:
    """该打, or 漏打 from the day after the last day of grace. Units: whole days."""
    return DueState.MISSED if today > due_on + timedelta(days=policy.missed_days) else DueState.DUE


def due_words(due_on: date, today: date, policy: InjectionPolicy) -> str:
    """下次注射 12 月 20 日，还有 5 天"""
    days = (due_on - today).days
    said = long_day(due_on, today)
    if days > 0:
        return f"下次注射 {said}，还有 {days} 天"
    if days == 0:
        return f"下次注射 {said}，就是今天"
    if state_on(due_on, today, policy) == DueState.MISSED:
        return f"应于 {said}注射，已过 {-days} 天，漏打"
    return f"应于 {said}注射，已过 {-days} 天"


def given_words(was_due_on: date | None, given_on: date, policy: InjectionPolicy, *, early: bool = False) -> str:
    """按期, 晚 3 天, 提前（有医嘱）; the first one has no day it was due."""
    if early:
        return "提前，有医嘱"
    if was_due_on is None:
        return "首次"
    late = (given_on - was_due_on).days
    if late > policy.missed_days:
        return f"漏打后补打，晚 {late} 天"
    return f"晚 {late} 天" if late > 0 else "按期"


def days_in(due_on: date, interval_days: int, first: date, last: date) -> Iterator[date]:
    """The due day and those that will follow it, as far as they lie between two days."""
    day = due_on
    while day <= last:
        if day >= first:
            yield day
        day += timedelta(days=interval_days)


def made_up_words(was_due_on: date, given_on: date, today: date) -> str:
    return f"漏打，{short_day(given_on, today)} 补打，晚 {(given_on - was_due_on).days} 天"
