"""Prescriptions (处方): their shape, and what a visit changes of them. Pure. Nothing here says whether a dose is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from followup.rules.choice import Problem
from followup.rules.facts import Drug, VisitFacts, is_dose
from followup.rules.medicines import INTERVALS, Entry
from followup.terms import Adherence, DoseUnit

DAILY = ("morning", "noon", "evening")
DOSES = {"morning": "早", "noon": "中", "evening": "晚", "every_weeks": "每几周一次", "each": "每次"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionFacts:
    """As it is written down. Doses as text; units: see `unit`, weeks."""

    name: str
    starts_on: date
    prescriber: str
    unit: str = DoseUnit.MG
    morning: str = ""
    noon: str = ""
    evening: str = ""
    every_weeks: str = ""
    each: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A prescription that holds, as a drug line of the paper."""

    pk: int
    line: Drug
    starts_on: date


@dataclass(frozen=True, slots=True)
class Change:
    """What a visit ends and begins."""

    ended: tuple[int, ...]
    begun: tuple[Drug, ...]


@dataclass(frozen=True, slots=True)
class DayLimits:
    """Between which days something about a person can have happened."""

    today: date
    birth_on: date | None = None
    closed_on: date | None = None


def day_problems(field: str, label: str, day: date | None, limits: DayLimits) -> list[Problem]:
    """Not in the future, not before the birth, not after the end of the file. Source: decisions C27."""
    if day is None:
        return [Problem(field, f"请填{label}。")]
    if day > limits.today:
        return [Problem(field, f"{label}不能晚于今天。")]
    if limits.birth_on is not None and day < limits.birth_on:
        return [Problem(field, f"{label}不能早于出生日期 {limits.birth_on}。")]
    if limits.closed_on is not None and day >= limits.closed_on:
        return [Problem(field, f"档案已于 {limits.closed_on} 结案，{label}应早于这一天。")]
    return []


def interval_of(every_weeks: str) -> int | None:
    """Days between two injections; None where the line gives no usable interval. Units: days."""
    try:
        days = round(Decimal(every_weeks) * 7) if every_weeks else 0
    except InvalidOperation:
        return None
    low, high = INTERVALS
    return days if low <= days <= high else None


def shape_problems(facts: PrescriptionFacts, entry: Entry | None, limits: DayLimits) -> list[Problem]:
    """Numbers, unit and kind of dosing; never whether the dose is a good one.

    Source: 报告卡数据项 053 (长效: 频率、单位、每次剂量; 非长效: 早中晚); issue 3 Follow-up 6 (shape only).
    """
    found = []
    if not facts.name:
        found.append(Problem("name", "请填药名。"))
    elif entry is None:
        found.append(
            Problem("name", f"药品词典里没有“{facts.name}”。请从提示里选；确有此药的，请县精防办加进药品词典。")
        )
    found += [problem for name in DOSES if (problem := _dose_problem(name, getattr(facts, name)))]
    if entry is not None and not found:
        found += _kind_problems(facts, entry)
        if facts.unit not in units_of(entry):
            said = "、".join(str(DoseUnit(unit).label) for unit in units_of(entry))
            found.append(Problem("unit", f"{entry.name}的剂量单位是 {said}。"))
    if not facts.prescriber:
        found.append(Problem("prescriber", "请填开方医师。"))
    return [*found, *day_problems("starts_on", "开始日期", facts.starts_on, limits)]


def units_of(entry: Entry) -> tuple[str, ...]:
    """mg may be written in g; other units stand for themselves."""
    return (DoseUnit.MG, DoseUnit.G) if entry.unit == DoseUnit.MG else (entry.unit,)


def _dose_problem(name: str, text: str) -> Problem | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Problem(name, f"{DOSES[name]}：请填数字，例如 1.5。")
    if not is_dose(number) or number == 0:
        return Problem(name, f"{DOSES[name]}：要大于 0、不超过 100000，最多三位小数。")
    return None


def _kind_problems(facts: PrescriptionFacts, entry: Entry) -> list[Problem]:
    daily = any(getattr(facts, name) for name in DAILY)
    if not entry.long_acting:
        if facts.every_weeks:
            return [Problem("every_weeks", f"{entry.name}不是长效针剂，请填早、中、晚的剂量，这里留空。")]
        return [] if daily else [Problem("morning", "请至少填早、中、晚中一次的剂量。")]
    if daily:
        return [Problem("morning", f"{entry.name}是长效针剂，请填每几周一次和每次剂量，早、中、晚留空。")]
    found = []
    if not facts.each:
        found.append(Problem("each", "请填每次剂量。"))
    if not facts.every_weeks:
        found.append(Problem("every_weeks", "请填每几周一次。"))
    elif interval_of(facts.every_weeks) is None:
        low, high = INTERVALS
        found.append(Problem("every_weeks", f"每几周一次：应在 {low // 7} 到 {high // 7} 周之间。"))
    return found


def line_of(facts: PrescriptionFacts) -> tuple[Drug, str]:
    """The drug line and its unit; g becomes mg, as the paper counts. Units: mg, weeks."""
    factor = 1000 if facts.unit == DoseUnit.G else 1
    doses = {n: str(Decimal(getattr(facts, n)) * factor) for n in (*DAILY, "each") if getattr(facts, n)}
    drug = Drug.of({"name": facts.name, "every_weeks": facts.every_weeks, **doses})
    return drug, DoseUnit.MG if factor == 1000 else facts.unit


def change_of(running: Sequence[Running], facts: VisitFacts) -> Change | None:
    """What a visit's advice (用药指导, else 用药情况) changes of the prescriptions that hold; None: nothing.

    医嘱勿需用药 ends them all. A record without a drug line says nothing, and one that is older than a prescription
    does not change it. Source: 表1-8 用药指导 填表说明; design decision of issue 3 (prescriptions carried forward).
    """
    wanted = facts.guidance or facts.drugs
    if facts.adherence == Adherence.NOT_NEEDED:
        wanted = ()
    elif not wanted:
        return None
    if any(one.starts_on > facts.visited_on for one in running):
        return None
    held = {one.line for one in running}
    ended = tuple(one.pk for one in running if one.line not in wanted)
    begun = tuple(dict.fromkeys(drug for drug in wanted if drug.name and drug not in held))
    return Change(ended, begun) if ended or begun else None


def dose_words(line: Drug, unit: str) -> str:
    """早 2.5 晚 5 mg; 每 4 周一次，每次 100 mg"""
    said = str(DoseUnit(unit).label)
    if line.every_weeks:
        return f"每 {line.every_weeks} 周一次，每次 {line.each or '—'} {said}"
    doses = [f"{DOSES[name]} {dose}" for name in DAILY if (dose := getattr(line, name))]
    return f"{' '.join(doses)} {said}" if doses else "剂量未写"


def due_of(starts_on: date, interval_days: int | None, last_given_on: date | None) -> date | None:
    """When the next injection is due: an interval after the last one, never before the prescription; None: by mouth.

    Source: practice notes LAI (drug, start, interval, next due). Units: whole days.
    """
    if interval_days is None:
        return None
    if last_given_on is None:
        return starts_on
    return max(starts_on, last_given_on + timedelta(days=interval_days))
