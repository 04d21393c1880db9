"""One row of the plan on the cut-off day: value, standing, gap and the two lines of words beside them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.rules.pace import HUNDRED, Line
from reports.rules.pack import Row, Target
from reports.rules.rates import NONE, exact, half_up, missing, printed, printed_target, thousands
from reports.terms import Kind, Operator, Standing, Unit

LISTED_PLACES = 3


@dataclass(frozen=True, slots=True)
class Places:
    """How the townships stand one by one. `missing`: what they lack together, in the row's own measure of a gap."""

    count: int
    behind: tuple[str, ...]
    missing: int

    @property
    def words(self) -> str:
        listed = "、".join(self.behind[:LISTED_PLACES])
        more = "等" if len(self.behind) > LISTED_PLACES else ""
        return f"{self.count} 个乡镇（街道）中 {len(self.behind)} 个没有达到：{listed}{more}" if self.behind else ""


@dataclass(frozen=True, slots=True)
class First:
    """Two numbers and the day they are of."""

    numerator: Decimal | int
    denominator: Decimal | int | None
    on: date


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a row. A reported value counts once it is confirmed; until then it is shown as waiting."""

    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    confirmed: bool = True
    entered_on: date | None = None
    period_to: date | None = None
    remark: str = ""  # evidence of a reported value, or why a computed one has no rate
    places: Places | None = None  # where every township must reach the target by itself
    first: First | None = None  # the first value known, for a row whose base the plan does not name


@dataclass(frozen=True, slots=True)
class PlanRow:
    row: Row
    target: Target
    line: Line
    as_of: date
    value: Value

    @property
    def known(self) -> Decimal | None:
        """Before rounding; None without data."""
        if self.value.numerator is None:
            return None
        return exact(self.value.numerator, self.value.denominator, self.row.unit)

    @property
    def counting(self) -> Decimal | None:
        return self.known if self.value.confirmed else None

    @property
    def standing(self) -> Standing:
        if self.row.kind is Kind.REPORTED and self.value.numerator is None:
            return Standing.MISSING
        if not self.value.confirmed:
            return Standing.UNCONFIRMED
        if self.known is None:
            return Standing.NO_DATA
        standing = self.line.standing(self.known, self.as_of)
        if self.value.places is None:
            return standing
        # The mean may hide a township without anybody: only all of them together reach the target.
        if not self.value.places.behind:
            return Standing.MET
        return Standing.AT_RISK if standing in (Standing.MET, Standing.ON_TRACK) else standing

    @property
    def missing(self) -> int | None:
        if self.value.numerator is None or not self.value.confirmed:
            return None
        if self.value.places is not None:
            return self.value.places.missing
        return missing(
            self.value.numerator, self.value.denominator, self.row.unit, self.target.operator, self.target.value
        )

    @property
    def projected(self) -> Decimal | None:
        return self.line.projected(self.counting, self.as_of)

    @property
    def months_left(self) -> int:
        return self.line.months_left(self.as_of)

    @property
    def due_text(self) -> str:
        """今天应到: where the straight line is on the day."""
        due = self.line.due_value(self.as_of)
        return NONE if due is None or self.target.operator is Operator.REPORT else printed(due, self.row.unit)

    @property
    def walked(self) -> Decimal | None:
        return self.line.walked(self.counting)

    @property
    def completion(self) -> str:
        """完成率 = 完成值 ÷ 目标值, in per cent. None for a row that is only reported or does not count yet."""
        value = self.counting
        if value is None or self.target.operator is Operator.REPORT or not self.target.value:
            return NONE
        share = self.target.value / value if self.row.unit is Unit.ONE_TO and value else value / self.target.value
        return f"{half_up(share * HUNDRED)}"

    @property
    def value_text(self) -> str:
        return printed(self.known, self.row.unit)

    @property
    def target_text(self) -> str:
        return printed_target(self.target.value, self.row.unit, self.target.operator)

    @property
    def goal_text(self) -> str:
        """The target without its sign: 95%."""
        return self.target_text.lstrip("≥>=≤<")

    @property
    def base_text(self) -> str:
        return "/" if self.row.base is None else printed(self.row.base, self.row.unit)

    @property
    def fraction_text(self) -> str:
        """4,022 / 4,312; a plain count with its word; empty where there is nothing."""
        numerator, denominator = self.value.numerator, self.value.denominator
        if numerator is None:
            return NONE
        if not self.row.unit.is_fraction:
            return f"{thousands(numerator)} {self.row.unit_word}" if self.row.unit is Unit.COUNT else NONE
        return f"{thousands(numerator)} / {thousands(denominator)}"

    @property
    def gap_text(self) -> str:
        """已达到; 75 人; empty where a gap makes no sense."""
        if self.standing is Standing.MET:
            return "已达到"
        return f"{self.missing:,} {self.row.gap_word}" if self.missing else ""

    @property
    def note(self) -> str:
        """The quiet second line: pace, or why there is nothing to judge."""
        notes = {
            Standing.MET: self.value.remark,
            Standing.UNCONFIRMED: self._waiting(),
            Standing.MISSING: f"等{self.row.departments[0]}填报",
            Standing.NO_DATA: self.value.remark or "本系统还没有计算它要用的资料",
            Standing.REPORT_ONLY: self._distance(),
        }
        if self.standing in notes:
            return notes[self.standing]
        return self.value.places.words if self.value.places else self._pace()

    def _waiting(self) -> str:
        day = f"{self.value.entered_on:%m-%d} " if self.value.entered_on else ""
        return f"{day}已填报，确认前不算完成"

    def _distance(self) -> str:
        value = self.known
        if value is None or not self.target.value:
            return "；".join(filter(None, ["只报告，不评判", self.value.remark]))
        sign = self.row.unit.value if self.row.unit in (Unit.PERCENT, Unit.PERMILLE) else f" {self.row.unit_word}"
        away = half_up(abs(half_up(value) - self.target.value))
        return (
            f"距 {self.target_text} 还有 {away}{sign}；不分好坏，只报告" if away else f"正好 {self.target_text}；只报告"
        )

    def _pace(self) -> str:
        if self.line.is_over(self.as_of):
            return f"{self.target.year} 年底已过，没有达到目标"
        ahead = self.projected
        if ahead is None:
            return "没有基期数，不推算进度"
        ends = {Standing.ON_TRACK: "可以达到", Standing.AT_RISK: "有未达标风险"}.get(self.standing, "达不到")
        return f"按目前进度 {self.target.year} 年底 {printed(ahead, self.row.unit)}，{ends}"


def plan_row(row: Row, base_year: int, as_of: date, value: Value) -> PlanRow:
    """The line begins at the plan's base, else at the first value known before the day."""
    line, first = row.line(base_year, as_of), value.first
    if first is not None and first.on < as_of:
        known = exact(first.numerator, first.denominator, row.unit)
        line = line if known is None else line.beginning(known, first.on)
    return PlanRow(row, row.target_on(as_of), line, as_of, value)


def tally(rows: tuple[PlanRow, ...]) -> dict[Standing, int]:
    """How many rows stand how, every standing named."""
    return {standing: sum(row.standing is standing for row in rows) for standing in Standing}
