"""The four forms of a file and what each still lacks, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.rules.sheets import QUESTIONS


class PaperKind(StrEnum):
    CONSENT = "consent"
    BASICS = "basics"
    SUPPLEMENT = "supplement"
    FIRST_VISIT = "first_visit"


PAPER_NAMES = {
    PaperKind.CONSENT: "知情同意书", PaperKind.BASICS: "个人基本信息表", PaperKind.SUPPLEMENT: "个人信息补充表",
    PaperKind.FIRST_VISIT: "首次随访",
}  # fmt: skip
PAPER_NUMBERS = {PaperKind.CONSENT: "表1-5", PaperKind.BASICS: "表1-6", PaperKind.SUPPLEMENT: "表1-7"}
BASICS_COLUMNS = {
    "sex": "性别", "birth_on": "出生日期", "id_or_reason": "身份证号或无证件原因", "residence_address": "现住详址",
    "household": "户籍地", "phone": "联系电话", "ethnicity": "民族", "education": "文化程度", "marital": "婚姻状况",
    "employment": "就业情况",
}  # fmt: skip
SUPPLEMENT_COLUMNS = {
    "guardian_name": "监护人", "guardian_relation": "监护人与患者关系", "guardian_phone": "监护人电话",
    "household_kind": "户别", "onset_on": "初次发病时间", "past_locked": "既往关锁情况", "past_admissions": "既往住院次数",
    "diagnosis": "目前诊断", "hospital": "确诊医院", "diagnosed_on": "确诊日期", "poor": "经济状况",
}  # fmt: skip


@dataclass(frozen=True)
class FileFacts:
    """`filled`: names of columns that hold something; `basics`, `supplement`: question keys still open, None without
    a sheet. `whole` False: the sheets are not asked for (a county's setting)."""

    filled: frozenset[str]
    consent: bool
    visited: bool
    basics: tuple[str, ...] | None = None
    supplement: tuple[str, ...] | None = None
    whole: bool = True


@dataclass(frozen=True)
class PaperState:
    kind: PaperKind
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        return PAPER_NAMES[self.kind]

    @property
    def is_there(self) -> bool:
        return not self.missing


def papers(facts: FileFacts) -> tuple[PaperState, ...]:
    """Each of the four forms with the words of what it lacks; a refusal is a consent form too.

    Source: 管理治疗工作规范 2018, 表1-5 to 表1-8 (首次随访). Units: none.
    """
    return (
        PaperState(PaperKind.CONSENT, () if facts.consent else ("还没有签字或告知记录",)),
        PaperState(PaperKind.BASICS, _lacks(facts, PaperKind.BASICS, BASICS_COLUMNS, facts.basics)),
        PaperState(PaperKind.SUPPLEMENT, _lacks(facts, PaperKind.SUPPLEMENT, SUPPLEMENT_COLUMNS, facts.supplement)),
        PaperState(PaperKind.FIRST_VISIT, () if facts.visited else ("还没有随访记录",)),
    )


def _lacks(
    facts: FileFacts, kind: PaperKind, columns: dict[str, str], open_keys: tuple[str, ...] | None
) -> tuple[str, ...]:
    found = [words for name, words in columns.items() if name not in facts.filled]
    if not facts.whole:
        return tuple(found)
    questions = QUESTIONS[kind]
    wanted = {q.key for q in questions if q.needed and q.kind != "counts"} if open_keys is None else set(open_keys)
    return (*found, *(question.label for question in questions if question.key in wanted))


def chip_words(states: Iterable[PaperState]) -> str:
    """缺知情同意书、首次随访; "" when nothing lacks."""
    names = [state.name for state in states if not state.is_there]
    return f"缺{'、'.join(names)}" if names else ""
