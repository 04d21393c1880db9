"""表1-8 as it lies on paper: every question, its answers, and the codes in the boxes at the right."""

from typing import Any

from followup.forms.questions import DANGER_LABELS, PANELS, QUESTIONS, Question
from followup.models import Visit
from followup.rules.facts import Drug, VisitFacts
from followup.terms import Stability
from followup.views.questions import said_of
from registry.rules.paper_rows import PaperRow, picked

FIRST_PAGE = ("lost_reason", "death_cause")


def paper(visit: Visit) -> dict[str, Any]:
    facts = VisitFacts.of(visit)
    rows = [row for panel in PANELS for q in panel.questions if not q.ours and (row := _row(q, facts)) is not None]
    rows.append(picked("本次随访分类", Stability.choices, (visit.stability,)))
    return {
        "rows": rows,
        "next_on": visit.next_due_on,
        "doctor": visit.doctor_name or visit.entered_by.display_name,
        "number": f"{visit.patient.number:05d}",
    }


def _row(question: Question, facts: VisitFacts) -> PaperRow | None:
    """One row; an answer that only exists with another (失访说明, 不良反应表现 …) is written behind that one."""
    if question.when[0] or question.name in ("lost_text", "basis", "visited_on"):
        return None if question.name != "visited_on" else PaperRow("随访日期", text=f"{facts.visited_on:%Y-%m-%d}")
    if question.kind == "counts":
        said = [f"{n} {label} {getattr(facts, name)} 次" for n, (name, label) in enumerate(DANGER_LABELS.items(), 1)]
        none = () if facts.dangers else ("7",)
        return PaperRow("危险行为", text="　".join([*said, "7 无"]), boxes=none)
    if question.kind == "drugs":
        return PaperRow(question.label, text="；".join(_drug(drug) for drug in getattr(facts, question.name)))
    if question.codes is None:
        return PaperRow(question.label, text=said_of(question, facts))
    value = getattr(facts, question.name)
    chosen = value if isinstance(value, tuple) else (value,)
    return picked(question.label, question.codes.choices, chosen, text=_behind(question, facts))


def _behind(question: Question, facts: VisitFacts) -> str:
    if question.name == "lost_reason":
        return facts.lost_text
    found = [q for q in QUESTIONS.values() if q.when[0] == question.name and not q.ours]
    return "　".join(f"{q.label}：{words}" for q in found if (words := said_of(q, facts)))


def _drug(drug: Drug) -> str:
    return drug.words
