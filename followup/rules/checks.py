"""Shape of a record: what is refused, with field and remedy, the same for form, import and interface."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from followup import terms
from followup.rules.choice import Problem
from followup.rules.facts import DANGERS, Drug, VisitFacts
from registry.rules.person import EARLIEST_YEAR
from registry.terms import DeathCause, Locked

MOST_DRUGS = 4
MOST_TIMES = 999
SAME_ANSWERS = 20_000  # sets of answers whose verdict is kept
_CODES = {
    "insight": terms.Insight, "sleep": terms.State, "diet": terms.State, "self_care": terms.State,
    "housework": terms.State, "work": terms.SocialState, "learning": terms.State, "social": terms.State,
    "locked": Locked, "hospital": terms.Hospital, "lab": terms.Laboratory, "adherence": terms.Adherence,
    "side_effect": terms.SideEffect, "effect": terms.Effect, "referral": terms.Referral,
}  # fmt: skip
TEXT_LENGTHS = {
    "lost_text": 100, "basis": 1000, "symptom_text": 100, "lab_text": 200, "side_effect_text": 100,
    "referral_reason": 200, "referral_to": 100, "rehab_text": 100, "case_management": 200, "doctor_name": 60,
}  # fmt: skip


_LISTS = {
    "symptoms": (terms.Symptom, "目前症状只有 1 至 12。"),
    "rehab": (terms.Rehab, "康复措施只有 1 至 5。"),
}
WHO = ("form", "seen", "lost_reason", "died_on", "death_cause", "death_illness")
_WHO = attrgetter(*WHO)
_TEXTS = attrgetter(*TEXT_LENGTHS)
CODED = (*_CODES, *_LISTS, *DANGERS)
_CODED = attrgetter(*CODED)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the record is held against."""

    today: date
    birth_on: date | None = None
    closed_on: date | None = None  # first day on which the patient is not on the register


def problems(facts: VisitFacts, setting: Setting, *, basis_from: int | None = None) -> list[Problem]:
    """Everything wrong with the shape of a record, all at once.

    `basis_from`: from this level a written basis is required (the form and nothing else knows the question).
    Source: 表1-8 填表说明; design decisions C22, C27.
    """
    return [
        *_dates(facts, setting),
        *who_and_how(*_WHO(facts)),
        *_lengths(facts),
        *assessment(facts.level, facts.in_hospital, facts.lost_reason, facts.died_on, bool(facts.dangers)),
        *_basis(facts, basis_from),
        *side_effects(facts.side_effect, facts.severe_side_effect),
        *_codes(*_CODED(facts)),
        *(medicines("drugs", facts.drugs) if facts.drugs else ()),
        *(medicines("guidance", facts.guidance) if facts.guidance else ()),
    ]


def remarks(facts: VisitFacts) -> list[Problem]:
    """Odd but possible: the form asks for a confirmation, an import notes it. Source: 规范第三版 危险性评估; C24."""
    return remarks_on(facts.level, facts.self_harm, facts.suicide_attempt, facts.crime)


def remarks_on(level: int | None, self_harm: int, suicide_attempt: int, crime: int) -> list[Problem]:
    found = []
    if level is not None and level < 4 and (self_harm or suicide_attempt):
        found.append(Problem("level", "有自伤或自杀未遂，一般至少评 4 级。请核对危险性级别。"))
    if level is not None and level < 3 and crime:
        found.append(Problem("level", "有肇祸，一般至少评 3 级。请核对危险性级别。"))
    return found


def _dates(facts: VisitFacts, setting: Setting) -> Iterator[Problem]:
    day = facts.visited_on
    if day > setting.today:
        yield Problem("visited_on", "随访日期不能晚于今天。请改为实际随访的日期。")
    if day.year < EARLIEST_YEAR:
        yield Problem("visited_on", "随访日期的年份太早。请核对。")
    if setting.birth_on and day < setting.birth_on:
        yield Problem("visited_on", "随访日期早于患者的出生日期。请核对。")
    if setting.closed_on and day >= setting.closed_on and facts.died_on != setting.closed_on:
        yield Problem(
            "visited_on",
            f"患者已于 {setting.closed_on:%Y-%m-%d} 死亡、迁出或排除，从这天起不能记随访；更早的随访可以补记。",
        )
    if facts.discharged_on and facts.discharged_on > setting.today:
        yield Problem("discharged_on", "末次出院日期不能晚于今天。")
    if facts.died_on:
        if facts.died_on > setting.today:
            yield Problem("died_on", "死亡日期不能晚于今天。")
        if facts.died_on > day:
            yield Problem("died_on", "死亡日期不能晚于本次记录的日期。")
        if setting.birth_on and facts.died_on < setting.birth_on:
            yield Problem("died_on", "死亡日期早于出生日期。请核对。")


@lru_cache(maxsize=SAME_ANSWERS)
def who_and_how(
    form: str,
    seen: tuple[str, ...],
    lost_reason: str,
    died_on: date | None,
    death_cause: str,
    death_illness: str,
) -> tuple[Problem, ...]:
    """Few answers, given again and again: an import asks a hundred thousand times."""
    found = []
    if form not in _known(terms.Contact):
        found.append(Problem("form", "请选择随访形式：1 门诊，2 家庭访视，3 电话。"))
    if any(who not in _known(terms.Seen) for who in seen):
        found.append(Problem("seen", "随访对象只有 1 患者本人、2 患者家属或监护人、3 其他知情人。"))
    if not seen and not (lost_reason or died_on):
        found.append(Problem("seen", "请选择随访对象。"))
    if lost_reason and lost_reason not in _known(terms.LostReason):
        found.append(Problem("lost_reason", "失访原因只有 1 至 5。"))
    if death_cause and death_cause not in _known(DeathCause):
        found.append(Problem("death_cause", "死亡原因只有 1 至 6。"))
    if died_on and not death_cause:
        found.append(Problem("death_cause", "填了死亡日期，请选择死亡原因。"))
    if death_cause and not died_on:
        found.append(Problem("died_on", "填了死亡原因，请填死亡日期。"))
    if death_illness and death_illness not in _known(terms.Illness):
        found.append(Problem("death_illness", "躯体疾病种类只有 1 至 8。"))
    return tuple(found)


def _lengths(facts: VisitFacts) -> Sequence[Problem]:
    if not any(texts := _TEXTS(facts)):
        return ()
    return [problem for name, text in zip(TEXT_LENGTHS, texts, strict=True) for problem in length(name, text)]


def length(name: str, text: str) -> tuple[Problem, ...]:
    most = TEXT_LENGTHS[name]
    return (Problem(name, f"文字太长，最多 {most} 个字。"),) if len(text) > most else ()


@lru_cache(maxsize=SAME_ANSWERS)
def assessment(
    level: int | None, in_hospital: bool, lost_reason: str, died_on: date | None, has_dangers: bool
) -> tuple[Problem, ...]:
    is_complete = level is not None or in_hospital
    found = []
    if level is not None and not 0 <= level <= 5:
        found.append(Problem("level", "危险性只有 0 至 5 级。"))
    if died_on and is_complete:
        found.append(Problem("level", "已去世的记录不评危险性、不填目前正在住院。请去掉，或去掉死亡日期。"))
    if lost_reason and in_hospital:
        found.append(Problem("hospital", "失访的记录不填目前正在住院。请改选住院情况，或去掉失访原因。"))
    if not is_complete and not lost_reason and not died_on:
        found.append(Problem("level", "请选择危险性级别。只有目前正在住院、失访或已去世时可以不填。"))
    if not is_complete and has_dangers:
        found.append(Problem("level", "填了危险行为的次数，请评危险性级别。"))
    return tuple(found)


@cache
def side_effects(said: int | None, severe: bool) -> tuple[Problem, ...]:
    """A severe one that is said not to be there would make the class 不稳定. Left open or 此项不适用 it says nothing."""
    if severe and said == terms.SideEffect.NO:
        return (Problem("severe_side_effect", "药物不良反应填了“无”，不良反应严重不能填 1。请改其中一项。"),)
    return ()


def _basis(facts: VisitFacts, basis_from: int | None) -> Iterator[Problem]:
    if basis_from is not None and facts.level is not None and facts.level >= basis_from and not facts.basis:
        yield Problem("basis", f"危险性 {basis_from} 级及以上要写依据：何时、何地、做了什么。")


@cache
def _known(codes: type) -> frozenset[Any]:
    """The values of an enumeration: asked a million times by an import."""
    return frozenset(codes.values)  # type: ignore[attr-defined]


@lru_cache(maxsize=SAME_ANSWERS)
def _codes(*said: Any) -> tuple[Problem, ...]:
    """`said` in the order of CODED."""
    return tuple(problem for name, value in zip(CODED, said, strict=True) for problem in coded(name, value))


def coded(name: str, value: Any) -> tuple[Problem, ...]:
    """One answer in codes, several codes, or so many times."""
    if name in _CODES:
        codes = _CODES[name]
        if value is None or value in _known(codes):
            return ()
        return (Problem(name, f"没有代码 {value}。可以填 {_choices(codes)}。"),)
    if name in _LISTS:
        codes, message = _LISTS[name]
        return () if _known(codes).issuperset(value) else (Problem(name, message),)
    return () if 0 <= value <= MOST_TIMES else (Problem(name, f"次数要在 0 至 {MOST_TIMES} 之间。"),)


def medicines(field: str, drugs: tuple[Drug, ...]) -> list[Problem]:
    found = []
    if len(drugs) > MOST_DRUGS:
        found.append(Problem(field, f"最多填 {MOST_DRUGS} 种药。"))
    if any(not drug.name for drug in drugs):
        found.append(Problem(field, "填了剂量，请填药名。"))
    if any(len(drug.name) > 60 for drug in drugs):
        found.append(Problem(field, "药名太长，最多 60 个字。"))
    return found


def _choices(codes: type) -> str:
    return "、".join(f"{value} {label}" for value, label in codes.choices)  # type: ignore[attr-defined]
