"""A clue in words: templates get these, never the model."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.rules.places import usual_name
from accounts.terms import Permission
from registry.models import Clue, OwnClue
from registry.queries.clocks import Clocks
from registry.queries.clues import AGAIN, BARE, clue_clock, idle_words, name_of
from registry.rules.clocks import Clock
from registry.rules.clues import MACHINE, QUESTIONS, suggests_diagnosis
from registry.rules.masking import mask_id
from registry.terms import ClueSource, ClueState, DiagnosisCode, Sex

S = ClueState
TONES = {S.REPORTED: "caution", S.CONFIRMED: "info", S.REGISTERED: "good", S.WATCHED: "info", S.DECLINED: "caution"}
LABELS = {
    "sex": "性别", "age": "年龄", "id_number": "身份证号", "phone": "本人电话", "address": "详细地址",
    "contact": "监护人或知情人", "contact_phone": "监护人或知情人电话", "remark": "补充说明",
}  # fmt: skip
LEARNED = {
    "visited_on": "核实日期", "surveyor": "调查人", "advice": "是否建议就诊", "found": "核实情况",
    "sent_on": "送诊日期", "sent_to": "送诊医院", "result_on": "得出结果日期", "diagnosis": "诊断", "icd10": "ICD-10",
    "hospital": "诊断医院", "doctor": "诊断医师", "reason": "原因",
}  # fmt: skip
STEPS = {
    S.ASSIGNED: ("registry:clue_assign", "分派"),
    S.VISITED: ("registry:clue_survey", "记录核实"),
    S.SENT: ("registry:clue_send", "送诊"),
    S.REGISTERED: ("registry:clue_register", "建档"),
    S.DUPLICATE: ("", ""),  # offered beside the clue that it repeats
}


@dataclass(frozen=True)
class Row:
    href: str
    name: str
    place: str
    source: str
    day: date
    state: str
    tone: str
    clock: Clock | None
    note: str = ""

    @property
    def warning(self) -> str:
        return self.clock.warning if self.clock else ""


def clue_row(clue: Clue, has: Clocks) -> Row:
    place = f"{clue.township.name}{clue.village.usual_name if clue.village else ''}"
    note = f"{clue.again_on} 再次核实" if clue.state in AGAIN and clue.again_on else idle_words(clue, has)
    return Row(
        reverse("registry:clue", args=[clue.uuid]), name_of(clue), place, clue.get_source_display(),
        timezone.localtime(clue.entered_at).date(), clue.get_state_display(), TONES.get(S(clue.state), ""),
        clue_clock(clue, has), note,
    )  # fmt: skip


def own_row(clue: OwnClue) -> Row:
    name = str(clue.report.get("name") or "姓名不详") if clue.told is not None else "个人信息已删去"
    return Row(
        "", name, usual_name(clue.area), ClueSource(clue.source).label, timezone.localtime(clue.entered_at).date(),
        BARE[clue.bare_state], "good" if clue.bare_state == "done" else "", None, f"{clue.entered_by_name}报告",
    )  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One clue as its page shows it."""

    clue: Clue
    row: Row
    told: list[tuple[str, str]]
    items: list[str]
    suggests: bool
    learned: list[tuple[str, str]]
    acts: list[tuple[str, str]]  # address, verb; the first is the primary one
    can_link: bool


def _said(labels: dict[str, str], words: dict[str, object]) -> list[tuple[str, str]]:
    found = []
    for name, label in labels.items():
        value = words.get(name)
        if value in (None, ""):
            continue
        text = str(value)
        if name == "sex":
            text = Sex(text).label
        elif name == "id_number":
            text = mask_id(text)
        elif name == "advice":
            text = "建议" if text == "1" else "不建议"
        elif name == "diagnosis":
            text = DiagnosisCode(text).label
        found.append((label, text))
    return found


def acts_of(clue: Clue) -> list[tuple[str, str]]:
    """The buttons: each step of the machine that has a page of its own, and one for all results."""
    ways = [step for step in MACHINE.from_state(clue.state) if step.who is Permission.HANDLE_CLUE]
    found = []
    for step in ways:
        if step.after is S.REGISTERED and clue.state != S.CONFIRMED:
            continue
        page = STEPS.get(step.after)
        if page and page[0] and page not in found:
            found.append((page[0], step.verb))
    if any(step.after not in STEPS for step in ways):
        found.append(("registry:clue_outcome", "记录结果"))
    return [(reverse(name, args=[clue.uuid]), verb) for name, verb in found]


def shown(clue: Clue, has: Clocks) -> Shown:
    can_link = any(step.after is S.REGISTERED for step in MACHINE.from_state(clue.state))
    return Shown(
        clue, clue_row(clue, has), _said(LABELS, clue.report), [f"{n} {QUESTIONS[n]}" for n in clue.items],
        suggests_diagnosis(clue.items), _said(LEARNED, {"visited_on": clue.visited_on, **clue.survey}), acts_of(clue),
        can_link,
    )  # fmt: skip
