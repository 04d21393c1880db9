"""Reads a scheme's TOML and says what is wrong with it: file, key and meaning, all faults at once."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from accounts.rules.toml_table import FileRefused, Table
from subsidy.rules.money import MOST_YUAN, ZERO, MoneyRefused, fen
from subsidy.rules.schemes import (
    DESIGN_STOPS,
    DutyRule,
    IncidentRule,
    PayClass,
    Scheme,
    Source,
    StopRule,
    Version,
)
from subsidy.terms import (
    Assessor,
    Cycle,
    FailedDuty,
    IncidentEffect,
    Join,
    Need,
    PartMonth,
    Per,
    Role,
    SchemeKind,
    StopFrom,
    StopReason,
)

T = TypeVar("T")
PERIODIC = frozenset({SchemeKind.GUARDIAN_AWARD, SchemeKind.CARE_ALLOWANCE})  # settled by duty, so with rates
CYCLES = {cycle.name.lower(): cycle for cycle in Cycle}


class SchemeRefused(FileRefused):
    """The scheme cannot be used. One sentence per fault."""


def read_scheme(text: str, file: str) -> Scheme:
    """Source: 办法文件格式 (docs/subsidy-schemes.md). Raises: SchemeRefused with every fault."""
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeRefused([f"{file}：不是正确的 TOML 文件（{error}）。"]) from error
    problems: list[str] = []
    table = Table(content, f"{file}：", problems)
    kind = _one_of(table, "kind", "补助种类", {one.value: one for one in SchemeKind})
    scheme = Scheme(
        id=table.text("id", "固定编号"),
        kind=kind,
        title=table.text("title", "名称"),
        place=table.text("place", "地方"),
        source=table.text("source", "出处"),
        versions=tuple(_version(entry, kind) for entry in table.tables("version", "规则的版本")),
    )
    table.finish()
    if problems := problems or _contradictions(scheme, file):
        raise SchemeRefused(problems)
    return scheme


def _version(table: Table, kind: SchemeKind) -> Version:
    rates = table.tables("class", "类别和标准") if kind in PERIODIC or "class" in table.content else []
    version = Version(
        starts_on=_day(table),
        basis=table.text("basis", "依据"),
        classes=tuple(_pay_class(entry) for entry in rates),
        cycle=_one_of(table, "cycle", "结算周期", CYCLES, Cycle.YEAR),
        year_starts=_month_day(table),
        part_month=_one_of(table, "part_month", "不满一个月怎样折算", _codes(PartMonth), PartMonth.DAYS_OF_MONTH),
        needs=_needs(table, "needs", "都要符合的条件"),
        any_need=_needs(table, "any_need", "符合其一即可的条件"),
        assistants_least=_whole(table, "assistants_least", "协助监护人至少几人", 0, 10, 0),
        class_from=_one_of(table, "class_from", "类别变化从哪天起算", _codes(StopFrom), StopFrom.THAT_DAY),
        duty=_inner(table, "duty", _duty, DutyRule()),
        incident=_inner(table, "incident", _incident, IncidentRule()),
        stop=_inner(table, "stop", _stop, StopRule()),
        shares=_shares(table),
        publicity_days=_whole(table, "publicity_days", "公示几个工作日", 0, 60, 7),
        publishes_names=bool(table.value("publishes_names", "公示是否列姓名（遮盖）", bool, "true 或 false", default=True)),
        sources=tuple(_source(entry) for entry in table.tables("funding", "资金来源")) if "funding" in table.content else (),
        floor_per_year=_amount(table, "floor_per_year", "每人每年不低于", ZERO),
    )  # fmt: skip
    table.finish()
    if version.class_from is StopFrom.NOT:
        table.fault("class_from", "类别变化从哪天起算", "不能写 not。可以写 that_day（当天）或 next_month（下个月）。")
    return version


def _pay_class(table: Table) -> PayClass:
    levels = table.value("levels", "危险性级别", list, "从几级到几级，例如 [3, 5]", default=[])
    good = len(levels) == 2 and all(type(one) is int and 0 <= one <= 5 for one in levels) and levels[0] <= levels[1]
    if levels and not good:
        table.fault("levels", "危险性级别", f"写的是 {levels!r}，应当是 0—5 之间的两个数，小的在前，例如 [3, 5]。")
    found = PayClass(
        key=table.text("key", "类别代码"),
        label=table.text("label", "类别名称"),
        amount=_amount(table, "amount", "标准", None),
        per=_one_of(table, "per", "标准是每月还是每年", _codes(Per)),
        from_level=levels[0] if good else None,
        to_level=levels[1] if good else 5,
        incident=table.flag("incident", "有肇事肇祸史是否也算"),
        join=_one_of(table, "join", "两项是“或”还是“及”", _codes(Join), Join.OR),
        six_kinds=table.flag("six_kinds", "是否只限六种严重精神障碍"),
    )
    table.finish()
    if found.join is Join.AND and not (levels and found.incident):
        table.fault("join", "两项是“或”还是“及”", "写了 and，就要同时写 levels 和 incident = true。")
    return found


def _duty(table: Table) -> DutyRule:
    every = _whole(table, "every_months", "几个月认定一次", 1, 12, 3)
    if 12 % every:
        table.fault("every_months", "几个月认定一次", f"写的是 {every}，应当能整除 12，例如 3、6 或 12。")
    return DutyRule(
        _one_of(table, "assessor", "由谁认定履责", _codes(Assessor)),
        every,
        _one_of(table, "failed", "不合格怎样处理", _codes(FailedDuty), FailedDuty.NOTHING),
    )


def _incident(table: Table) -> IncidentRule:
    return IncidentRule(
        bool(table.value("holds", "认定前是否暂缓", bool, "true 或 false", default=True)),
        _one_of(table, "effect", "认定后怎样处理", _codes(IncidentEffect), IncidentEffect.NOTHING),
        _whole(table, "bar_months", "即时结清后几个月内不得申请", 0, 120, 0),
    )


def _stop(table: Table) -> StopRule:
    stops: dict[StopReason, StopFrom] = {
        reason: _one_of(table, reason.value, f"{reason.label}从哪天起停发", _codes(StopFrom), DESIGN_STOPS[reason])
        for reason in StopReason
        if reason is not StopReason.LONG_STAY
    }
    days = _whole(table, "long_stay_days", "住院超过几天停发", 0, 366, 0)
    return StopRule(stops, days or None, table.flag("whole_stay", "超过后是否从入院起都不发"))


def _source(table: Table) -> Source:
    found = Source(
        table.text("key", "来源代码"),
        table.text("label", "来源名称"),
        _whole(table, "parts", "占几份", 1, 10_000, 0) or None,
        table.flag("fixed", "是否每批给定数额"),
    )
    table.finish()
    if found.parts and found.fixed:
        table.fault("fixed", "是否每批给定数额", "写了 parts（占几份）就不能再写 fixed。")
    return found


def _shares(table: Table) -> Mapping[Role, int]:
    guardian = _whole(table, "guardian_parts", "监护人占几份", 1, 100, 1)
    return {
        Role.GUARDIAN: guardian,
        Role.ASSISTANT: _whole(table, "assistant_parts", "每名协助监护人占几份", 0, 100, 0),
    }


def _inner(table: Table, key: str, read: Callable[[Table], T], default: T) -> T:
    if key not in table.content:
        return default
    found = table.value(key, "一组规则", dict, "一个表")
    if not isinstance(found, dict):
        return default
    inner = Table(found, f"{table.place}{key}.", table.problems)
    rule = read(inner)
    inner.finish()
    return rule


def _codes(kind: type[T]) -> dict[str, T]:
    return {str(one.value): one for one in kind}  # type: ignore[attr-defined]


def _one_of(table: Table, key: str, meaning: str, known: Mapping[str, T], default: T | None = None) -> T:
    ways = "、".join(f"{code}（{value.label}）" for code, value in known.items())  # type: ignore[attr-defined]
    found = table.value(key, meaning, str, f"下列之一：{ways}", default="" if default is not None else None)
    if found and found not in known:
        table.fault(key, meaning, f"写的是“{found}”，只能是下列之一：{ways}。")
    return known.get(found or "", default if default is not None else next(iter(known.values())))


def _needs(table: Table, key: str, meaning: str) -> tuple[Need, ...]:
    codes = table.texts(key, meaning, default=())
    for code in codes:
        if code not in Need:
            table.fault(key, meaning, f"写的是“{code}”，系统没有这个条件。可用的是：{'、'.join(Need.values)}。")
    if len(set(codes)) != len(codes):
        table.fault(key, meaning, "同一个条件写了不止一次。")
    return tuple(Need(code) for code in codes if code in Need)


def _whole(table: Table, key: str, meaning: str, least: int, most: int, default: int) -> int:
    found = table.value(key, meaning, int, f"{least}—{most} 之间的整数", default=default)
    if found != default and not least <= found <= most:
        table.fault(key, meaning, f"写的是 {found}，应当在 {least}—{most} 之间。")
    return int(found) if found is not None else default


def _amount(table: Table, key: str, meaning: str, default: Decimal | None) -> Decimal:
    amount = table.number(key, meaning, needed=default is None)
    if amount is None:
        return default or ZERO
    try:
        fen(amount)
    except MoneyRefused as refusal:
        table.fault(key, meaning, str(refusal))
        return ZERO
    if not 0 <= amount <= MOST_YUAN:
        table.fault(key, meaning, f"写的是 {amount}，应当在 0—{MOST_YUAN} 元之间。")
    return amount.quantize(ZERO)


def _day(table: Table) -> date:
    found = table.day("starts_on", "施行日期")
    if isinstance(found, datetime):
        table.fault("starts_on", "施行日期", "写了钟点。请只写日期，例如 2024-08-13。")
        return found.date()
    return found


def _month_day(table: Table) -> tuple[int, int]:
    found = table.text("year_starts", "监护年度从哪天开始", default="01-01")
    try:
        day = date.fromisoformat(f"2001-{found}")
    except ValueError:
        day = date(2001, 1, 31)
    if day.day > 28:
        table.fault("year_starts", "监护年度从哪天开始", f"写的是“{found}”，应当像 07-01，日期不晚于 28 日。")
        return (1, 1)
    return (day.month, day.day)


def _contradictions(scheme: Scheme, file: str) -> list[str]:
    said = []
    starts = [one.starts_on for one in scheme.versions]
    if starts != sorted(set(starts)):
        said.append(f"{file}：version 的 starts_on（施行日期）要从早到晚，不能有两个相同。")
    for number, version in enumerate(scheme.versions, 1):
        place = f"{file}：version[{number}]."
        keys = [one.key for one in version.classes]
        if len(set(keys)) != len(keys):
            said.append(f"{place}class 的 key（类别代码）有重复。")
        said += [
            f"{place}class（{one.label}）：每年 {one.of_year} 元，低于 floor_per_year（每人每年不低于）{version.floor_per_year} 元。"
            for one in version.classes
            if one.amount > 0 and one.of_year < version.floor_per_year
        ]
        said += [f"{place}{words}" for words in _source_faults(version)]
    return said


def _source_faults(version: Version) -> list[str]:
    keys = [one.key for one in version.sources]
    if len(set(keys)) != len(keys):
        return ["funding 的 key（来源代码）有重复。"]
    fixed = [one for one in version.sources if one.fixed]
    rest = [one for one in version.sources if not one.fixed and one.parts is None]
    shared = [one for one in version.sources if one.parts]
    if len(rest) > 1:
        return ["funding（资金来源）：只能有一个既不写 parts 也不写 fixed 的来源，它承担其余部分。"]
    if rest and shared:
        return ["funding（资金来源）：写了 parts（占几份）的来源之外不能再有承担其余的来源。"]
    if fixed and not (rest or shared):
        return ["funding（资金来源）：每批给定数额之外的部分没有人承担。请再写一个来源。"]
    return []
