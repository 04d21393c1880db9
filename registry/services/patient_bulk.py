"""Many new files at once: the same rows that register_patient() writes, set by set."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts import audit
from accounts.models import AuditEvent, Division, User
from registry.models import Consent, Diagnosis, DutyPeriod, EconomicStatus, Guardian, Patient, PatientStatus
from registry.queries.places import Place
from registry.rules.person import PersonFacts
from registry.rules.plan import FirstFacts, first_facts
from registry.services.addresses import first_addresses
from registry.services.identity import next_numbers, temporary_number
from registry.services.registration import columns_of
from registry.services.staging import insert_models

BECAUSE = "批量导入"


@dataclass(frozen=True)
class NewFile:
    facts: PersonFacts
    place: Place
    household: int | None
    row: int = 0  # of the file, for the report


def open_files(files: Sequence[NewFile], *, by: User) -> list[NewFile]:
    """Open every file of the sequence; answers those refused because the number is on file somewhere.

    The caller has checked rights, facts and places. Must stand in one transaction with the caller's scope.
    """
    patients = _patients(files)
    written = insert_models(
        [patients[index] for index in range(len(files))],
        returning=("uuid", "id"),
        conflict="ON CONFLICT (id_index) DO NOTHING",
    )
    keys: dict[UUID, int] = {UUID(str(uuid)): key for uuid, key in written}
    rows: dict[str, list[Any]] = defaultdict(list)
    refused = []
    for file, patient in zip(files, patients, strict=True):
        if patient.uuid not in keys:
            refused.append(file)
            continue
        patient.pk = keys[patient.uuid]
        _facts(rows, patient, file, first_facts(file.facts))
    for found in rows.values():
        insert_models(found)
    _record([p for p in patients if p.uuid in keys], by)
    return refused


def _patients(files: Sequence[NewFile]) -> list[Patient]:
    by_county: dict[int, int] = defaultdict(int)
    for file in files:
        by_county[file.place.county] += 1
    numbers = {county: iter(next_numbers(county, count)) for county, count in by_county.items()}
    codes = dict(Division.objects.filter(pk__in=by_county).values_list("pk", "code"))
    found = []
    for file in files:
        first, place = first_facts(file.facts), file.place
        patient = Patient(**columns_of(file.facts), status=first.status, closed_on=first.closed_on)
        patient.village_id, patient.household_division_id = place.village, file.household
        patient.duty_township, patient.duty_county, patient.at_township = place.township, place.county, place.township
        patient.number = next(numbers[place.county])
        if not file.facts.id_number:
            patient.temporary_number = temporary_number(codes[place.county], patient.number)
        found.append(patient)
    return found


def _facts(rows: dict[str, list[Any]], patient: Patient, file: NewFile, first: FirstFacts) -> None:
    facts, opened = file.facts, patient.opened_on
    rows["address"] += first_addresses(patient)
    for row in first.statuses:
        rows["status"].append(PatientStatus(
            patient=patient, starts_on=row.starts_on, value=row.value, reason=row.reason, death_cause=row.death_cause
        ))  # fmt: skip
    rows["duty"].append(DutyPeriod(
        patient=patient, starts_on=opened, township_id=file.place.township, county_id=file.place.county
    ))  # fmt: skip
    rows["diagnosis"].append(Diagnosis(
        patient=patient, starts_on=first.diagnosis_from, code=facts.diagnosis or "", icd10=facts.icd10 or "",
        hospital=facts.diagnosing_hospital or "", diagnosed_on=facts.diagnosed_on,
    ))  # fmt: skip
    if first.guardian_from and facts.guardian_name:
        rows["guardian"].append(Guardian(
            patient=patient, starts_on=first.guardian_from, name=facts.guardian_name,
            relation=facts.guardian_relation or "", phone=facts.guardian_phone, id_number=facts.guardian_id_number,
        ))  # fmt: skip
    if first.consent_from and facts.consent is not None:
        rows["consent"].append(Consent(
            patient=patient, starts_on=first.consent_from, agreed=facts.consent, signer=facts.consent_signer or ""
        ))  # fmt: skip
    if first.economy_from and facts.poor is not None:
        rows["economy"].append(EconomicStatus(patient=patient, starts_on=first.economy_from, poor=facts.poor))


def _record(patients: Sequence[Patient], by: User) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(**audit.event_facts(
            "registry.patient.registered", patient, by=by, person=patient.uuid, because=BECAUSE
        ))
        for patient in patients
    )  # fmt: skip
