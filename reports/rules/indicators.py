"""The indicators this system computes from the register: who counts, who does not, and why.

Source: 指标口径; 严重精神障碍管理治疗工作规范(2018) and the national system's monthly figures. A county's other reading
is a dated setting, never a change here. All figures are cumulative from 1 January to the cut-off day, both included.
"""

from reports.rules import reasons
from reports.rules.care_indicators import BESIDE, CARE, NEVER_KEPT
from reports.rules.conditions import Is, Requirement
from reports.rules.exchanges import EXCHANGES
from reports.rules.incident_events import INCIDENT_EVENTS
from reports.rules.indicator import (
    EVERY_QUARTER,
    FIRST_IN_TIME,
    HAS_RECORD,
    HAS_RECORD_FIRST,
    IS_MANAGED,
    IS_SCHIZOPHRENIA,
    MET_IN_PERSON,
    NEVER_MISSED,
    NO_LONG_GAP,
    NOT_IN_HOSPITAL,
    REGISTERED_WORDS,
    SEEN_LATELY,
    STABLE,
    TAKEN,
    TAKES_REGULARLY_NOW,
    TAKES_SOME,
    VISITED_LATELY,
    Indicator,
)  # fmt: skip
from reports.rules.joint_meetings import JOINT_MEETINGS, HeldIndicator
from reports.rules.place_indicators import PLACED
from reports.terms import Mend, Unit

_MEDICATED = "最近一次完整记录为规律用药或间断用药，或目前正在住院。"
_REGULAR = (
    "年初至截止日的完整记录里，至少一次规律用药或正在住院，其余没有一次间断或不用药；医嘱勿需用药和空白略过不计。"
)
_WITH_SCZ = "截止日在册、诊断为精神分裂症的患者。"

MANAGED = Indicator(
    "managed", "管理率", Unit.PERCENT, "年初至截止日有一次以上完整随访记录的在册患者。", REGISTERED_WORDS,
    reasons.visited, (HAS_RECORD,),
)  # fmt: skip
STANDARD = Indicator(
    "standard_managed", "规范管理率（国家口径）", Unit.PERCENT,
    "有完整随访记录，且年初至截止日相邻两次完整记录都不超过 3 个月的在册患者；只有一次记录也算。", REGISTERED_WORDS,
    reasons.well_spaced, (HAS_RECORD, NO_LONG_GAP),
)  # fmt: skip
STRICT = Indicator(
    "standard_managed_strict", "规范管理率（严格口径）", Unit.PERCENT,
    "符合国家口径；并且最后一次记录到截止日、上年最后一次记录（没有的从建档算起）到第一次记录，都不超过 3 个月。",
    REGISTERED_WORDS, reasons.well_spaced, (HAS_RECORD, NO_LONG_GAP, SEEN_LATELY, FIRST_IN_TIME),
)  # fmt: skip
FACE_TO_FACE = Indicator(
    "face_to_face", "面访率", Unit.PERCENT,
    "年初至截止日有一次以上门诊或家庭访视、并且见到患者本人的完整记录的在册患者。", REGISTERED_WORDS,
    reasons.met_in_person, (HAS_RECORD, MET_IN_PERSON),
)  # fmt: skip
MEDICATED = Indicator(
    "medicated",
    "服药率",
    Unit.PERCENT,
    _MEDICATED,
    REGISTERED_WORDS,
    reasons.takes_medicine,
    (HAS_RECORD_FIRST, TAKES_SOME),
)
REGULAR = Indicator(
    "regular_medication", "规律服药率", Unit.PERCENT, _REGULAR, REGISTERED_WORDS,
    reasons.always_regular, (HAS_RECORD_FIRST, NEVER_MISSED, TAKEN),
)  # fmt: skip
REGULAR_LAST = Indicator(
    "regular_medication_last", "规律服药率（末次口径）", Unit.PERCENT,
    "最近一次完整记录为规律用药，或目前正在住院。", REGISTERED_WORDS,
    reasons.takes_medicine, (HAS_RECORD_FIRST, TAKES_REGULARLY_NOW),
)  # fmt: skip
SCZ_TREATED = Indicator(
    "scz_treated", "精神分裂症治疗率", Unit.PERCENT, _MEDICATED, _WITH_SCZ,
    reasons.takes_medicine, (HAS_RECORD_FIRST, TAKES_SOME), (IS_SCHIZOPHRENIA,), sensitive=True,
)  # fmt: skip
SCZ_REGULAR = Indicator(
    "scz_regular", "精神分裂症规律服药率", Unit.PERCENT, _REGULAR, _WITH_SCZ,
    reasons.always_regular, (HAS_RECORD_FIRST, NEVER_MISSED, TAKEN), (IS_SCHIZOPHRENIA,), sensitive=True,
)  # fmt: skip
STABLE_RATE = Indicator(
    "stable", "病情稳定率", Unit.PERCENT, "最近一次完整记录在截止日前 3 个月以内、分类为稳定的居家患者。",
    "居家患者：年初至截止日有完整随访记录，且最近一次不是目前正在住院。",
    reasons.stable_now, (VISITED_LATELY, STABLE), (IS_MANAGED, NOT_IN_HOSPITAL),
)  # fmt: skip
QUARTERLY_RISK = Indicator(
    "quarterly_risk", "每季度危险性评估率", Unit.PERCENT,
    "截止日前已结束、且在建档之后开始的每个季度，都记录过危险性等级的在管患者；没有这样的季度也算。",
    "在管患者：年初至截止日有完整随访记录的在册患者。",
    reasons.level_every_quarter, (EVERY_QUARTER,), (IS_MANAGED,),
)  # fmt: skip
REGISTERED = Indicator("registered", "在册患者", Unit.COUNT, REGISTERED_WORDS, "", reasons.opened)
PREVALENCE = Indicator(
    "prevalence", "报告患病率", Unit.PERMILLE, "截止日在册患者。",
    "截止日当年的常住人口，按乡镇（街道）登记；当年没有登记的用此前最近一年的，并注明年份。", reasons.opened,
)  # fmt: skip
STAFF_RATIO = Indicator(
    "staff_ratio", "专职精防人员与在册患者比", Unit.PATIENTS_PER_POST, "截止日在册患者，按乡镇（街道）。",
    "截止日在岗精防人员折合的全职人数（兼职按比例折算）。每个乡镇（街道）至少一名全职，且每名全职负责的在册患者不超过目标数，才算达到。",
    reasons.opened,
)  # fmt: skip
# Their denominators are known by township only, and are no people.
BY_TOWNSHIP = (PREVALENCE, STAFF_RATIO)


def _at_level(level: int) -> Indicator:
    need = Requirement(Is("last_level", "=", level), "其他等级或没有等级", reasons.other_level, Mend.CARE)
    return Indicator(
        f"risk_{level}", f"{level} 级患者", Unit.COUNT, f"最近一次完整记录的危险性评估为 {level} 级的在册患者。", "",
        reasons.at_level, (need,), sensitive=True, is_good=False,
    )  # fmt: skip


RISK_LEVELS = tuple(_at_level(level) for level in range(6))

COUNTED = (
    REGISTERED, MANAGED, STANDARD, STRICT, FACE_TO_FACE, MEDICATED, REGULAR, REGULAR_LAST, SCZ_TREATED, SCZ_REGULAR,
    STABLE_RATE, QUARTERLY_RISK, *RISK_LEVELS,
)  # fmt: skip
# What is counted ahead and kept for each township and quarter.
KEPT = (*COUNTED, *(found for found in CARE if found not in NEVER_KEPT), *BESIDE.values())
INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator for indicator in (*COUNTED, PREVALENCE, *CARE, STAFF_RATIO)
}

# Lists behind a headline number that is no indicator of its own.
HIGH_RISK = Indicator(
    "risk_3_up", "3 级及以上患者", Unit.COUNT, "最近一次完整记录的危险性评估为 3、4、5 级的在册患者。", "",
    reasons.at_level,
    (Requirement(Is("last_level", ">=", 3), "0 至 2 级或没有等级", reasons.other_level, Mend.CARE),),
    sensitive=True, is_good=False,
)  # fmt: skip
LISTED: dict[str, Indicator] = {**INDICATORS, HIGH_RISK.code: HIGH_RISK}

# Defined, but this system keeps nothing yet to compute them from: 暂无数据, never 0.
WITHOUT_DATA: dict[str, str] = {
    "medical_aid": "贫困患者医疗救助覆盖率",
    "free_treatment": "在册患者免费救治率",
    "rehab_township": "开展社区康复的镇街比例",
    "rehab_county": "开展社区康复的县区比例",
    "rehab_home": "居家患者接受社区康复比例",
    "rehab_standard": "登记康复对象规范服务率",
    "guardian_award": "有奖监护落实率",
    "assistant_guardians": "协助监护人配备率",
}


# Of the area that holds the meetings or exchanges; what lies below has none of its own.
HELD: dict[str, HeldIndicator] = {found.code: found for found in (JOINT_MEETINGS, EXCHANGES)}
# Of the people of a place, but what happened is counted and not they.
EVENTS: dict[str, HeldIndicator] = {INCIDENT_EVENTS.code: INCIDENT_EVENTS}
# Everything that is computed, and everything that has a definition.
COMPUTED = (*INDICATORS, *EVENTS, *PLACED, *HELD)
DEFINED = (*COMPUTED, *WITHOUT_DATA)


def name_of(code: str) -> str:
    if code in PLACED:
        return PLACED[code].name
    if code in HELD or code in EVENTS:
        return {**HELD, **EVENTS}[code].name
    return INDICATORS[code].name if code in INDICATORS else WITHOUT_DATA[code]


def is_sensitive(code: str) -> bool:
    """A small number of it could point at a person."""
    return code in EVENTS or (code in INDICATORS and INDICATORS[code].sensitive)
