"""Reads a plan pack and says what is wrong with it: file, key and meaning, all faults at once."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from accounts.terms import AgencyKind
from reports.rules.indicators import DEFINED
from reports.rules.pack import Pack, Row, Target
from reports.terms import Kind, Operator, Unit

Choice = TypeVar("Choice", bound=StrEnum)
YEARS = range(2000, 2101)


class PackRefused(Exception):
    """The file cannot be used. One sentence per fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Table:
    """One TOML table under reading. Every fault is noted with its place; reading goes on with a harmless value."""

    def __init__(self, content: Mapping[str, Any], place: str, problems: list[str]) -> None:
        self.content, self.place, self.problems = content, place, problems
        self.read: set[str] = set()

    def fault(self, key: str, meaning: str, said: str) -> None:
        self.problems.append(f"{self.place}{key}（{meaning}）：{said}")

    def value(self, key: str, meaning: str, kind: type | tuple[type, ...], wanted: str, default: Any = None) -> Any:
        self.read.add(key)
        if key not in self.content:
            if default is None:
                self.fault(key, meaning, f"没有写。请写{wanted}。")
            return default
        found = self.content[key]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.fault(key, meaning, f"写的是 {found!r}，应当是{wanted}。")
            return default
        return found

    def text(self, key: str, meaning: str, default: str | None = None) -> str:
        found = self.value(key, meaning, str, "一段文字", default)
        if found is not None and not found.strip() and default is None:
            self.fault(key, meaning, "是空的。请写一段文字。")
        return found or ""

    def texts(self, key: str, meaning: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self.value(key, meaning, list, '一组文字，例如 ["县卫生健康委"]', default)
        if found is None or found == default:
            return default or ()
        if not found or not all(isinstance(part, str) and part.strip() for part in found):
            self.fault(key, meaning, "里面有空的或不是文字的一项。")
            return ()
        return tuple(found)

    def year(self, key: str, meaning: str) -> int:
        found = self.value(key, meaning, int, "四位年份，例如 2025")
        if found is not None and found not in YEARS:
            self.fault(key, meaning, f"写的是 {found}，不是可用的年份（2000—2100）。")
        return int(found or YEARS.start)

    def number(self, key: str, meaning: str, *, needed: bool = True) -> Decimal | None:
        if not needed and key not in self.content:
            self.read.add(key)
            return None
        found = self.value(key, meaning, (int, Decimal), "一个数，例如 95 或 4.9")
        return Decimal(found) if found is not None else None

    def day(self, key: str, meaning: str) -> date:
        found: date | None = self.value(key, meaning, date, "日期，例如 2024-08-13")
        return found or date(YEARS.start, 1, 1)

    def flag(self, key: str, meaning: str) -> bool:
        return bool(self.value(key, meaning, bool, "true 或 false", default=False))

    def choice(self, key: str, meaning: str, choices: type[Choice]) -> Choice:
        found = self.value(key, meaning, str, "下列之一：" + "、".join(choices))
        if found is not None and found not in set(choices):
            self.fault(key, meaning, f"写的是“{found}”，只能是下列之一：" + "、".join(choices) + "。")
        return choices(found) if found in set(choices) else next(iter(choices))

    def tables(self, key: str, meaning: str) -> list["Table"]:
        found = self.value(key, meaning, list, "一个或几个表")
        if found is not None and not found:
            self.fault(key, meaning, "一项也没有。")
        inner = [entry for entry in found or [] if isinstance(entry, dict)]
        places = [f"{self.place}{key}[{index}]." for index in range(1, len(inner) + 1)]
        return [Table(entry, place, self.problems) for entry, place in zip(inner, places, strict=True)]

    def finish(self) -> None:
        """A key that nobody reads is a slip of the pen, not a comment."""
        for key in self.content.keys() - self.read:
            self.problems.append(f"{self.place}{key}：不认识这一项。请检查有没有写错字。")


def read_pack(text: str, file: str) -> Pack:
    """Source: 计划包格式 (docs/plan-packs.md). Raises: PackRefused with every fault."""
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PackRefused([f"{file}：不是正确的 TOML 文件（{error}）。"]) from error
    problems: list[str] = []
    table = Table(content, f"{file}：", problems)
    pack = _pack(table)
    table.finish()
    if problems := problems or _contradictions(pack, file):
        raise PackRefused(problems)
    return pack


def _pack(table: Table) -> Pack:
    return Pack(
        id=table.text("id", "计划编号"),
        title=table.text("title", "计划名称"),
        short_title=table.text("short_title", "报告标题里的计划名称"),
        document_number=table.text("document_number", "发文字号"),
        issuing_body=table.text("issuing_body", "发文机关"),
        issued_on=table.day("issued_on", "成文日期"),
        area=table.text("area", "区划代码"),
        base_year=table.year("base_year", "基期年份"),
        first_year=table.year("first_year", "开始年份"),
        last_year=table.year("last_year", "结束年份"),
        report_to=table.text("report_to", "报告主送机关"),
        report_from=table.text("report_from", "报告单位"),
        group_agencies=_agencies(table, table.texts("group_agencies", "综合管理小组的成员单位", default=())),
        rows=tuple(_row(entry) for entry in table.tables("indicator", "指标")),
    )


def _row(table: Table) -> Row:
    number = table.value("number", "序号", int, "整数；文中目标不写这一项", default=0)
    row = Row(
        key=table.text("key", "固定编号"),
        name=table.text("name", "指标名称"),
        category=table.text("category", "分类"),
        kind=table.choice("kind", "数据来源", Kind),
        unit=table.choice("unit", "单位", Unit),
        unit_word=table.text("unit_word", "单位的字样"),
        gap_word=table.text("gap_word", "差距的量词"),
        targets=tuple(sorted((_target(entry) for entry in table.tables("target", "目标")), key=lambda t: t.year)),
        departments=table.texts("departments", "责任单位"),
        clause=table.text("clause", "出处"),
        number=number or None,
        part=table.text("part", "序号下的哪一项", default=""),
        code=table.text("code", "计算指标代码", default=""),
        base=table.number("base", "基期值", needed=False),
        every_township=table.flag("every_township", "是否每个乡镇都要达到"),
        reporters=table.texts("reporters", "填报单位类别", default=()),
        numerator=table.text("numerator", "分子是什么", default=""),
        denominator=table.text("denominator", "分母是什么", default=""),
    )
    _row_faults(table, row)
    table.finish()
    return row


def _target(table: Table) -> Target:
    year, operator = table.year("year", "目标年份"), table.choice("op", "方向", Operator)
    value = table.number("value", "目标值", needed=operator is not Operator.REPORT) or Decimal(0)
    table.finish()
    return Target(year, operator, value)


def _row_faults(table: Table, row: Row) -> None:
    if row.kind is Kind.COMPUTED and row.code not in DEFINED:
        table.fault("code", "计算指标代码", f"写的是“{row.code}”，系统没有这个指标。")
    if row.kind is Kind.REPORTED and row.code:
        table.fault("code", "计算指标代码", "填报的指标不写这一项。")
    if row.unit is Unit.PATIENTS_PER_POST:
        table.fault("unit", "单位", "计划里写 one_to（1/N）。")
    _agencies(table, row.reporters, "reporters", "填报单位类别")
    if row.kind is Kind.REPORTED and not row.reporters:
        table.fault("reporters", "填报单位类别", '没有写。填报的指标请写由谁填报，例如 ["health_commission"]。')
    if row.kind is Kind.REPORTED and row.unit.is_fraction and not (row.numerator and row.denominator):
        table.fault("numerator", "分子是什么", "填报的比率请把 numerator 和 denominator 都写上，填报人才知道填什么。")


def _agencies(
    table: Table, kinds: tuple[str, ...], key: str = "group_agencies", meaning: str = "综合管理小组的成员单位"
) -> tuple[str, ...]:
    if unknown := sorted(set(kinds) - set(AgencyKind.values)):
        known = "、".join(AgencyKind.values)
        table.fault(key, meaning, f"写的是“{unknown[0]}”，系统没有这类单位。可用的是：{known}。")
    return kinds


def _contradictions(pack: Pack, file: str) -> list[str]:
    said = []
    if not pack.base_year <= pack.first_year <= pack.last_year:
        said.append(f"{file}：base_year、first_year、last_year（基期、开始、结束年份）先后不对。")
    said += _repeated(file, "key（固定编号）", [row.key for row in pack.rows])
    said += _repeated(file, "number（序号）", [f"{row.number}{row.part}" for row in pack.rows if row.number])
    for row in pack.rows:
        said += [
            f"{file}：指标“{row.name}”的目标年份 {target.year} 不在计划的 {pack.first_year}—{pack.last_year} 年之内。"
            for target in row.targets
            if not pack.first_year <= target.year <= pack.last_year
        ]
    return said


def _repeated(file: str, what: str, values: list[str]) -> list[str]:
    return [
        f"{file}：indicator 的 {what} {value} 用了不止一次。"
        for value in sorted(set(values))
        if values.count(value) > 1
    ]
