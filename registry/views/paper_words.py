"""Report cards and discharge notices in words: templates get these, never the model."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.doors import can
from accounts.models import User
from accounts.terms import Permission
from registry.forms.hospital import CardForm, DischargeForm, HospitalForm
from registry.models import ReportCard
from registry.models.card import AnyPaper
from registry.queries.cards import discharge_clock, entry_clock, first_visit_clock, name_of, running_clock
from registry.queries.clocks import Clocks
from registry.rules.cards import CARDS
from registry.rules.clocks import Clock
from registry.rules.discharges import DISCHARGES
from registry.rules.masking import mask_id, mask_phone
from registry.terms import CardState, DischargeState, Held
from registry.views.papers import Line, lines_of

S, D = CardState, DischargeState
TONES = {"draft": "caution", "sent": "caution", "at_county": "caution", "correcting": "urgent", "accepted": "good",
         "needs_card": "caution"}  # fmt: skip
SEALED = ("id_number",)
PHONES = ("contact_phone", "contact_phone2", "phone")
CARD_ACTS = {
    (S.DRAFT, S.SENT): "registry:card_edit",
    (S.SENT, S.ACCEPTED): "registry:card_accept",
    (S.SENT, S.AT_COUNTY): "registry:card_hold",
    (S.AT_COUNTY, S.SENT): "registry:card_address",
    (S.ACCEPTED, S.CORRECTING): "registry:card_correct",
    (S.DRAFT, S.WITHDRAWN): "registry:card_correct",
    (S.SENT, S.WITHDRAWN): "registry:card_correct",
    (S.AT_COUNTY, S.WITHDRAWN): "registry:card_correct",
    (S.CORRECTING, S.WITHDRAWN): "registry:card_settle",
}
DISCHARGE_ACTS = {
    (D.SENT, D.ACCEPTED): "registry:discharge_accept",
    (D.SENT, D.AT_COUNTY): "registry:discharge_hold",
    (D.NEEDS_CARD, D.AT_COUNTY): "registry:discharge_hold",
    (D.AT_COUNTY, D.SENT): "registry:discharge_address",
}


@dataclass(frozen=True)
class Row:
    href: str
    name: str
    number: str
    hospital: str
    place: str
    day: date
    state: str
    tone: str
    clock: Clock | None

    @property
    def warning(self) -> str:
        return self.clock.warning if self.clock else ""


def paper_row(paper: AnyPaper, has: Clocks) -> Row:
    is_card = isinstance(paper, ReportCard)
    place = paper.township.name if paper.township else "没有写明乡镇"
    return Row(
        reverse("registry:card" if is_card else "registry:discharge", args=[paper.uuid]), name_of(paper), paper.number,
        paper.hospital.name, place, paper.diagnosed_on if is_card else paper.discharged_on,
        paper.get_state_display(), TONES.get(paper.state, ""), running_clock(paper, has),
    )  # fmt: skip


@dataclass(frozen=True)
class Shown:
    paper: AnyPaper
    row: Row
    sections: list[tuple[str, list[Line]]]
    clocks: list[tuple[str, Clock]]
    acts: list[tuple[str, str]]  # address, verb; the first is the primary one
    note: str
    held: str
    correction: dict[str, Any]

    @property
    def warnings(self) -> list[str]:
        return sorted({clock.warning for _label, clock in self.clocks if clock.warning})


def form_of(paper: AnyPaper) -> HospitalForm:
    """The paper's fields with their words; the places are answered by the row itself."""
    kind = CardForm if isinstance(paper, ReportCard) else DischargeForm
    return kind(places=[])


def masked(content: dict[str, Any]) -> dict[str, Any]:
    said = dict(content)
    said |= {name: mask_id(str(said[name])) for name in SEALED if said.get(name)}
    return said | {name: mask_phone(str(said[name])) for name in PHONES if said.get(name)}


def sections_of(paper: AnyPaper, *, mask: bool = True) -> list[tuple[str, list[Line]]]:
    form = form_of(paper)
    said = form.shown(masked(paper.said) if mask else paper.said)
    home = f"{paper.township.name}" if paper.township else "外县或不详"
    found = []
    for title, fields in form.sections():
        asked = {field.name: field.field for field in fields if field.name != "residence_code"}
        lines = [line for line in lines_of(asked, said) if line.text or any(chosen for *_x, chosen in line.options)]
        if any(field.name == "residence_code" for field in fields):
            lines.insert(0, Line("现住地", text=home))
        if lines:
            found.append((title, lines))
    return found


def acts_of(paper: AnyPaper, user: User) -> list[tuple[str, str]]:
    is_card = isinstance(paper, ReportCard)
    machine, pages = (CARDS, CARD_ACTS) if is_card else (DISCHARGES, DISCHARGE_ACTS)
    found: dict[str, str] = {}
    for one in machine.from_state(paper.state):
        name = pages.get((one.before, one.after))
        if name and one.who is not None and can(user, one.who):
            found.setdefault(name, one.verb)
    if not is_card and paper.state == D.NEEDS_CARD and can(user, Permission.REPORT_CARD):
        return [(f"{reverse('registry:card_new')}?discharge={paper.uuid}", "补报告卡")]
    return [(reverse(name, args=[paper.uuid]), verb) for name, verb in found.items()]


def clocks_of(paper: AnyPaper, has: Clocks) -> list[tuple[str, Clock]]:
    found: list[tuple[str, Clock | None]] = []
    if isinstance(paper, ReportCard):
        found.append(("录入纸质卡" if paper.paper_on else "确诊后录入", entry_clock(paper, has)))
        running = running_clock(paper, has) if paper.state != S.DRAFT else None
    else:
        found.append(("出院后录入", discharge_clock(paper, has)))
        running = running_clock(paper, has)
    names = {"sent": "乡镇接收", "at_county": "县级处理", "correcting": "按更正结案", "needs_card": "医院补报告卡"}
    found.append((names.get(paper.state, ""), running))
    if paper.state == "accepted":
        found.append(("首次随访", first_visit_clock(paper, has)))
    return [(label, clock) for label, clock in found if clock is not None]


def shown(paper: AnyPaper, user: User, has: Clocks) -> Shown:
    correction = paper.correction if isinstance(paper, ReportCard) else None
    receives = can(user, Permission.RECEIVE_CARD)  # why a paper lies with the county is not the hospital's to know
    held = Held(paper.held_because).label if receives and paper.held_because and paper.state == "at_county" else ""
    note = str(paper.said.get("_note", "")) if receives else ""
    return Shown(
        paper, paper_row(paper, has), sections_of(paper), clocks_of(paper, has), acts_of(paper, user), note, held,
        correction or {},
    )  # fmt: skip
