"""Changing what is on file: form, API and import all come here with what was said; what was not said stays."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Conflict
from accounts.terms import Permission
from registry import signals
from registry.models import (
    Consent,
    Diagnosis,
    DutyPeriod,
    EconomicStatus,
    Guardian,
    Patient,
    PatientStatus,
)
from registry.queries.person import facts_of, newest
from registry.queries.places import divisions_by_code, places_by_code
from registry.rules.names import spell
from registry.rules.person import ENDINGS, LABELS, SEALED, PersonFacts, Problem, check_person, differences
from registry.rules.plan import ENDING_OF, IMPORTED
from registry.services.addresses import begin_with_file, keep_addresses
from registry.services.facts import locked, put_fact
from registry.services.identity import id_index, neutral, phone_index, refuse_known
from registry.services.moves import move_patient
from registry.services.refusals import DayRefused, FactsRefused
from registry.services.registration import COPIED, NO_DIVISION, TEXTS, place_for
from registry.services.status import end_file
from registry.terms import AddressSource

_OPENING_FACTS = (PatientStatus, DutyPeriod, Diagnosis, Guardian, Consent, EconomicStatus)
_NO_PAPER: dict[str, Any] = {
    "path": "", "relation": "", "reason": "", "doctor": "", "text_version": "", "scan": None,
}  # fmt: skip


def change_patient(
    *,
    patient: Patient,
    said: PersonFacts,
    by: User,
    version: int | None = None,
    clearable: frozenset[str] = frozenset(),
    because: str = "",
    on: date | None = None,
) -> dict[str, Any]:
    """Bring a file up to what was said; answers the changed fields with their new values (empty: nothing differed).

    `version`: what the person had open; another one now answers 409 with both texts. `clearable`: fields that an
    empty answer empties (a form shows them; a file row never does). Facts without a date of their own hold from `on`,
    today by default. Raises: Denied, Conflict, FactsRefused, IdKnown, OutsideArea, DayRefused, Refused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    if version is not None and version != patient.version:  # no answer about a number without a change
        raise conflict(facts_of([patient])[patient.pk], said, patient.version)
    if said.id_number and id_index(said.id_number) != bytes(patient.id_index or b""):
        refuse_known(said.id_number)  # outside the block below: a refusal must not take the count back
    with transaction.atomic():
        return _change(patient, said, version, clearable, by=by, because=because, on=on or timezone.localdate())


def _change(
    patient: Patient,
    said: PersonFacts,
    version: int | None,
    clearable: frozenset[str],
    *,
    by: User,
    because: str,
    on: date,
) -> dict[str, Any]:
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    before = facts_of([patient])[patient.pk]
    if version is not None and version != patient.version:
        raise conflict(before, said, patient.version)
    changes = differences(before, said, clearable=clearable)
    if not changes:
        return {}
    today = timezone.localdate()
    known = check_person(before, today=today)  # what was already wrong is not this change's fault
    if problems := [p for p in check_person(before.merged(changes), today=today) if p not in known]:
        raise FactsRefused(problems)
    _apply(patient, before, said, changes, by=by, on=on)
    audit.record(
        "registry.patient.changed", patient, by=by, person=patient.uuid, because=because,
        facts={"fields": sorted(changes)},
    )  # fmt: skip
    return changes


def conflict(before: PersonFacts, said: PersonFacts, version: int) -> Conflict:
    """Both texts of every field that was sent, so that nothing typed is lost. Encrypted values only say "different"."""
    theirs: dict[str, object] = {"version": version}
    mine: dict[str, object] = {}
    for name, value in asdict(said).items():
        if value is None:
            continue
        now = getattr(before, name)
        if name in SEALED:
            theirs[name], mine[name] = "（已加密保存）", "（与现存相同）" if now == value else "（与现存不同）"
        else:
            theirs[name], mine[name] = _text(now), _text(value)
    return Conflict(theirs=theirs, mine=mine)


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _apply(
    patient: Patient, before: PersonFacts, said: PersonFacts, changes: dict[str, Any], *, by: User, on: date
) -> None:
    if "opened_on" in changes:
        _reopen_earlier_or_later(patient, changes["opened_on"])
    if changes.get("id_number"):
        refuse_known(changes["id_number"])
    _columns(patient, changes)
    with neutral():
        patient.version += 1
        patient.save()
    after = before.merged(changes)
    if "residence_code" in changes:
        _residence(patient, after, by=by, on=on)
    if {"residence_code", "residence_address", "household_code", "household_address"} & changes.keys():
        keep_addresses([patient], on, AddressSource.CHANGED)
    if {"diagnosis", "icd10", "diagnosed_on", "diagnosing_hospital"} & changes.keys():
        _diagnosis(patient, before, after, changes)
    if any(name.startswith("guardian_") for name in changes):
        _guardian(patient, before, said, by=by, on=on)
    if {"consent", "consent_on", "consent_signer"} & changes.keys():
        _consent(patient, before, after, changes, by=by, on=on)
    if "poor" in changes and after.poor is not None:
        put_fact(EconomicStatus, patient, on, poor=after.poor)
    for name in ENDINGS:
        if changes.get(name) or (name == "died_on" and after.died_on and "death_cause" in changes):
            _ending(patient, name, after, by=by)


def _columns(patient: Patient, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if name in COPIED:
            setattr(patient, name, value)
        elif name in TEXTS:
            setattr(patient, name, value or "")
    if "name" in changes:
        spelling = spell(patient.name)
        patient.pinyin, patient.initials = spelling.pinyin, spelling.initials
    if "id_number" in changes:
        patient.id_index = id_index(changes["id_number"])
    if "phone" in changes:
        patient.phone_index = phone_index(changes["phone"])
    if "household_code" in changes:
        code = changes["household_code"]
        patient.household_division_id = divisions_by_code([code]).get(code) if code else None
        if code and patient.household_division_id is None:
            raise FactsRefused([NO_DIVISION])


def _reopen_earlier_or_later(patient: Patient, opened_on: date) -> None:
    """The first facts begin with the file: they follow its date. Raises: DayRefused when other facts stand between."""
    for model in _OPENING_FACTS:
        rows = model._default_manager.filter(patient=patient)
        first = rows.filter(starts_on=patient.opened_on).first()
        if first is None:
            continue
        others = rows.exclude(pk=first.pk).order_by("starts_on").values_list("starts_on", flat=True)
        if (other := others.first()) is not None and other <= opened_on:
            raise DayRefused(f"{other} 起已有后来的记录，建档日期要早于它。请核对日期。", field="opened_on")
        first.starts_on = opened_on
        first.save(update_fields=["starts_on"])
    begin_with_file(patient, opened_on)


def _residence(patient: Patient, after: PersonFacts, *, by: User, on: date) -> None:
    place = place_for(after, places_by_code([after.residence_code or ""]), by)
    if place.township == patient.duty_township:
        patient.village_id = place.village
        patient.save(update_fields=["village"])
        return
    move_patient(
        patient=patient, on=on, to_township=place.township, by=by, reason="现住地变更",
        village=Division.objects.filter(pk=place.village).first() if place.village else None,
        address=after.residence_address or "",
    )  # fmt: skip
    patient.refresh_from_db()


def _diagnosis(patient: Patient, before: PersonFacts, after: PersonFacts, changes: dict[str, Any]) -> None:
    """Another diagnosis with a later 确诊日期 is a new one from that day; anything else corrects the present one."""
    values = {
        "code": after.diagnosis or "",
        "icd10": after.icd10 or "",
        "hospital": after.diagnosing_hospital or "",
        "diagnosed_on": after.diagnosed_on,
    }
    row = newest(Diagnosis, [patient.pk]).get(patient.pk)
    begins = row.starts_on if row else patient.opened_on
    later = after.diagnosed_on and before.diagnosed_on and after.diagnosed_on > max(before.diagnosed_on, begins)
    if row and "diagnosis" in changes and later and after.diagnosed_on:
        begins = after.diagnosed_on
    put_fact(Diagnosis, patient, begins, **values)


def _guardian(patient: Patient, before: PersonFacts, said: PersonFacts, *, by: User, on: date) -> None:
    """Another name is another guardian from `on`, with nothing taken over; else the present one is corrected."""
    name = said.guardian_name or before.guardian_name
    if not name:
        raise FactsRefused([Problem("guardian_name", "填了监护人的其他内容，姓名也要填。")])
    row = newest(Guardian, [patient.pk]).get(patient.pk)
    same = row is not None and row.name == name
    known = before if same else PersonFacts()
    begins = row.starts_on if row is not None and same else on if row is not None else patient.opened_on
    row = put_fact(
        Guardian,
        patient,
        begins,
        name=name,
        relation=said.guardian_relation or known.guardian_relation or "",
        phone=said.guardian_phone or known.guardian_phone,
        id_number=said.guardian_id_number or known.guardian_id_number,
        ended=False,
        **({} if same else {"address": None, "duty": "", "payee": False}),
    )
    signals.guardian_changed.send(Guardian, patient=patient, guardian=row, by=by)


def _consent(
    patient: Patient, before: PersonFacts, after: PersonFacts, changes: dict[str, Any], *, by: User, on: date
) -> None:
    if after.consent is None:
        return
    row = newest(Consent, [patient.pk]).get(patient.pk)
    if "consent_on" in changes and after.consent_on:
        begins = after.consent_on
        if row is not None and row.agreed == after.consent:  # only the date was wrong
            if Consent.objects.filter(patient=patient, starts_on=begins).exclude(pk=row.pk).exists():
                words = f"{begins} 这一天已有另一条知情同意记录。日期有误的，请在“知情同意”里核对后重新登记。"
                raise DayRefused(words, field="consent_on")
            row.starts_on = begins
            row.save(update_fields=["starts_on"])
    elif row is None:
        begins = patient.opened_on
    else:
        begins = on if "consent" in changes else row.starts_on
    was = Consent.objects.filter(patient=patient, starts_on=begins).first()
    # the other way round on one day: of the paper that said so before nothing stays
    anew = {} if was is None or was.agreed == after.consent else _NO_PAPER
    row = put_fact(Consent, patient, begins, agreed=after.consent, signer=after.consent_signer or "", **anew)
    signals.consent_changed.send(Consent, patient=patient, consent=row, by=by)


def _ending(patient: Patient, name: str, after: PersonFacts, *, by: User) -> None:
    """A closing date from a file. The same closing with another date is a correction of that date."""
    authorise(by, Permission.CLOSE_PATIENT, patient)
    value, on = ENDING_OF[name], getattr(after, name)
    cause = after.death_cause or ""
    for old in PatientStatus.objects.filter(patient=patient, value=value).exclude(starts_on=on):
        old.delete()
    end_file(patient, value, on, by=by, action="registry.patient.closed", reason=IMPORTED, cause=cause)


def changed_labels(changes: dict[str, Any]) -> str:
    """For a sentence on the page: which fields a change touched."""
    return "、".join(LABELS[name] for name in changes)
