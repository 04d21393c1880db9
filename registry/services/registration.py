"""Opening a file (建档)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import where
from accounts.models import Division, User
from accounts.refusals import Denied
from accounts.terms import Permission
from registry.models import Consent, Diagnosis, DutyPeriod, EconomicStatus, Guardian, Patient, PatientStatus
from registry.queries.away import household_township
from registry.queries.places import Place, divisions_by_code, places_by_code
from registry.rules.away import household_to_tell
from registry.rules.names import spell
from registry.rules.person import PersonFacts, Problem, check_person
from registry.rules.plan import FirstFacts, first_facts
from registry.services.addresses import first_addresses
from registry.services.id_checks import ask_county
from registry.services.identity import id_index, neutral, next_numbers, phone_index, refuse_known, temporary_number
from registry.services.notices import tell
from registry.services.refusals import FactsRefused, IdKnown, OutsideArea
from registry.services.staging import insert_models
from registry.terms import NoticeKind

COPIED = (
    "birth_on", "onset_on", "diagnosed_on", "opened_on", "past_danger", "past_locked", "past_admissions", "id_number",
    "phone", "disability_number",
)  # fmt: skip
TEXTS = (
    "name", "sex", "no_id_reason", "ethnicity", "household_kind", "education", "marital", "employment",
    "residence_address", "household_address", "diagnosing_hospital",
)  # fmt: skip
NO_DIVISION = Problem("household_code", "没有这个区划代码。请核对代码。")


def columns_of(facts: PersonFacts) -> dict[str, Any]:
    """Columns of the patient's row that follow from the facts alone: the same for one file and for five thousand."""
    spelling = spell(facts.name or "")
    return {
        **{name: getattr(facts, name) for name in COPIED},
        **{name: getattr(facts, name) or "" for name in TEXTS},
        "pinyin": spelling.pinyin,
        "initials": spelling.initials,
        "id_index": id_index(facts.id_number),
        "phone_index": phone_index(facts.phone),
    }


def place_for(facts: PersonFacts, places: dict[str, Place], by: User) -> Place:
    """Where the file belongs. Raises: OutsideArea, also for a code that does not exist here."""
    place = places.get(facts.residence_code or "")
    reach = where(by, Permission.REGISTER_PATIENT)
    if place is None or not (place.township in reach.townships or place.county in reach.counties):
        raise OutsideArea
    return place


def household_of(facts: PersonFacts, divisions: dict[str, int]) -> int | None:
    """Key of the household division. Raises: FactsRefused for an unknown code."""
    if facts.household_code is None:
        return None
    found = divisions.get(facts.household_code)
    if found is None:
        raise FactsRefused([NO_DIVISION])
    return found


def register_patient(*, facts: PersonFacts, by: User) -> Patient:
    """Open a file with all its first dated facts.

    Source: 管理治疗工作规范 2018 建档; indicators "hold from 建档日期 until changed".
    Raises: Denied, OutsideArea, FactsRefused, IdKnown (neutral), TooManyQuestions.
    """
    reach = where(by, Permission.REGISTER_PATIENT)
    if not (reach.townships or reach.counties):
        raise Denied
    if problems := check_person(facts, today=timezone.localdate()):
        raise FactsRefused(problems)
    place = place_for(facts, places_by_code([facts.residence_code or ""]), by)
    household = household_of(facts, divisions_by_code([facts.household_code or ""]))
    try:
        if facts.id_number:
            refuse_known(facts.id_number)  # outside the block below: a refusal must not take the count back
        with transaction.atomic():
            return _open(facts, place, household, by)
    except IdKnown:
        ask_county(number=facts.id_number or "", name=facts.name or "", place=place, by=by)
        raise


def _open(facts: PersonFacts, place: Place, household: int | None, by: User) -> Patient:
    first = first_facts(facts)
    patient = Patient(**columns_of(facts), status=first.status, closed_on=first.closed_on)
    patient.village_id, patient.household_division_id = place.village, household
    patient.duty_township, patient.duty_county, patient.at_township = place.township, place.county, place.township
    patient.number = next_numbers(place.county, 1)[0]
    if not facts.id_number:
        patient.temporary_number = temporary_number(Division.objects.get(pk=place.county), patient.number)
    with neutral():
        patient.save(force_insert=True)
    _write_facts(patient, facts, first, place)
    insert_models(first_addresses(patient))
    audit.record("registry.patient.registered", patient, by=by, person=patient.uuid)
    _tell_household(patient, by)
    return patient


def _tell_household(patient: Patient, by: User) -> None:
    """The clinic of the household registration learns who keeps the file. Source: 邹城 三(三); 规范2018."""
    home = household_to_tell(household_township(patient), duty=patient.duty_township, destination=None)
    if home is None or patient.closed_on is not None:
        return
    town = Division.objects.select_related("parent").get(pk=patient.duty_township)
    words = f"户籍在您这里的{patient.name}经常居住在{town.parent}{town}，已由当地建档管理。"
    tell(kind=NoticeKind.HOUSEHOLD, words=words, by=by, patient=patient, to_township=home)


def _write_facts(patient: Patient, facts: PersonFacts, first: FirstFacts, place: Place) -> None:
    for row in first.statuses:
        PatientStatus.objects.create(
            patient=patient, starts_on=row.starts_on, value=row.value, reason=row.reason, death_cause=row.death_cause
        )
    opened = patient.opened_on
    DutyPeriod.objects.create(patient=patient, starts_on=opened, township_id=place.township, county_id=place.county)
    Diagnosis.objects.create(
        patient=patient, starts_on=first.diagnosis_from, code=facts.diagnosis or "", icd10=facts.icd10 or "",
        hospital=facts.diagnosing_hospital or "", diagnosed_on=facts.diagnosed_on,
    )  # fmt: skip
    if first.guardian_from and facts.guardian_name:
        Guardian.objects.create(
            patient=patient, starts_on=first.guardian_from, name=facts.guardian_name,
            relation=facts.guardian_relation or "", phone=facts.guardian_phone, id_number=facts.guardian_id_number,
        )  # fmt: skip
    if first.consent_from and facts.consent is not None:
        Consent.objects.create(
            patient=patient, starts_on=first.consent_from, agreed=facts.consent, signer=facts.consent_signer or ""
        )
    if first.economy_from and facts.poor is not None:
        EconomicStatus.objects.create(patient=patient, starts_on=first.economy_from, poor=facts.poor)
