"""出院信息单 (表1-4): its codes, its dates, and its way to the first visit.

Source: 管理治疗工作规范 2018 出院患者信息; national interface of the discharge notice.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.rules.cards import NO_ACT, check_drugs
from registry.rules.person import Problem
from registry.terms import DischargeState

S = DischargeState
P = Permission

EFFECTS = (("1", "痊愈"), ("2", "好转"), ("3", "无变化"), ("4", "加重"))
REHAB = (("1", "生活劳动能力"), ("2", "职业训练"), ("3", "学习能力"), ("4", "社会交往"), ("5", "其他"))
OTHER_REHAB = "5"
REQUIRED = (
    "record_no", "name", "id_kind", "sex", "birth_on", "residence_code", "admitted_on", "discharged_on",
    "past_admissions", "diagnosis", "icd10", "diagnosed_on", "past_acts", "past_danger", "effect", "no_drug",
    "no_advice", "rehab", "doctor", "doctor_phone", "filled_on",
)  # fmt: skip
LABELS = {
    "birth_on": "出生日期", "diagnosed_on": "确诊日期", "admitted_on": "入院日期", "discharged_on": "出院日期",
    "filled_on": "填表日期",
}  # fmt: skip

DISCHARGES: Machine[DischargeState] = Machine(
    name="discharge_notice",
    label="出院信息单",
    source="管理治疗工作规范 2018 出院患者",
    states=tuple(DischargeState),
    starts=frozenset({S.SENT, S.AT_COUNTY}),
    ends=frozenset({S.ACCEPTED, S.ELSEWHERE}),
    steps=(
        Step(S.SENT, S.ACCEPTED, "接收", P.RECEIVE_CARD, "registry.discharge.accepted"),
        Step(S.SENT, S.NEEDS_CARD, "请医院先报卡", P.RECEIVE_CARD, "registry.discharge.needs_card"),
        Step(S.SENT, S.AT_COUNTY, "退回县级", P.RECEIVE_CARD, "registry.discharge.held", needs_reason=True),
        Step(S.AT_COUNTY, S.SENT, "改派乡镇", P.ADDRESS_CARD, "registry.discharge.addressed"),
        Step(S.AT_COUNTY, S.ACCEPTED, "关联在册档案", P.ADDRESS_CARD, "registry.discharge.accepted"),
        Step(S.AT_COUNTY, S.NEEDS_CARD, "请医院先报卡", P.ADDRESS_CARD, "registry.discharge.needs_card"),
        Step(
            S.AT_COUNTY,
            S.ELSEWHERE,
            "办结（外县在册）",
            P.ADDRESS_CARD,
            "registry.discharge.elsewhere",
            needs_reason=True,
        ),
        Step(S.NEEDS_CARD, S.ACCEPTED, "报告卡接收后自动接收", None, "registry.discharge.accepted"),
        Step(S.NEEDS_CARD, S.AT_COUNTY, "退回县级", P.RECEIVE_CARD, "registry.discharge.held", needs_reason=True),
    ),
)


def check_discharge(said: Mapping[str, Any], *, today: date) -> list[Problem]:
    """What is missing or cannot be true. Source: 出院信息单填表说明. Units: local days."""
    found = [Problem(name, "不能为空。") for name in REQUIRED if said.get(name) in (None, "", [])]
    if said.get("id_kind") not in (None, "00") and not said.get("id_number"):
        found.append(Problem("id_number", "请填写证件号码；没有证件的，证件类型选“无证件”。"))
    acts = set(said.get("past_acts") or [])
    if NO_ACT in acts and len(acts) > 1:
        found.append(Problem("past_acts", "选了“无”，就不能再选别的。"))
    if acts - {NO_ACT} and said.get("past_danger") == "0":
        found.append(Problem("past_danger", "有既往危险行为，既往危险性不能是 0 级。"))
    if OTHER_REHAB in (said.get("rehab") or []) and not said.get("rehab_other"):
        found.append(Problem("rehab_other", "康复措施选“其他”时要写明。"))
    found += _both(said, "no_drug", "drugs", "drug", "住院用药") + _both(
        said, "no_advice", "advice", "advice", "用药指导"
    )
    return found + _dates(said, today)


def _both(said: Mapping[str, Any], flag: str, rows: str, prefix: str, what: str) -> list[Problem]:
    drugs = said.get(rows) or []
    if said.get(flag) == "1" and drugs:
        return [Problem(flag, f"选了“勿需用药”，就不填{what}。")]
    if said.get(flag) == "0" and not drugs:
        return [Problem(f"{prefix}1_name", f"请填写{what}。")]
    return check_drugs(drugs, prefix=prefix)


def _dates(said: Mapping[str, Any], today: date) -> list[Problem]:
    """出生 ≤ 确诊 ≤ 出院; 入院 ≤ 出院 ≤ 填表 ≤ 今天."""
    days = {name: said.get(name) for name in LABELS}
    found = [Problem(name, "不能晚于今天。请核对日期。") for name, day in days.items() if day and day > today]
    orders = (
        ("birth_on", "diagnosed_on"), ("birth_on", "admitted_on"), ("admitted_on", "discharged_on"),
        ("diagnosed_on", "discharged_on"), ("discharged_on", "filled_on"),
    )  # fmt: skip
    for before, after in orders:
        first, then = days[before], days[after]
        if first and then and first > then:
            found.append(Problem(after, f"不能早于{LABELS[before]} {first}。请核对两个日期。"))
    return found
