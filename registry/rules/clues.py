"""疑似患者线索: the nine questions, what may follow what, and when the person is forgotten.

Source: 管理治疗工作规范 2018 表1-1 精神行为异常识别清单, 表1-2 线索调查登记表; retention: 个人信息保护法 §47.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.rules.machine import Machine, Step
from accounts.terms import AgencyKind, Permission
from registry.rules.person import Problem
from registry.terms import ClueSource, ClueState

S = ClueState

# 表1-1, 2018: nine questions, each 有 or 没有. Source: 管理治疗工作规范 2018 表1-1.
QUESTIONS = {
    1: "曾在精神科住院治疗",
    2: "因精神异常而被家人关锁",
    3: "无故冲动，伤人、毁物，或无故离家出走",
    4: "行为举止古怪，在公共场合蓬头垢面或赤身露体",
    5: "经常无故自语自笑，或说一些不合常理的话",
    6: "变得疑心大，认为周围人都针对他或者迫害他",
    7: "变得过分兴奋话多（说个不停）、活动多、爱惹事、到处乱跑等",
    8: "变得冷漠、孤僻、懒散，无法正常学习、工作和生活",
    9: "有过自杀行为或企图",
}


UNSETTLED = (S.REPORTED, S.ASSIGNED, S.VISITED, S.SENT, S.WATCHED, S.DECLINED)  # nobody has said what it is


def _step(before: ClueState, after: ClueState, verb: str, *, reason: bool = False) -> Step[ClueState]:
    return Step(before, after, verb, Permission.HANDLE_CLUE, f"registry.clue.{after}", needs_reason=reason)


MACHINE: Machine[ClueState] = Machine(
    name="clue",
    label="线索",
    source="管理治疗工作规范 2018 表1-2、复核诊断",
    states=tuple(ClueState),
    starts=frozenset({S.REPORTED}),
    ends=frozenset({S.REGISTERED, S.OTHER, S.EXCLUDED, S.DUPLICATE}),
    steps=(
        _step(S.REPORTED, S.ASSIGNED, "分派"),
        _step(S.ASSIGNED, S.VISITED, "记录核实"),
        _step(S.VISITED, S.SENT, "送诊"),
        _step(S.VISITED, S.WATCHED, "观察"),
        _step(S.VISITED, S.DECLINED, "记录拒绝诊断", reason=True),
        _step(S.VISITED, S.EXCLUDED, "排除", reason=True),
        _step(S.SENT, S.CONFIRMED, "记录确诊"),
        _step(S.SENT, S.OTHER, "记录其他精神障碍"),
        _step(S.SENT, S.EXCLUDED, "排除", reason=True),
        _step(S.SENT, S.WATCHED, "观察"),
        _step(S.SENT, S.DECLINED, "记录拒绝诊断", reason=True),
        _step(S.WATCHED, S.VISITED, "再次核实"),
        _step(S.DECLINED, S.VISITED, "再次核实"),
        _step(S.CONFIRMED, S.REGISTERED, "建档"),
        _step(S.CONFIRMED, S.OTHER, "更正为其他精神障碍", reason=True),
        _step(S.CONFIRMED, S.EXCLUDED, "更正为排除", reason=True),
        *(_step(before, S.REGISTERED, "关联在册档案") for before in UNSETTLED),
        *(_step(before, S.DUPLICATE, "合并到另一条线索") for before in UNSETTLED),
    ),
)
OUTCOMES = (S.CONFIRMED, S.OTHER, S.EXCLUDED, S.WATCHED, S.DECLINED)
SETTLED = frozenset({S.CONFIRMED, S.OTHER, S.EXCLUDED, S.REGISTERED, S.DUPLICATE})
OVER = frozenset({S.REGISTERED, S.OTHER, S.EXCLUDED, S.DUPLICATE})  # nothing more happens to the clue itself
FORGOTTEN = frozenset({S.OTHER, S.EXCLUDED, S.DUPLICATE})  # whom the register never took in, and what was told twice


# What an office reports comes from it, as long as it does not say otherwise; the health side asks whence it has it.
SOURCE_OF = {
    AgencyKind.VILLAGE_COMMITTEE: ClueSource.VILLAGE, AgencyKind.POLICE: ClueSource.POLICE,
    AgencyKind.JUDICIAL: ClueSource.JUDICIAL, AgencyKind.CIVIL_AFFAIRS: ClueSource.CIVIL_AFFAIRS,
    AgencyKind.DISABLED_FEDERATION: ClueSource.FEDERATION, AgencyKind.HOSPITAL: ClueSource.HOSPITAL,
    AgencyKind.POLITICAL_LEGAL: ClueSource.POLITICAL_LEGAL,
}  # fmt: skip


def suggests_diagnosis(items: Iterable[int]) -> bool:
    """Any 有 suggests a diagnosis, and 表1-2 is filled. Source: 管理治疗工作规范 2018 表1-1."""
    return any(item in QUESTIONS for item in items)


@dataclass(frozen=True)
class ClueEntry:
    """What a reporter says. Places are keys; `told` holds the words about the person (registry.models.clue.TOLD)."""

    township: int
    village: int | None
    source: str
    items: tuple[int, ...]
    found_on: date
    told: dict[str, Any] = field(default_factory=dict)


def check_entry(entry: ClueEntry, *, today: date) -> list[Problem]:
    """What is missing or impossible in a report; empty when it can be taken."""
    found = []
    if entry.found_on > today:
        found.append(Problem("found_on", "不能晚于今天。请核对日期。"))
    if not entry.told.get("name") and not entry.told.get("remark"):
        found.append(Problem("name", "请填写姓名；不知道姓名的，请在补充说明里写明怎样找到本人。"))
    if not suggests_diagnosis(entry.items) and not entry.told.get("remark"):
        found.append(Problem("items", "九项都是“没有”时不需要报告；有别的情况，请写在补充说明里。"))
    return found


@dataclass(frozen=True)
class Outcome:
    """The result of a survey or a diagnosis."""

    state: ClueState
    on: date
    hospital: str = ""
    doctor: str = ""
    diagnosis: str = ""
    icd10: str = ""
    again_on: date | None = None
    reason: str = ""


def check_outcome(outcome: Outcome, *, since: date, today: date, corrects: bool = False) -> list[Problem]:
    """Source: 表1-2 诊断结果. `since`: the day of the step before; `corrects`: a 确诊 turned out wrong. Units: local days."""
    found = []
    if outcome.on > today:
        found.append(Problem("on", "不能晚于今天。请核对日期。"))
    elif outcome.on < since:
        found.append(Problem("on", f"不能早于上一步的日期 {since}。请核对日期。"))
    if outcome.state is S.CONFIRMED:
        found += [
            Problem(name, "确诊时必填。") for name in ("diagnosis", "hospital", "doctor") if not getattr(outcome, name)
        ]
    if outcome.state is S.DECLINED and outcome.again_on is not None and outcome.again_on <= today:
        found.append(Problem("again_on", "再次核实的日期应在今天以后；不再上门的，留空。"))
    if outcome.state is S.WATCHED and (outcome.again_on is None or outcome.again_on <= today):
        found.append(Problem("again_on", "观察的线索要定下以后再次核实的日期。"))
    if (corrects or outcome.state in (S.EXCLUDED, S.DECLINED)) and not outcome.reason:
        found.append(Problem("reason", "请写明原因。"))
    return found


def card_of_clue(told: Mapping[str, Any], learned: Mapping[str, Any], village: str) -> dict[str, Any]:
    """What a confirmed clue says of the fields of 表1-3; an answer that it does not hold is left out."""
    said = {
        "name": told.get("name"), "sex": told.get("sex"), "contact": told.get("contact"),
        "residence_address": told.get("address"), "residence_code": village,
        "diagnosis": learned.get("diagnosis"), "icd10": learned.get("icd10"), "doctor": learned.get("doctor"),
        "diagnosing_hospital": learned.get("hospital"), "diagnosed_on": learned.get("result_on"),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def forget_on(settled_on: date, months: int) -> date:
    """The first day on which an excluded clue keeps only its count. Source: 个人信息保护法 §47; months: county setting."""
    year, month = divmod(settled_on.year * 12 + settled_on.month - 1 + months, 12)
    return date(year, month + 1, min(settled_on.day, monthrange(year, month + 1)[1]))
