"""Reads a plan pack and says what is wrong with it: file, key and meaning, all faults at once."""

import tomllib
from decimal import Decimal

from accounts.rules.toml_table import FileRefused, Table
from accounts.terms import AgencyKind
from reports.rules.exchanges import EXCHANGES, PARTNERS
from reports.rules.indicators import DEFINED
from reports.rules.pack import Pack, Row, Target
from reports.rules.pack_work_reading import department_kinds, read_work, unknown_names
from reports.terms import Kind, Operator, Unit


class PackRefused(FileRefused):
    """The plan pack cannot be used."""


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
    kinds = department_kinds(table)
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
        rows=tuple(_row(entry, kinds) for entry in table.tables("indicator", "指标")),
        work=read_work(table, kinds),
    )


def _row(table: Table, kinds: dict[str, str]) -> Row:
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
        partners=table.texts("partners", "交换单位类别", default=()),
        caveat=table.text("caveat", "系统分不清的", default=""),
    )
    unknown_names(table, "departments", "责任单位", row.departments, kinds)
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
    _partner_faults(table, row)
    if row.kind is Kind.REPORTED and not row.reporters:
        table.fault("reporters", "填报单位类别", '没有写。填报的指标请写由谁填报，例如 ["health_commission"]。')
    if row.kind is Kind.REPORTED and row.unit.is_fraction and not (row.numerator and row.denominator):
        table.fault("numerator", "分子是什么", "填报的比率请把 numerator 和 denominator 都写上，填报人才知道填什么。")


def _partner_faults(table: Table, row: Row) -> None:
    """Only with whom this system exchanges period by period can a period be closed."""
    if row.partners and row.code != EXCHANGES.code:
        table.fault("partners", "交换单位类别", f"只有 code 是 {EXCHANGES.code} 的指标才写这一项。")
    if unknown := [kind for kind in row.partners if kind not in PARTNERS]:
        known = "、".join(PARTNERS)
        said = f"写的是“{unknown[0]}”，系统和这类单位没有按期的信息交换。可用的是：{known}。"
        table.fault("partners", "交换单位类别", said)
    if len(set(row.partners)) != len(row.partners):
        table.fault("partners", "交换单位类别", "同一类单位写了不止一次。")
    if row.caveat and row.kind is not Kind.COMPUTED:
        table.fault("caveat", "系统分不清的", "填报的指标不写这一项。")


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
    said += pack.work.faults(file, pack.first_year, pack.last_year)
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
