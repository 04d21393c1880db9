"""Reads what a plan asks for beside its figures, and says what is wrong with it."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.rules.policy_keys import POLICY_KEYS
from accounts.rules.toml_table import YEARS, Table
from accounts.terms import AgencyKind
from reports.rules.ladder import ORDER, Ladder
from reports.rules.pack_work import Assessment, PackMeeting, PackTask, PlanSupervision, PolicyValue, Work
from reports.terms import AssessmentKind, Operator, Rhythm, Rung, TaskPart

STANDING = "standing"
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_NAME = 120  # short words of our own, never the plan's sentence
LIMITS = (Operator.EQUAL, Operator.AT_LEAST, Operator.AT_MOST)


def department_kinds(table: Table) -> dict[str, str]:
    """The plan's names of its departments, each with the kind of agency it is; everything else uses these names."""
    meaning = "单位名称和类别"
    found = table.value("departments", meaning, dict, '一个表，例如 "县卫生健康委" = "health_commission"')
    known = "、".join(AgencyKind.values)
    kinds: dict[str, str] = {}
    for name, kind in (found or {}).items():
        if kind in AgencyKind.values:
            kinds[name] = kind
        else:
            table.fault(f"departments.{name}", meaning, f"写的是“{kind}”，系统没有这类单位。可用的是：{known}。")
            kinds[name] = AgencyKind.DEPARTMENT.value
    return kinds


def unknown_names(table: Table, key: str, meaning: str, names: Iterable[str], kinds: dict[str, str]) -> None:
    """Faults for names that the table of departments does not hold. A table that lacks altogether is said once."""
    for name in names if kinds else ():
        if name not in kinds:
            table.fault(key, meaning, f"写的是“{name}”，departments 表里没有这个单位。请先在那里写明它是哪一类。")


def read_work(table: Table, kinds: dict[str, str]) -> Work:
    return Work(
        departments=kinds,
        tasks=tuple(_task(entry, kinds) for entry in _entries(table, "task", "任务")),
        meetings=tuple(_meeting(entry, kinds) for entry in _entries(table, "meeting", "会议")),
        assessments=tuple(_assessment(entry, kinds) for entry in _entries(table, "assessment", "考核")),
        policy=tuple(_policy(entry) for entry in _entries(table, "policy", "计划定下的数值")),
        supervision=_supervision(table),
    )


def _entries(table: Table, key: str, meaning: str) -> list[Table]:
    """A plan may have none of them; what is written must be tables."""
    if key not in table.content:
        return []
    written = table.content[key]
    if not isinstance(written, list) or not all(isinstance(entry, dict) for entry in written):
        table.read.add(key)
        table.fault(key, meaning, f"请写成一个或几个 [[{key}]]。")
        return []
    return table.tables(key, meaning)


def _key(table: Table) -> str:
    said = table.text("key", "固定编号")
    if said and not KEY.fullmatch(said):
        table.fault("key", "固定编号", f"写的是“{said}”，请用小写字母开头的字母、数字和下划线，最多 40 个。")
    return said


def _task(table: Table, kinds: dict[str, str]) -> PackTask:
    name = table.text("name", "任务")
    if len(name) > LONGEST_NAME:
        table.fault("name", "任务", f"有 {len(name)} 个字。请用自己的话写短，最多 {LONGEST_NAME} 个字。")
    parties = {part: _names(table, part.value, part.label + "单位", kinds) for part in TaskPart}
    task = PackTask(
        key=_key(table),
        name=name,
        clause=table.text("clause", "出处"),
        lead=parties[TaskPart.LEAD],
        support=parties[TaskPart.SUPPORT],
        responsible=parties[TaskPart.RESPONSIBLE],
        due_on=_due(table),
        unnamed=table.flag("unnamed", "计划没有点名单位"),
    )
    _party_faults(table, task)
    table.finish()
    return task


def _names(table: Table, key: str, meaning: str, kinds: dict[str, str]) -> tuple[str, ...]:
    names = table.texts(key, meaning, default=())
    unknown_names(table, key, meaning, names, kinds)
    return names


def _party_faults(table: Table, task: PackTask) -> None:
    names = [name for _, name in task.parties]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault("lead", "牵头单位", f"“{name}”在牵头、配合、负责里写了不止一次。")
    if not names and not task.unnamed:
        table.fault(
            "lead", "牵头单位", "lead、support、responsible 都没有写。计划没有点名单位的，请写 unnamed = true。"
        )
    if names and task.unnamed:
        table.fault("unnamed", "计划没有点名单位", "已经写了单位，就不要写这一项。")
    if task.support and not task.lead:
        table.fault("lead", "牵头单位", "写了配合单位，却没有写牵头单位。")


def _due(table: Table) -> date | None:
    wanted = f'年份（例如 2025）、日期（例如 2025-06-30）或 "{STANDING}"（长期）'
    found = table.value("due", "期限", (int, date, str), wanted)
    if found is None or found == STANDING:
        return None
    if isinstance(found, int) and found in YEARS:
        return date(found, 12, 31)
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    table.fault("due", "期限", f"写的是 {found!r}，应当是{wanted}。")
    return None


def _meeting(table: Table, kinds: dict[str, str]) -> PackMeeting:
    found = PackMeeting(
        name=table.text("name", "会议名称"),
        rhythm=table.choice("rhythm", "多久一次", Rhythm),
        clause=table.text("clause", "出处"),
        who=_names(table, "who", "参加单位", kinds),
    )
    table.finish()
    return found


def _assessment(table: Table, kinds: dict[str, str]) -> Assessment:
    found = Assessment(
        kind=table.choice("kind", "中期或终期", AssessmentKind),
        year=table.year("year", "年份"),
        as_of=table.day("as_of", "数据截止日期"),
        clause=table.text("clause", "出处"),
        who=_names(table, "who", "组织单位", kinds),
    )
    table.finish()
    return found


def _supervision(table: Table) -> PlanSupervision | None:
    """A plan may say nothing of it; the steps only where its text names them, in the order of the ladder."""
    if "supervision" not in table.content:
        return None
    meaning = "督导和责任措施"
    inside = table.value("supervision", meaning, dict, "一个表 [supervision]")
    found = Table(inside or {}, f"{table.place}supervision.", table.problems)
    clause = found.text("clause", "出处")
    words = found.text("words", "计划怎样要求")
    steps, skipping = _steps(found), found.flag("skipping", "可以越过前面的措施")
    if skipping and not steps:
        found.fault("skipping", "可以越过前面的措施", "没有写 steps，就不写这一项。")
    found.finish()
    return PlanSupervision(clause, words, Ladder(clause, steps, skipping) if steps else None)


def _steps(table: Table) -> tuple[Rung, ...]:
    meaning = "责任措施"
    said = table.texts("steps", meaning, default=())
    if unknown := [step for step in said if step not in Rung.values]:
        table.fault("steps", meaning, f"写的是“{unknown[0]}”，只能是：" + "、".join(Rung.values) + "。")
        return ()
    steps = tuple(Rung(step) for step in said)
    if list(steps) != sorted(set(steps), key=ORDER.index):
        table.fault("steps", meaning, "次序不对或写了两次，请照 " + "、".join(Rung.values) + " 的次序写。")
        return ()
    return steps


def _policy(table: Table) -> PolicyValue:
    value = _policy_value(table)
    operator = table.choice("op", "方向", Operator) if "op" in table.content else Operator.EQUAL
    found = PolicyValue(
        key=_key(table),
        name=table.text("name", "名称"),
        value=value,
        operator=operator,
        unit=table.text("unit", "单位", default="") if isinstance(value, bool) else table.text("unit", "单位"),
        clause=table.text("clause", "出处"),
        setting=table.text("setting", "对应的县级规则", default=""),
    )
    if operator not in LIMITS:
        table.fault("op", "方向", "只能写 =、>= 或 <=。")
    if isinstance(value, bool) and operator is not Operator.EQUAL:
        table.fault("op", "方向", "是或否的项目不写这一项。")
    _setting_faults(table, found)
    table.finish()
    return found


def _policy_value(table: Table) -> Decimal | bool:
    table.read.add("value")
    found: Any = table.content.get("value")
    if isinstance(found, bool):
        return found
    if isinstance(found, (int, Decimal)):
        return Decimal(found)
    wanted = "请写一个数，或 true / false。"
    table.fault("value", "数值", f"没有写。{wanted}" if found is None else f"写的是 {found!r}。{wanted}")
    return Decimal(0)


def _setting_faults(table: Table, found: PolicyValue) -> None:
    if not found.setting:
        return
    setting = POLICY_KEYS.get(found.setting)
    meaning = "对应的县级规则"
    if setting is None:
        table.fault("setting", meaning, f"写的是“{found.setting}”，县级规则里没有这一项。没有对应的就不写。")
    elif setting.is_flag is not isinstance(found.value, bool):
        wanted = "true 或 false" if setting.is_flag else "一个数"
        table.fault("value", "数值", f"县级规则“{setting.label}”要的是{wanted}。")
    elif not setting.is_flag and not setting.low <= found.value <= setting.high:
        table.fault("value", "数值", f"县级规则“{setting.label}”只能是 {setting.low} 到 {setting.high}。")
