"""Which of the four forms a file lacks: one patient in words, many patients in a handful of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import Division
from accounts.prepared import Prepared
from accounts.queries.policy import CountyRules
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from registry.models import Consent, Diagnosis, EconomicStatus, FormSheet, Guardian, Patient
from registry.models.patient import PatientQuerySet
from registry.queries.person import Known, newest
from registry.rules.papers import PAPER_NAMES, FileFacts, PaperKind, PaperState, papers

if TYPE_CHECKING:
    from accounts.models import User

# What the rule looks at; the sealed columns come along unopened and are only asked whether they hold something.
COLUMNS = (
    "uuid", "number", "name", "sex", "birth_on", "id_index", "no_id_reason", "phone_index", "residence_address",
    "household_address", "household_division", "ethnicity", "education", "marital", "employment", "household_kind",
    "onset_on", "diagnosed_on", "diagnosing_hospital", "past_locked", "past_admissions", "last_visit_on", "opened_on",
    "duty_township", "duty_county", "village__name", "village__code",
)  # fmt: skip


def _sheets(patients: list[int]) -> QuerySet[FormSheet]:
    rows = FormSheet.objects.filter(patient__in=patients).defer("answers").select_related("filled_by")
    return rows.order_by("patient_id", "form", "-starts_on").distinct("patient_id", "form")


_SHEETS_OF_ONE = Prepared(lambda key: _sheets([key]), -1)


def sheets_of(patients: Iterable[int]) -> dict[tuple[int, str], FormSheet]:
    """The newest sheet of each form, unopened."""
    keys = list(patients)
    found: Iterable[FormSheet] = _SHEETS_OF_ONE(keys[0]) if len(keys) == 1 else _sheets(keys)
    return {(row.patient_id, row.form): row for row in found}


def states_of(people: Iterable[Patient], today: date) -> dict[int, tuple[PaperState, ...]]:
    """The four forms of each. Five queries for any number, and one a county for its setting."""
    rows = list(people)
    keys = [row.pk for row in rows]
    guardians, diagnoses = newest(Guardian, keys), newest(Diagnosis, keys)
    consents = set(Consent.objects.filter(patient__in=keys).values_list("patient_id", flat=True))
    economies = set(EconomicStatus.objects.filter(patient__in=keys).values_list("patient_id", flat=True))
    sheets = sheets_of(keys)
    rules = CountyRules(today)
    return {
        row.pk: _states(
            row, guardians.get(row.pk), diagnoses.get(row.pk), sheets, rules,
            consent=row.pk in consents, poor_known=row.pk in economies,
        )
        for row in rows
    }  # fmt: skip


def papers_of(patient: Patient, today: date, known: Known | None = None) -> tuple[PaperState, ...]:
    """`known`: what a page about the patient has read already."""
    if known is None:
        return states_of([patient], today)[patient.pk]
    sheets, rules = sheets_of([patient.pk]), CountyRules(today)
    return _states(
        patient, known.guardian, known.diagnosis, sheets, rules,
        consent=known.consent is not None, poor_known=known.economy is not None,
    )  # fmt: skip


def _states(
    row: Patient, guardian: Guardian | None, diagnosis: Diagnosis | None, sheets: Mapping[tuple[int, str], FormSheet],
    rules: CountyRules, *, consent: bool, poor_known: bool,
) -> tuple[PaperState, ...]:  # fmt: skip
    filled = _of_patient(row) | _of_guardian(guardian) | _of_diagnosis(row, diagnosis)
    basics, more = sheets.get((row.pk, "basics")), sheets.get((row.pk, "supplement"))
    return papers(FileFacts(
        filled=frozenset(filled | ({"poor"} if poor_known else set())),
        consent=consent,
        visited=row.last_visit_on is not None,
        basics=None if basics is None else tuple(basics.open_keys),
        supplement=None if more is None else tuple(more.open_keys),
        whole=bool(rules[row.duty_county]["papers_whole"]),
    ))  # fmt: skip


def _of_patient(row: Patient) -> set[str]:
    plain = (
        "sex", "birth_on", "residence_address", "ethnicity", "education", "marital", "employment", "household_kind",
        "onset_on", "past_locked", "diagnosed_on",
    )  # fmt: skip
    filled = {name for name in plain if getattr(row, name)}
    filled |= {"past_admissions"} if row.past_admissions is not None else set()
    filled |= {"id_or_reason"} if row.id_index or row.no_id_reason else set()
    filled |= {"phone"} if row.phone_index else set()
    return filled | ({"household"} if row.household_address or row.household_division_id else set())


def _of_guardian(row: Guardian | None) -> set[str]:
    if row is None:
        return set()
    values = {"guardian_name": row.name, "guardian_relation": row.relation, "guardian_phone": row.phone}
    return {name for name, value in values.items() if value}


def _of_diagnosis(patient: Patient, row: Diagnosis | None) -> set[str]:
    if row is None:
        return set()
    return {"diagnosis"} | ({"hospital"} if row.hospital or patient.diagnosing_hospital else set())


@dataclass(frozen=True)
class TownLine:
    """A township's open files and how many of them lack each form."""

    code: str
    name: str
    files: int
    lacking: dict[PaperKind, int]
    any_lacking: int


@dataclass(frozen=True)
class LackingList:
    towns: list[TownLine]
    people: list[tuple[Patient, tuple[PaperState, ...]]]


def lacking_list(patients: PatientQuerySet, today: date, *, kind: str = "", place: str = "") -> LackingList:
    """Counts by township over all, and the people behind the chosen form and township (all forms when none)."""
    rows = list(patients.filter(closed_on=None).select_related("village").only(*COLUMNS).order_by("pinyin", "id"))
    states = states_of(rows, today)
    towns = {d.pk: d for d in Division.objects.filter(pk__in={row.duty_township for row in rows})}
    lines = []
    for pk, town in sorted(towns.items(), key=lambda pair: pair[1].code):
        own = [states[row.pk] for row in rows if row.duty_township == pk]
        counts = {k: sum(not s.is_there for state in own for s in state if s.kind == k) for k in PAPER_NAMES}
        lines.append(TownLine(town.code, town.name, len(own), counts, sum(_lacks(s, "") for s in own)))
    people = [
        (row, states[row.pk])
        for row in rows
        if _lacks(states[row.pk], kind) and (not place or towns[row.duty_township].code == place)
    ]
    return LackingList(lines, people)


def _lacks(states: Iterable[PaperState], kind: str) -> bool:
    return any(not state.is_there and kind in ("", state.kind) for state in states)


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """四表缺项: a line for each township of the user's own, with how many lack what; the list behind it names them.

    A county office has the list by township; counting all its files anew for every look at the day would be slow.
    """
    towns = where(user, Permission.EDIT_PATIENT).townships
    if not towns:
        return []
    lines = []
    for town in lacking_list(Patient.objects.filter(duty_township__in=towns), today).towns:
        if not town.any_lacking:
            continue
        parts = "，".join(f"缺{PAPER_NAMES[kind]} {n} 人" for kind, n in town.lacking.items() if n)
        lines.append(
            WorkItem(
                topic=Topic.FILES, verb="看缺项名单", name=f"{town.name}四表缺项", place="", due_on=None,
                href=f"{reverse('registry:papers_lacking')}?place={town.code}", urgency=Urgency.LATER,
                why=f"{town.any_lacking} 人：{parts}。",
            )
        )  # fmt: skip
    return lines
