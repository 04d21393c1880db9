"""People of a county as they stood at the end of a period, by 500s. Dated rows only (decisions A5)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from accounts.crypto import unseal
from accounts.models import Division
from accounts.models.fields import EncryptedField
from exchange.queries.asked_facts import worked_out
from exchange.queries.snapshot_rows import BATCH, Row, row_of, rows_of_county, statuses_of
from exchange.rules.packages import ENDING
from exchange.rules.snapshot import IncidentSnapshot, PersonSnapshot
from registry.models import Guardian, Patient, PatientStatus

__all__ = ["BATCH", "drawn", "each_incident", "how_many", "people", "snapshot_of", "statuses_of"]
T = TypeVar("T")


def how_many(county: Division, day: date) -> int:
    """About how many people() will read."""
    return Patient.objects.filter(duty_county=county.pk, opened_on__lte=day).count()


def people(county: Division, day: date) -> Iterator[list[tuple[UUID, int, PersonSnapshot]]]:
    """Each batch: uuid, township then, snapshot; whoever had a file in the county on that day, in order of key."""
    for batch in drawn(county, day, lambda _person: tuple(NUMBERS), lambda names: names):
        yield [(uuid, township, person) for uuid, township, person, _said in batch]


def drawn(
    county: Division,
    day: date,
    judge: Callable[[PersonSnapshot], T],
    fields: Callable[[T], Collection[str]],
) -> Iterator[list[tuple[UUID, int, PersonSnapshot, T]]]:
    """The same with what `judge` says of each. What is encrypted or worked out is there where `fields` names it."""
    places = _places(county)
    for batch in rows_of_county(county, day):
        judged = []
        for row in batch:
            person = PersonSnapshot(**_facts(row, places))
            said = judge(person)
            judged.append((row, person, said, fields(said)))
        more = worked_out([(row, wanted) for row, _person, _said, wanted in judged if wanted], day)
        yield [
            (row.uuid, row.township or 0, _with(person, row, wanted, more.get(row.pk, {})) if wanted else person, said)
            for row, person, said, wanted in judged
        ]


def _with(person: PersonSnapshot, row: Row, wanted: Collection[str], more: Mapping[str, Any]) -> PersonSnapshot:
    opened: dict[str, Any] = {name: NUMBERS[name](row) for name in wanted if name in NUMBERS}
    return replace(person, **opened, **more)


def snapshot_of(patient: Patient, county: Division, day: date) -> PersonSnapshot | None:
    """One person of the county on that day; the patient came through a door."""
    row = row_of(patient, day)
    if row is None:
        return None
    return PersonSnapshot(**_facts(row, _places(county)) | {name: read(row) for name, read in NUMBERS.items()})


def each_incident(person: PersonSnapshot) -> Iterator[PersonSnapshot]:
    """The same person once per confirmed 肇事 or 肇祸, oldest first."""
    for on, level in zip(person.incidents, person.incident_levels, strict=True):
        yield replace(person, incident=IncidentSnapshot(on, level))


def _places(county: Division) -> dict[int, str]:
    return dict(Division.objects.filter(code__startswith=county.code[:6]).values_list("pk", "name"))


@cache
def _labels(model: Any, name: str) -> dict[str, str]:
    return {value: str(label) for value, label in model._meta.get_field(name).flatchoices}


def _label(model: Any, name: str, value: str) -> str:
    return _labels(model, name).get(value, value)


def _facts(row: Row, places: dict[int, str]) -> dict[str, Any]:
    """Everything but what is encrypted."""
    township, village = places.get(row.township or 0, ""), places.get(row.village or 0, "")
    days, levels = row.level_days or [], row.levels or []
    social = dict(zip(row.social or (), row.social_holds or (), strict=True))
    return dict(
        name=row.name, sex=_label(Patient, "sex", row.sex), birth_on=row.birth_on, ethnicity=row.ethnicity,
        marital=_label(Patient, "marital", row.marital), education=_label(Patient, "education", row.education),
        employment=_label(Patient, "employment", row.employment), household_area=row.household or "",
        household_address=row.household_address, area=f"{township}{village}", address=row.address, township=township,
        poor=row.poor, guardian_name=row.guardian_name or "", onset_on=row.onset_on, diagnosis=row.diagnosis or "",
        incidents=tuple(row.incident_days or ()), incident_levels=tuple(row.incident_levels or ()),
        level=levels[0] if levels else None, level_on=days[0] if days else None,
        previous_level=levels[1] if len(levels) > 1 else None, opened_on=row.opened_on, last_visit_on=row.last_visit_on,
        social=social, certificate_grade=row.grade, disputed=row.disputed, **_of_status(row),
    )  # fmt: skip


def _of_status(row: Row) -> dict[str, Any]:
    if row.status is None:
        return {}
    return {
        "status": _label(PatientStatus, "value", row.status), "status_code": row.status, "status_on": row.status_on,
        "status_reason": _label(PatientStatus, "reason_code", row.status_reason or ""),
        "registered": row.status not in ENDING, "died_on": row.status_on if row.status == "dead" else None,
    }  # fmt: skip


@cache
def _field(model: Any, name: str) -> EncryptedField:
    found: EncryptedField = model._meta.get_field(name)
    return found


def _open(model: Any, name: str, sealed: bytes | None, uuid: UUID | str | None) -> str:
    if sealed is None or uuid is None:
        return ""
    field = _field(model, name)
    return str(
        field.load(unseal(bytes(sealed), label=field.label, uuid=uuid if isinstance(uuid, UUID) else UUID(uuid)))
    )


# Fields of a snapshot that lie encrypted.
NUMBERS: dict[str, Callable[[Row], str]] = {
    "id_number": lambda row: _open(Patient, "id_number", row.id_number, row.uuid),
    "phone": lambda row: _open(Patient, "phone", row.phone, row.uuid),
    "guardian_phone": lambda row: _open(Guardian, "phone", row.guardian_phone, row.guardian),
    "guardian_id": lambda row: _open(Guardian, "id_number", row.guardian_id, row.guardian),
}
