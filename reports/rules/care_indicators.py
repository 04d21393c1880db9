"""Indicators of what was done for a person beside the visits: medicine handed out, injections, examinations, plans.

Source: 指标口径. Looked up only where they are asked for.
"""

from reports.rules import reasons
from reports.rules.conditions import AnyOf, Is, Not, Requirement
from reports.rules.indicator import REGISTERED_WORDS, Indicator
from reports.terms import Mend, Unit

HIGH_RISK_WITHIN = 14  # days
TREATED_WITHIN = 30
_HANDED_OUT = "年初至截止日至少免费领过一次第二代抗精神病药的患者；作废的发放记录不算。"
GOT_FREE_MEDICINE = Requirement(
    Is("free_sga", "=", True), "年内没有免费发放第二代抗精神病药的记录", reasons.no_free_medicine, Mend.ONE_ACT
)
WAS_EXAMINED = Requirement(Is("examined", "=", True), "年内没有健康体检的记录", reasons.not_examined, Mend.ONE_ACT)
WAS_INJECTED = Requirement(Is("injected", "=", True), "年内没有长效针剂的注射记录", reasons.not_injected, Mend.CARE)
HAS_PLAN = Requirement(Is("has_plan", "=", True), "截止日没有个人方案", reasons.no_plan, Mend.ONE_ACT)
HAD_INCIDENT = AnyOf((Is("incident", "=", True), Is("event", "=", True)))
HIGH_ANSWERED = Requirement(
    Is("high_unanswered", "=", False), "有一次评估为 3 级及以上之后 14 天内没有随访", reasons.high_unanswered,
    Mend.NOT_THIS_YEAR,
)  # fmt: skip
TREATED = Requirement(
    Is("treated", "=", True), f"事发后 {TREATED_WITHIN} 天内没有入院记录", reasons.not_treated, Mend.CARE
)
HAS_AWAY_FILE = Requirement(
    Is("away_file", "=", True), "流入地还没有答复建立临时档案", reasons.no_away_file, Mend.ONE_ACT
)
LOSS_TOLD = Requirement(
    Is("loss_told", "=", True), "登记表还没有送达政法和公安双方", reasons.loss_not_told, Mend.ONE_ACT
)

FREE_SGA = Indicator(
    "free_sga", "第二代抗精神病药物免费提供率", Unit.PERCENT, _HANDED_OUT,
    "在册患者，减去最近一次完整记录为医嘱勿需用药的；另按全部在册患者算一个比例，写在旁边。",
    reasons.got_free_medicine, (GOT_FREE_MEDICINE,), (Not(Is("last_adherence", "=", 4)),),
)  # fmt: skip
FREE_SGA_OF_ALL = Indicator(
    "free_sga_of_all", "第二代抗精神病药物免费提供率（占全部在册）", Unit.PERCENT, _HANDED_OUT, REGISTERED_WORDS,
    reasons.got_free_medicine, (GOT_FREE_MEDICINE,),
)  # fmt: skip
CHECKED_UP = Indicator(
    "checked_up", "体检率", Unit.PERCENT, "年初至截止日做过一次以上健康体检的在册患者。", REGISTERED_WORDS,
    reasons.examined, (WAS_EXAMINED,),
)  # fmt: skip
LAI = Indicator(
    "lai", "长效针剂应用率", Unit.PERCENT, "年初至截止日打过长效针剂，或截止日仍在上一针的间隔以内的患者。",
    "在册患者里，最近一次记录为间断用药或不用药的，截止日为弱监护或无监护的，或年内评估过 3 级及以上的。",
    reasons.injected, (WAS_INJECTED,),
    (AnyOf((Is("last_adherence", "=", 2), Is("last_adherence", "=", 3), Is("weak_guardian", "=", True), Is("high_n", ">=", 1))),),
    sensitive=True,
)  # fmt: skip
CARE_PLANS = Indicator(
    "care_plans", "3 级及以上患者一人一方案率", Unit.PERCENT, "截止日有在执行的个人方案的患者。",
    "最近一次完整记录的危险性评估为 3 级及以上的在册患者。",
    reasons.has_plan, (HAS_PLAN,), (Is("last_level", ">=", 3),), sensitive=True,
)  # fmt: skip
HIGH_RISK_MANAGED = Indicator(
    "high_risk_managed", "3 级及以上患者管理率", Unit.PERCENT,
    "在管，且年初至截止日每次评估为 3 级及以上之后 14 天内都有完整随访或住院的患者；截止日未满 14 天的那次不看。",
    "年初至截止日评估过 3 级及以上的在册患者。",
    reasons.high_answered, (HIGH_ANSWERED,), (Is("high_n", ">=", 1),), sensitive=True,
)  # fmt: skip
INCIDENTS = Indicator(
    "incident_patients", "肇事肇祸率", Unit.PERCENT,
    "年初至截止日的随访记录有肇事或肇祸的，或有已确认的肇事、肇祸事件的在册患者，每人只计一次；件数另计。",
    REGISTERED_WORDS, reasons.had_incident, (Requirement(HAD_INCIDENT, "没有肇事肇祸记录", reasons.no_incident, Mend.CARE),),
    sensitive=True, is_good=False,
)  # fmt: skip
INCIDENT_TREATED = Indicator(
    "incident_treated", "肇事肇祸患者收治率", Unit.PERCENT,
    "事发后 30 天内入院或被强制医疗的患者，事发时已在院的也算。", "年初至截止日有肇事或肇祸的在册患者。",
    reasons.treated, (TREATED,), (HAD_INCIDENT,), sensitive=True,
)  # fmt: skip
AWAY_FILES = Indicator(
    "away_files", "外出患者临时档案建立率", Unit.PERCENT, "已告知流入地、流入地也已答复建立临时档案的患者。",
    "截止日外出满一个月以上的在册患者。", reasons.has_away_file, (HAS_AWAY_FILE,), (Is("away_long", "=", True),),
)  # fmt: skip
LOST_REPORTED = Indicator(
    "lost_reported", "失访拒访书面报告率", Unit.PERCENT, "失访（死亡）登记表已送达政法委（综治中心）和公安的患者。",
    "年初至截止日有过失访、拒访的在册患者。", reasons.loss_told, (LOSS_TOLD,), (Is("was_lost", "=", True),),
)  # fmt: skip

CARE = (
    FREE_SGA, CHECKED_UP, LAI, CARE_PLANS, HIGH_RISK_MANAGED, INCIDENTS, INCIDENT_TREATED, AWAY_FILES, LOST_REPORTED,
)  # fmt: skip
# Printed beside another figure, never a code of its own.
BESIDE = {FREE_SGA.code: FREE_SGA_OF_ALL}
# These follow the dates of single visits, which no mark tells of: always counted anew (see reports migration 0003).
NEVER_KEPT = (HIGH_RISK_MANAGED, INCIDENT_TREATED)
