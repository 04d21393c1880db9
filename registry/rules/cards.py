"""患者报告卡 (表1-3): its codes, what must be said, and in which order its dates can lie.

Source: 严重精神障碍发病报告管理办法; national interface of the report card 003–053.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.rules.person import Problem
from registry.terms import SIX_KINDS, CardState

S = CardState
P = Permission

SOURCES = (("1", "门诊部"), ("2", "住院部"))
REPORT_TYPES = (("1", "发病报告患者（精神卫生法第三十条第二款第二项）"), ("2", "按要求登记的六类病种"))
ID_KINDS = (
    ("01", "居民身份证"), ("02", "居民户口簿"), ("03", "护照"), ("04", "军官证"), ("06", "港澳居民来往内地通行证"),
    ("07", "台湾居民来往内地通行证"), ("99", "其他法定有效证件"), ("00", "无证件"),
)  # fmt: skip
NO_DOCUMENT = "00"
HOUSEHOLD_KINDS = (("1", "城镇"), ("2", "农村"), ("9", "不详"))
ADDRESS_KINDS = (
    ("1", "本县区"), ("2", "本市其他县区"), ("3", "本省其他市"), ("4", "其他省"), ("5", "港澳台"), ("6", "外籍")
)  # fmt: skip
HOMES = (("1", "家庭"), ("2", "康复或照料机构"), ("3", "其他固定居所"))
FAMILY = (("1", "有"), ("2", "无"), ("9", "不详"))
PRECISIONS = (("1", "年"), ("2", "月"), ("3", "日"))
YES_NO = (("1", "是"), ("0", "否"))
ACTS = (
    ("1", "轻度滋事"), ("2", "肇事"), ("3", "肇祸"), ("4", "其他危害行为"), ("5", "自伤"), ("6", "自杀未遂"), ("7", "无")
)  # fmt: skip
NO_ACT = "7"
SENDERS = (("1", "本人"), ("2", "家属"), ("3", "公安"), ("4", "民政"), ("5", "单位"), ("6", "其他"))
OTHER_SENDER = "6"
ELSEWHERE = "0"  # 现住地 outside the county or unknown

LABELS = {
    "name": "姓名", "diagnosed_on": "确诊日期", "birth_on": "出生日期", "onset_on": "初次发病时间",
    "treated_on": "首次抗精神病药治疗时间", "consent_on": "知情同意时间", "filled_on": "填卡日期",
    "paper_on": "收到纸质卡日期",
}  # fmt: skip
REQUIRED = (
    "source", "report_type", "name", "sex", "birth_on", "id_kind", "ethnicity", "household_kind", "contact",
    "contact_phone", "contact_relation", "residence_code", "residence_address", "household_address_kind", "education",
    "marital", "employment", "family_history", "onset_on", "onset_precision", "treated", "past_admissions",
    "past_locked", "past_acts", "past_danger", "senders", "diagnosing_hospital", "diagnosed_on", "diagnosis", "icd10",
    "no_drug", "doctor", "filled_on", "department", "department_phone",
)  # fmt: skip

DRAFT_NEEDS = ("name", "diagnosed_on")

CARDS: Machine[CardState] = Machine(
    name="report_card",
    label="报告卡",
    source="发病报告管理办法；管理治疗工作规范 2018",
    states=tuple(CardState),
    starts=frozenset({S.DRAFT}),
    ends=frozenset({S.WITHDRAWN, S.ELSEWHERE}),
    steps=(
        Step(S.DRAFT, S.SENT, "报告", P.REPORT_CARD, "registry.card.sent"),
        Step(S.DRAFT, S.AT_COUNTY, "报告（没有写明乡镇）", P.REPORT_CARD, "registry.card.sent"),
        Step(S.DRAFT, S.WITHDRAWN, "撤销", P.REPORT_CARD, "registry.card.withdrawn", needs_reason=True),
        Step(S.SENT, S.ACCEPTED, "接收", P.RECEIVE_CARD, "registry.card.accepted"),
        Step(S.SENT, S.AT_COUNTY, "退回县级", P.RECEIVE_CARD, "registry.card.held", needs_reason=True),
        Step(S.SENT, S.WITHDRAWN, "撤销", P.REPORT_CARD, "registry.card.withdrawn", needs_reason=True),
        Step(S.AT_COUNTY, S.SENT, "改派乡镇", P.ADDRESS_CARD, "registry.card.addressed"),
        Step(S.AT_COUNTY, S.ACCEPTED, "关联在册档案", P.ADDRESS_CARD, "registry.card.accepted"),
        Step(
            S.AT_COUNTY, S.ELSEWHERE, "办结（外县在册）", P.ADDRESS_CARD, "registry.card.elsewhere", needs_reason=True
        ),
        Step(S.AT_COUNTY, S.WITHDRAWN, "撤销", P.REPORT_CARD, "registry.card.withdrawn", needs_reason=True),
        Step(
            S.ACCEPTED,
            S.CORRECTING,
            "更正为非严重精神障碍",
            P.REPORT_CARD,
            "registry.card.corrected",
            needs_reason=True,
        ),
        Step(S.CORRECTING, S.WITHDRAWN, "按更正结案", P.RECEIVE_CARD, "registry.card.withdrawn"),
    ),
)


def latest(day: date, precision: str | None) -> date:
    """The last day that a date known to the year or month may mean."""
    if precision == "1":
        return date(day.year, 12, 31)
    if precision == "2":
        return date(day.year, day.month, monthrange(day.year, day.month)[1])
    return day


def earliest(day: date, precision: str | None) -> date:
    """The first day that a date known to the year or month may mean."""
    return date(day.year, 1, 1) if precision == "1" else day.replace(day=1) if precision == "2" else day


def check_draft(said: Mapping[str, Any]) -> list[Problem]:
    """What even an unfinished card must say: whose it is, and from when its clock runs."""
    return [Problem(name, "暂存也要填写这一项。") for name in DRAFT_NEEDS if not said.get(name)]


def check_card(said: Mapping[str, Any], *, today: date) -> list[Problem]:
    """What is missing or cannot be true; empty when the card can be reported. Source: 报告卡填卡说明. Units: local days."""
    found = [Problem(name, "不能为空。") for name in REQUIRED if said.get(name) in (None, "", [])]
    return found + _depending(said) + _exclusions(said) + _drugs(said) + _dates(said, today)


def _depending(said: Mapping[str, Any]) -> list[Problem]:
    found = []
    needs = (
        ("outpatient_no", said.get("source") == "1", "门诊患者要填门诊号。"),
        ("inpatient_no", said.get("source") == "2", "住院患者要填住院号。"),
        (
            "id_number",
            said.get("id_kind") not in (None, NO_DOCUMENT),
            "请填写证件号码；没有证件的，证件类型选“无证件”。",
        ),
        ("nationality", said.get("household_address_kind") == "6" or said.get("id_kind") == "03", "外籍要填国籍。"),
        ("household_reason", said.get("household_kind") == "9", "户别不详时要写明原因。"),
        ("sender_other", OTHER_SENDER in (said.get("senders") or []), "送诊主体选“其他”时要写明。"),
        ("treated_on", said.get("treated") == "1", "已治疗的要填首次治疗时间，至少填年份。"),
        ("consent", said.get("report_type") == "2", "按六类病种登记的，要填是否知情同意。"),
        ("consent_on", said.get("consent") is not None and said.get("report_type") != "1", "请填写知情同意时间。"),
    )
    found += [Problem(name, words) for name, needed, words in needs if needed and not said.get(name)]
    if said.get("report_type") == "2" and said.get("diagnosis") and said["diagnosis"] not in SIX_KINDS:
        found.append(Problem("diagnosis", "这一诊断不在六类病种内；符合第三十条第二款第二项的，报告类型选 1。"))
    return found


def _exclusions(said: Mapping[str, Any]) -> list[Problem]:
    """Source: 报告卡 036–037, 049: 无 stands alone; a past act is never level 0; report type 1 needs no consent."""
    found = []
    acts = set(said.get("past_acts") or [])
    if NO_ACT in acts and len(acts) > 1:
        found.append(Problem("past_acts", "选了“无”，就不能再选别的。"))
    if acts - {NO_ACT} and said.get("past_danger") == "0":
        found.append(Problem("past_danger", "有既往危险行为，既往危险性不能是 0 级。"))
    if said.get("report_type") == "1" and said.get("consent") == "0":
        found.append(Problem("consent", "第三十条第二款第二项的患者告知后直接纳入管理，知情同意按“同意”填写或不填。"))
    if said.get("treated") == "0" and said.get("treated_on"):
        found.append(Problem("treated_on", "没有治疗过的，不填首次治疗时间。"))
    return found


def check_drugs(drugs: list[dict[str, Any]], *, prefix: str = "drug") -> list[Problem]:
    """A long-acting one has an interval and a dose, any other a dose at some time of day. Source: 报告卡 053."""
    found = []
    for number, drug in enumerate(drugs, start=1):
        here = f"{prefix}{drug.get('row', number)}_name"
        if not drug.get("name"):
            found.append(Problem(here, "填了剂量，药名也要填。"))
        elif drug.get("long") and not (drug.get("every") and drug.get("dose")):
            found.append(Problem(here, "长效药要填每几周一次和每次剂量。"))
        elif not drug.get("long") and not any(drug.get(time) for time in ("morning", "noon", "night")):
            found.append(Problem(here, "请填写早、中、晚的剂量。"))
    return found


def _drugs(said: Mapping[str, Any]) -> list[Problem]:
    drugs = said.get("drugs") or []
    if said.get("no_drug") == "1" and drugs:
        return [Problem("no_drug", "选了“勿需用药”，就不填用药。")]
    if said.get("no_drug") == "0" and not drugs:
        return [Problem("drug1_name", "需要用药的，请填写用药。")]
    return check_drugs(drugs)


def _dates(said: Mapping[str, Any], today: date) -> list[Problem]:
    """出生 ≤ 初次发病 ≤ 首次用药 ≤ 今天; 发病 ≤ 知情同意 ≤ 今天; 发病 ≤ 确诊 ≤ 填卡 ≤ 收到纸质卡 ≤ 今天.

    Source: 报告卡 029–046.
    """
    days = {name: said.get(name) for name in LABELS if name != "name"}
    precision = {"onset_on": said.get("onset_precision"), "treated_on": said.get("treated_precision")}
    found = [Problem(name, "不能晚于今天。请核对日期。") for name, day in days.items() if day and day > today]
    orders = (
        ("birth_on", "onset_on"), ("onset_on", "treated_on"), ("onset_on", "consent_on"), ("onset_on", "diagnosed_on"),
        ("diagnosed_on", "filled_on"), ("filled_on", "paper_on"),
    )  # fmt: skip
    for before, after in orders:
        first, then = days[before], days[after]
        if first and then and earliest(first, precision.get(before)) > latest(then, precision.get(after)):
            found.append(Problem(after, f"不能早于{LABELS[before]} {first}。请核对两个日期。"))
    return found
