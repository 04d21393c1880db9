"""A plan pack: one government plan as data. Nothing in the code knows a plan by name."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reports.rules.pace import Line
from reports.rules.pack_work import Work
from reports.terms import Kind, Operator, Unit


@dataclass(frozen=True, slots=True)
class Target:
    year: int
    operator: Operator
    value: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the plan. `key` names it for good: reported values hang on it."""

    key: str
    name: str
    category: str
    kind: Kind
    unit: Unit
    unit_word: str
    gap_word: str  # what is missing when the target is not reached: 人, 张, 个乡镇（街道）
    targets: tuple[Target, ...]
    departments: tuple[str, ...]
    clause: str
    number: int | None = None  # its number in the plan's table; None for a target stated in the text
    part: str = ""  # of a number that states several targets, which of them this is
    code: str = ""  # the computed indicator
    base: Decimal | None = None
    every_township: bool = False  # judged by townships, not by the mean
    reporters: tuple[str, ...] = ()  # kinds of agency that enter it
    numerator: str = ""
    denominator: str = ""
    partners: tuple[str, ...] = ()  # kinds of agency that a row about exchanges is about; each of them must reach it
    caveat: str = ""  # what the computed figure cannot tell apart of what the plan's name says

    def target_on(self, day: date) -> Target:
        """The target of the day's year, else the next one ahead, else the last one, which stands."""
        ahead = [target for target in self.targets if target.year >= day.year]
        return ahead[0] if ahead else self.targets[-1]

    def line(self, base_year: int, day: date) -> Line:
        target = self.target_on(day)
        return Line(self.unit, target.operator, target.value, self.base, base_year, target.year)


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    title: str
    short_title: str
    document_number: str
    issuing_body: str
    issued_on: date
    area: str
    base_year: int
    first_year: int
    last_year: int
    report_to: str
    report_from: str
    rows: tuple[Row, ...]
    work: Work = field(default_factory=Work)
    group_agencies: tuple[str, ...] = ()  # who must sit in a township's 综合管理小组; empty: the national list

    @property
    def table(self) -> tuple[Row, ...]:
        """The rows of the plan's own printed table, in its order."""
        return tuple(row for row in self.rows if row.number is not None)

    @property
    def in_text(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.number is None)

    @property
    def codes(self) -> frozenset[str]:
        """The computed indicators it asks for."""
        return frozenset(row.code for row in self.rows if row.code)

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)

    def row_for(self, code: str) -> Row | None:
        """The row that a computed indicator stands for in this plan."""
        return next((row for row in self.rows if row.code == code), None)
