"""The questions of 表1-8 in the order of the paper: one list for the form, the page, the print and the view."""

from dataclasses import dataclass
from typing import Any

from accounts.terms import RiskLevel
from followup import terms
from followup.rules.checks import TEXT_LENGTHS
from registry.terms import DeathCause, Locked


@dataclass(frozen=True)
class Question:
    """`kind`: one, many, levels, counts, tick, day, text, lines, drugs. `when`: shown with these answers of `asks`."""

    name: str
    label: str
    kind: str
    codes: Any = None
    hint: str = ""
    when: tuple[str, str] = ("", "")  # (question, answer)
    ours: bool = False  # 本系统: not on the paper, not printed
    number: bool = True

    @property
    def most(self) -> int:
        return TEXT_LENGTHS.get(self.name, 200)


@dataclass(frozen=True)
class Panel:
    number: int
    title: str
    questions: tuple[Question, ...]


DANGER_LABELS = {
    "minor_trouble": "轻度滋事", "trouble": "肇事", "crime": "肇祸", "other_harm": "其他危害行为",
    "self_harm": "自伤", "suicide_attempt": "自杀未遂",
}  # fmt: skip
Q = Question
PANELS = (
    Panel(1, "本次随访", (
        Q("visited_on", "随访日期", "day"),
        Q("form", "随访形式", "one", terms.Contact, number=False),
        Q("seen", "随访对象", "many", terms.Seen, hint="可多选", number=False),
        Q("lost_reason", "失访原因", "one", terms.LostReason, number=False),
        Q("lost_text", "失访说明", "text"),
        Q("died_on", "死亡日期", "day"),
        Q("death_cause", "死亡原因", "one", DeathCause, number=False),
        Q("death_illness", "躯体疾病种类", "one", terms.Illness, when=("death_cause", "1"), number=False),
    )),
    Panel(2, "危险性评估", (
        Q("level", "危险性级别", "levels", RiskLevel),
        Q("basis", "依据", "lines", hint="3 级及以上必填"),
    )),
    Panel(3, "精神状况", (
        Q("symptoms", "目前症状", "many", terms.Symptom, hint="可多选，没有不选"),
        Q("symptom_text", "其他症状", "text", when=("symptoms", "12")),
        Q("obvious_symptoms", "症状明显", "tick", hint="用于分类", ours=True),
        Q("insight", "自知力", "one", terms.Insight),
        Q("sleep", "睡眠", "one", terms.State),
        Q("diet", "饮食", "one", terms.State),
    )),
    Panel(4, "社会功能", (
        Q("self_care", "个人生活料理", "one", terms.State),
        Q("housework", "家务劳动", "one", terms.State),
        Q("work", "生产劳动及工作", "one", terms.SocialState),
        Q("learning", "学习能力", "one", terms.State),
        Q("social", "社会人际交往", "one", terms.State),
    )),
    Panel(5, "上次随访以来", (
        Q("dangers", "危险行为", "counts", hint="填次数，没有填 0"),
        Q("locked", "关锁情况", "one", Locked),
        Q("hospital", "住院情况", "one", terms.Hospital),
        Q("discharged_on", "末次出院日期", "day", when=("hospital", "2")),
    )),
    Panel(6, "检查和治疗", (
        Q("lab", "实验室检查", "one", terms.Laboratory, hint="两次随访期间"),
        Q("lab_text", "项目和结果", "text", when=("lab", "2")),
        Q("adherence", "用药依从性", "one", terms.Adherence),
        Q("severe_illness", "躯体疾病严重", "tick", hint="用于分类", ours=True),
        Q("side_effect", "药物不良反应", "one", terms.SideEffect),
        Q("severe_side_effect", "不良反应严重", "tick", when=("side_effect", "2"), hint="用于分类", ours=True),
        Q("side_effect_text", "表现", "text", when=("side_effect", "2")),
        Q("effect", "治疗效果", "one", terms.Effect),
        Q("referral", "转诊", "one", terms.Referral),
        Q("referral_reason", "转诊原因", "text", when=("referral", "2")),
        Q("referral_to", "转至机构及科室", "text", when=("referral", "2")),
    )),
    Panel(7, "用药和康复", (
        Q("drugs", "用药情况", "drugs"),
        Q("guidance", "用药指导", "drugs"),
        Q("rehab", "康复措施", "many", terms.Rehab, hint="可多选"),
        Q("rehab_text", "其他康复措施", "text", when=("rehab", "5")),
        Q("case_management", "个案管理", "text", hint="没有可不填"),
    )),
)  # fmt: skip
QUESTIONS: dict[str, Question] = {question.name: question for panel in PANELS for question in panel.questions}
LABELS: dict[str, str] = {
    **{name: question.label for name, question in QUESTIONS.items()},
    **DANGER_LABELS,
    "stability": "本次随访分类",
    "next_due_on": "下次随访日期",
    "deviation_reason": "偏离原因",
    "doctor_name": "随访医生",
}
# What must be answered for a full paper form; blanks are named beside the save button, only the starred are refused.
ASKED = (
    "insight", "sleep", "diet", "self_care", "housework", "work", "learning", "social", "locked", "hospital", "lab",
    "adherence", "side_effect", "effect", "referral",
)  # fmt: skip
ASKED_WITH = {
    "discharged_on": ("hospital", 2), "side_effect_text": ("side_effect", 2), "referral_reason": ("referral", 2),
    "referral_to": ("referral", 2), "lab_text": ("lab", 2),
}  # fmt: skip
