"""The patients file. New people go in by sets of 5,000; of known ones what differs is parked, or taken when asked.

Source: import files of the outside contract. Idempotent: the same file again creates nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can
from accounts.models import User
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import FieldGroup, Permission, Purpose
from registry.models import Patient
from registry.queries.person import facts_of
from registry.queries.places import Place, divisions_by_code, places_by_code
from registry.rules.patient_row import COLUMNS, IGNORED_COLUMNS, REQUIRED_COLUMNS, read_patient_row
from registry.rules.person import LABELS, PersonFacts, Problem, check_person, differences
from registry.rules.table import RowRefusal, Table, check_columns
from registry.services.changes import change_patient
from registry.services.id_checks import ask_county
from registry.services.identity import id_index
from registry.services.importing import ImportResult, blocks, in_block
from registry.services.parking import park
from registry.services.patient_bulk import BECAUSE, NewFile, open_files
from registry.services.patient_changes import PLAIN_COLUMNS, change_columns
from registry.services.refusals import FactsRefused, IdKnown, OutsideArea
from registry.services.registration import NO_DIVISION, place_for

ROUTE = "import_patients"
GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.CONSENT)


@dataclass(frozen=True)
class Said:
    row: int
    facts: PersonFacts
    place: Place
    household: int | None

    @property
    def key(self) -> tuple[object, ...]:
        """The ID number; without one, name, place and opening date tell two rows apart."""
        facts = self.facts
        return (facts.id_number,) if facts.id_number else (facts.name, facts.residence_code, facts.opened_on)


def import_patients(
    *, table: Table, by: User, dry_run: bool = False, accept: bool = False, source: str = ""
) -> ImportResult:
    """Import a patients file as `by`. What differs from the register is parked; `accept` takes it at once.

    Raises: Denied, TableRefused (before any row).
    """
    authorise(by, Permission.IMPORT_REGISTER)
    check_columns(table, known=(*COLUMNS, *IGNORED_COLUMNS), required=REQUIRED_COLUMNS)
    result = ImportResult()
    said = _said(table, by, result, timezone.localdate())
    for block in blocks(said):
        with scope(by, route=ROUTE):
            in_block(lambda block=block: _write(block, by, result, accept, source), dry_run=dry_run)  # type: ignore[misc]
    return result


def _said(table: Table, by: User, result: ImportResult, today: date) -> list[Said]:
    read = []
    for row in table.rows:
        facts, problems = read_patient_row(row, today=today)
        if facts is None:
            result.refuse(problems)
        else:
            read.append((row.number, facts))
    places = places_by_code(facts.residence_code or "" for _, facts in read)
    households = divisions_by_code(facts.household_code or "" for _, facts in read)
    found: list[Said] = []
    first_row: dict[tuple[object, ...], int] = {}
    for number, facts in read:
        try:
            place = place_for(facts, places, by)
        except OutsideArea as refusal:
            result.refuse([_refusal(number, refusal, facts)])
            continue
        household = households.get(facts.household_code or "")
        if facts.household_code and household is None:
            result.refusals.append(
                RowRefusal(number, LABELS["household_code"], facts.household_code, NO_DIVISION.message, remark=True)
            )
            facts = replace(facts, household_code=None)
        one = Said(number, facts, place, household)
        if (earlier := first_row.setdefault(one.key, number)) != number:
            same = f"与第 {earlier} 行是同一个人。请只留一行。"
            result.refuse([RowRefusal(number, LABELS["id_number"], facts.id_number or "", same)])
            continue
        found.append(one)
    return found


def _refusal(row: int, refusal: Refused, facts: PersonFacts) -> RowRefusal:
    value = getattr(facts, refusal.field, None) if refusal.field in LABELS else None
    return RowRefusal(row, LABELS.get(refusal.field, ""), "" if value is None else str(value), refusal.message)


def _write(block: Sequence[Said], by: User, result: ImportResult, accept: bool, source: str) -> None:
    known = _known(block, by)
    before = facts_of(known.values())
    fresh: list[NewFile] = []
    differing: list[tuple[Said, Patient, dict[str, Any]]] = []
    for one in block:
        patient = known.get(one.key)
        if patient is None:
            fresh.append(NewFile(one.facts, one.place, one.household, one.row))
        elif changes := differences(before[patient.pk], one.facts):
            differing.append((one, patient, changes))
        else:
            result.counts.unchanged += 1
    if accept:
        _accept(differing, before, by, result)
    else:
        _park(differing, before, by, result, source)
    refused = open_files(fresh, by=by)
    result.counts.created += len(fresh) - len(refused)
    for file in refused:
        ask_county(number=file.facts.id_number or "", name=file.facts.name or "", place=file.place, by=by)
        result.refuse([_refusal(file.row, IdKnown(), file.facts)])


def _known(block: Sequence[Said], by: User) -> dict[tuple[object, ...], Patient]:
    """Files of the block that the importer can see, by the key of their row."""
    reach = Patient.objects.visible_to(by).select_related("village", "household_division")
    numbers = {bytes(index): one for one in block if (index := id_index(one.facts.id_number))}
    found = {}
    for patient in reach.filter(id_index__in=list(numbers)):
        found[numbers[bytes(patient.id_index or b"")].key] = patient
    nameless = [one for one in block if not one.facts.id_number]
    same = reach.filter(
        id_index=None,
        name__in={one.facts.name for one in nameless},
        opened_on__in={one.facts.opened_on for one in nameless},
    )
    for patient in same:
        for one in nameless:
            lives = patient.village_id == one.place.village and patient.duty_township == one.place.township
            if lives and (patient.name, patient.opened_on) == (one.facts.name, one.facts.opened_on):
                found[one.key] = patient
    audit.saw((patient.uuid for patient in found.values()), GROUPS, Purpose.IMPORT)
    return found


def _park(
    rows: Sequence[tuple[Said, Patient, dict[str, Any]]], before: dict[int, PersonFacts], by: User,
    result: ImportResult, source: str,
) -> None:  # fmt: skip
    """What cannot be true is refused as it would be at once; the rest waits, and the row says so."""
    good = []
    for one, patient, changes in rows:
        if problems := _problems(before[patient.pk], changes):
            result.refuse(_refusals(one, problems))
            continue
        good.append((patient, changes))
        result.counts.unchanged += 1
        names = "、".join(LABELS[name] for name in changes)
        result.refusals.append(RowRefusal(one.row, "", "", f"与现有资料不同，已存为待核对：{names}。", remark=True))
    park(good, by=by, source=source)


def _accept(
    rows: Sequence[tuple[Said, Patient, dict[str, Any]]], before: dict[int, PersonFacts], by: User, result: ImportResult
) -> None:
    """Rows that change plain columns only go in as one set; those with dated facts one by one."""
    plain = []
    for one, patient, changes in rows:
        if changes.keys() <= PLAIN_COLUMNS and can(by, Permission.EDIT_PATIENT, patient):
            if problems := _problems(before[patient.pk], changes):
                result.refuse(_refusals(one, problems))
            else:
                plain.append((patient, changes))
        else:
            _change(patient, one, by, result)
    result.counts.updated += change_columns(plain, by=by, because=BECAUSE)


def _problems(before: PersonFacts, changes: dict[str, Any]) -> list[Problem]:
    """What the change itself would make untrue."""
    today = timezone.localdate()
    known = check_person(before, today=today)
    return [found for found in check_person(before.merged(changes), today=today) if found not in known]


def _refusals(one: Said, problems: Sequence[Problem]) -> list[RowRefusal]:
    return [
        RowRefusal(one.row, LABELS[p.field], str(getattr(one.facts, p.field, None) or ""), p.message) for p in problems
    ]


def _change(patient: Patient, one: Said, by: User, result: ImportResult) -> None:
    try:
        changes = change_patient(patient=patient, said=one.facts, by=by, because=BECAUSE)
    except FactsRefused as refusal:
        result.refuse(_refusals(one, refusal.problems))
    except Refused as refusal:
        result.refuse([_refusal(one.row, refusal, one.facts)])
    else:
        if changes:
            result.counts.updated += 1
        else:
            result.counts.unchanged += 1
