"""Outgoing words for finance, banks, the notice board and phones: none of an illness, none of the patient.

Source: security T40 (neutral vocabulary list, outgoing text linter); practice.md A3, A4.7.
"""

import re
import unicodedata
from collections.abc import Iterable

WORDS = (
    "精神", "精防", "心理", "障碍", "分裂", "双相", "躁狂", "抑郁", "焦虑", "癫痫", "偏执", "妄想", "幻觉", "幻听", "智力",
    "迟滞", "痴呆", "疯", "患者", "病人", "病情", "患病", "疾病", "重性", "诊断", "住院", "服药", "用药", "药物", "针剂", "氯氮平",
    "奥氮平", "利培酮", "肇事", "肇祸", "危险性", "强制医疗", "随访", "残疾", "SMD",
)  # fmt: skip
_BETWEEN = re.compile(r"[\s\W_]+")


def _plain(text: str) -> str:
    """One width, no spaces or marks in between: 精 神 and 精-神 are the same word."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def illness_words(text: str) -> tuple[str, ...]:
    """The words of the list that stand in a text, in the order of the list. Source: security T40."""
    plain = _plain(text)
    return tuple(word for word in WORDS if word in plain)


def telling(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """What must not leave in a text: words of the illness, and any of these names."""
    plain = _plain(text)
    return (*illness_words(text), *(name for name in names if name and _plain(name) in plain))
