"""The four forms in words for their pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from registry.models import Consent, Patient
from registry.rules.consent import UNSIGNED
from registry.rules.papers import PAPER_NUMBERS, PaperKind, PaperState, chip_words
from registry.terms import SERVED
from registry.views.cards import number_of


@dataclass(frozen=True)
class PaperLine:
    name: str
    number: str
    missing: str
    edit: str
    verb: str
    print: str


@dataclass(frozen=True)
class ConsentLine:
    on: str
    way: str
    served: bool
    about: str
    scan: UUID | None


@dataclass(frozen=True)
class LackingRow:
    name: str
    number: str
    place: str
    opened: str
    words: str
    href: str


def paper_lines(uuid: UUID, states: Iterable[PaperState]) -> list[PaperLine]:
    edits = {
        PaperKind.CONSENT: (reverse("registry:consent_new", args=[uuid]), "登记"),
        PaperKind.BASICS: (reverse("registry:sheet_edit", args=[uuid, "basics"]), "填写"),
        PaperKind.SUPPLEMENT: (reverse("registry:sheet_edit", args=[uuid, "supplement"]), "填写"),
        PaperKind.FIRST_VISIT: ("", ""),
    }
    found = []
    for state in states:
        edit, verb = edits[state.kind]
        printed = reverse("registry:paper_print", args=[uuid, state.kind]) if state.kind in PAPER_NUMBERS else ""
        found.append(PaperLine(
            state.name, PAPER_NUMBERS.get(state.kind, "表1-8"), "、".join(state.missing), edit, verb, printed
        ))  # fmt: skip
    return found


def consent_lines(rows: Iterable[Consent]) -> list[ConsentLine]:
    found = []
    for row in rows:
        relation = f"（{row.get_relation_display()}）" if row.relation else ""
        parts = (
            f"{row.get_signer_display()}{relation}签字" if row.signer else UNSIGNED if row.is_unsigned else "",
            f"文本 {row.text_version}" if row.text_version else "",
            f"谈话医生 {row.doctor}" if row.doctor else "",
            row.reason,
        )
        about = "；".join(part for part in parts if part)
        scan = row.scan.uuid if row.scan else None
        found.append(ConsentLine(row.starts_on.isoformat(), row.way.label, row.way in SERVED, about, scan))
    return found


def lacking_rows(people: Iterable[tuple[Patient, tuple[PaperState, ...]]]) -> list[LackingRow]:
    return [
        LackingRow(
            patient.name, number_of(patient), patient.village.usual_name if patient.village else "",
            patient.opened_on.isoformat(), chip_words(states), reverse("registry:patient_papers", args=[patient.uuid]),
        )
        for patient, states in people
    ]  # fmt: skip
