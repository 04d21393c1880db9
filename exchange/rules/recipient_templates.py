"""A county's template for one kind of agency and occasion: what it must say, how long it holds, how it comes in force."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.rules.items import header, not_for
from exchange.rules.presets import Preset, Section
from exchange.terms import Basis, Rhythm, Situation, TemplateState

S, P = TemplateState, Permission
TEMPLATES_MACHINE = Machine(
    name="recipient_template",
    label="接收模板",
    source="issue 4, Build 1; security 3.7: drafted and proposed by one person, put in force by another within 72 hours",
    states=tuple(S),
    starts=frozenset({S.DRAFT}),
    ends=frozenset({S.REPLACED, S.ENDED, S.DROPPED}),
    steps=(
        Step(S.DRAFT, S.PROPOSED, "提出启用", P.PROPOSE_TEMPLATE, "exchange.template.proposed"),
        Step(S.DRAFT, S.DROPPED, "作废", P.PROPOSE_TEMPLATE, "exchange.template.dropped", needs_reason=True),
        Step(S.PROPOSED, S.DRAFT, "退回", P.ACTIVATE_TEMPLATE, "exchange.template.returned", needs_reason=True),
        Step(S.PROPOSED, S.ACTIVE, "启用", P.ACTIVATE_TEMPLATE, "exchange.template.activated"),
        Step(S.ACTIVE, S.REPLACED, "替换", None, "exchange.template.replaced"),
        Step(S.ACTIVE, S.ENDED, "停用", P.PROPOSE_TEMPLATE, "exchange.template.ended", needs_reason=True),
    ),
)
PROPOSAL_HOURS = 72
ASSESSMENT_YEARS = 3
WARN_DAYS = 60
# A standard prints all its columns; what is not told stays as an empty column.
FIXED = frozenset({Situation.STANDARD, Situation.STANDARD_FULL})


@dataclass(frozen=True)
class TemplateFacts:
    sections: tuple[Section, ...]
    basis: str
    citation: str
    agreement: str
    assessment: str
    assessed_on: date
    starts_on: date


@dataclass(frozen=True)
class Problem:
    field: str
    message: str


def last_day(assessed_on: date) -> date:
    """The last day on which an impact assessment carries a template. Source: issue 4, Build 1; 个人信息保护法 §55–56."""
    year = assessed_on.year + ASSESSMENT_YEARS
    try:
        return assessed_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def is_stale(assessed_on: date, on: date) -> bool:
    return on > last_day(assessed_on)


def is_near_its_end(assessed_on: date, on: date) -> bool:
    return on >= last_day(assessed_on) - timedelta(days=WARN_DAYS)


def is_late(proposed_at: datetime, now: datetime) -> bool:
    """A proposal waits 72 hours. Source: security 3.7."""
    return now > proposed_at + timedelta(hours=PROPOSAL_HOURS)


def problems(facts: TemplateFacts, preset: Preset, *, today: date) -> list[Problem]:
    """What is missing or not allowed; empty when it can be proposed. Source: issue 4, Build 1; security T4."""
    found = [
        Problem(name, sentence)
        for name, text, sentence in (
            ("citation", facts.citation, "请写明依据的法律或文件及条款。"),
            ("agreement", facts.agreement, "请写明与接收单位的协议编号。"),
            ("assessment", facts.assessment, "请写明个人信息保护影响评估报告的编号。"),
        )
        if not text
    ]
    if facts.basis == Basis.EMERGENCY and preset.rhythm is not Rhythm.AT_ONCE:  # 个人信息保护法 §13(4)
        found.append(Problem("basis", "定期交换不是紧急情况。请选“履行法定职责”或“本人同意”。"))
    if facts.assessed_on > today:
        found.append(Problem("assessed_on", "评估日期不能晚于今天。"))
    elif is_stale(facts.assessed_on, max(facts.starts_on, today)):
        found.append(Problem("assessed_on", "到启用日期时评估已满 3 年。请先重新评估，再填新的日期和编号。"))
    if facts.starts_on < today:
        found.append(Problem("starts_on", "启用日期不能早于今天。"))
    return found + _columns(facts.sections, preset)


def _columns(sections: Sequence[Section], preset: Preset) -> list[Problem]:
    shipped = {section.kind: section.items for section in preset.sections}
    found = []
    if not sections:
        found.append(Problem("columns", "至少要有一张名单。"))
    for section in sections:
        allowed = shipped.get(section.kind, ())
        wrong = [item for item in section.items if item not in allowed]
        wrong += [item for item in not_for(preset.agency, preset.situation, section.items) if item not in wrong]
        names = "、".join(header(item) for item in wrong)
        if wrong:
            found.append(Problem("columns", f"“{section.kind.label}”不能有这些栏目：{names}。请去掉。"))
        elif section.items != tuple(item for item in allowed if item in section.items):
            found.append(Problem("columns", f"“{section.kind.label}”的栏目有重复或次序不对。"))
        elif not section.items:
            found.append(Problem("columns", f"“{section.kind.label}”没有选栏目。不需要这张名单的，请整张去掉。"))
        elif preset.situation in FIXED and section.items != allowed:
            found.append(Problem("columns", "标准规定的栏目不能去掉；不提供的内容留空。"))
    if len({section.kind for section in sections}) != len(sections):
        found.append(Problem("columns", "同一张名单写了两次。"))
    return found


def digest(facts: TemplateFacts) -> str:
    """What the second person saw and puts in force, as a number: nothing can be changed in between."""
    content = asdict(facts) | {"sections": [section.as_content() for section in facts.sections]}
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
