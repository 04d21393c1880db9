"""What 表1-6 and 表1-7 ask beyond the columns of a file: the questions, their codes, and which answers are missing.

Source: 个人基本信息表 and 个人信息补充表 (规范第三版; 管理治疗工作规范 2018, 表1-6, 表1-7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SheetQuestion:
    """`kind`: one (a code), many (codes), counts (how often, by code), text or day."""

    key: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = True
    alone: str = ""  # a code that excludes all others


def _options(words: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(n), word) for n, word in enumerate(words.split(), 1))


BASICS = (
    SheetQuestion("pays", "医疗费用支付方式", "many", _options(
        "城镇职工基本医疗保险 城乡居民基本医疗保险 贫困救助 商业医疗保险 全公费 全自费 其他")),
    SheetQuestion("blood", "血型", "one", _options("A型 B型 O型 AB型 不详"), needed=False),
    SheetQuestion("allergy", "药物过敏史", "many", _options("无 青霉素 磺胺 链霉素 其他"), alone="1"),
    SheetQuestion("allergy_text", "其他过敏药物", "text", needed=False),
    SheetQuestion("diseases", "既往疾病", "many", _options(
        "无 高血压 糖尿病 冠心病 慢性阻塞性肺疾病 恶性肿瘤 脑卒中 严重精神障碍 结核病 肝炎 其他法定传染病 职业病 其他"),
        alone="1"),
    SheetQuestion("surgery", "手术、外伤、输血史", "text", needed=False),
    SheetQuestion("family_diseases", "家族史（疾病）", "text", needed=False),
    SheetQuestion("disability", "残疾情况", "many", _options(
        "无残疾 视力残疾 听力残疾 言语残疾 肢体残疾 智力残疾 精神残疾 其他残疾"), alone="1"),
    SheetQuestion("contact", "联系人姓名和电话", "text", needed=False),
)  # fmt: skip
SUPPLEMENT = (
    SheetQuestion("symptoms", "既往主要症状", "many", _options(
        "幻觉 交流困难 猜疑 喜怒无常 行为怪异 兴奋话多 伤人毁物 悲观厌世 无故外走 自语自笑 孤僻懒散 其他")),
    SheetQuestion("symptoms_text", "其他症状", "text", needed=False),
    SheetQuestion("outpatient", "既往门诊治疗", "one", _options("未治 间断门诊治疗 连续门诊治疗")),
    SheetQuestion("first_drug_on", "首次抗精神病药治疗时间", "day", needed=False),
    SheetQuestion("effect", "最近一次治疗效果", "one", _options("临床痊愈 好转 无变化 加重")),
    SheetQuestion("danger", "危险行为（次数，没有的不填）", "counts", _options(
        "轻度滋事 肇事 肇祸 其他危害行为 自伤 自杀未遂")),
    SheetQuestion("family", "两系三代精神疾病家族史", "one", _options("有 无 不详")),
    SheetQuestion("village_contact", "村（居）委会联系人和电话", "text", needed=False),
    SheetQuestion("opinion", "专科医生的意见", "text", needed=False),
)  # fmt: skip
QUESTIONS: Mapping[str, tuple[SheetQuestion, ...]] = {"basics": BASICS, "supplement": SUPPLEMENT}


def lacking(form: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the needed questions without an answer. 危险行为 counts as answered once the sheet was filled in.

    Source: 表1-6, 表1-7. Units: none.
    """
    return tuple(
        question.key
        for question in QUESTIONS[form]
        if question.needed and question.kind != "counts" and not answers.get(question.key)
    )


def contradiction(form: str, answers: Mapping[str, Any]) -> tuple[str, str] | None:
    """A question whose 无 stands beside other answers, and the sentence for it. Source: 填表说明: "无" excludes."""
    for question in QUESTIONS[form]:
        said = answers.get(question.key) or ()
        if question.alone and question.alone in said and len(said) > 1:
            words = dict(question.options)[question.alone]
            return question.key, f"选了“{words}”，就不能再选别的。请去掉一边。"
    return None
