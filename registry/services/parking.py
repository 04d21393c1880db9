"""Rows of a file that say something else than the register: parked field by field until somebody decides.

Source: outside contract, import files ("a differing value is parked for review and counted as updated when accepted").
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import ParkedChange, Patient
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.staging import insert_models
from registry.terms import ParkedState

# Fields that only make sense together stand under the first of them.
TOGETHER = (
    ("guardian_name", "guardian_relation", "guardian_phone", "guardian_id_number"),
    ("diagnosis", "icd10", "diagnosed_on", "diagnosing_hospital"),
    ("consent", "consent_on", "consent_signer"),
    ("died_on", "death_cause"),
    ("residence_code", "residence_address"),
)
_DATES = frozenset(name for name in PersonFacts.__dataclass_fields__ if name.endswith("_on"))


def items_of(changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Changed fields by the item under which one decides about them. A lone phone of the same guardian stands alone."""
    left, found = dict(changes), {}
    for group in TOGETHER:
        if group[0] in left:
            found[group[0]] = {name: left.pop(name) for name in group if name in left}
    return found | {name: {name: value} for name, value in left.items()}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def said_by(values: Mapping[str, Any]) -> PersonFacts:
    """The parked values as facts again."""
    facts: dict[str, Any] = {n: date.fromisoformat(v) if n in _DATES and v else v for n, v in values.items()}
    return PersonFacts(**facts)


def _digest(patient: Patient, field: str, values: Mapping[str, Any]) -> bytes:
    return blind_index("parked", f"{patient.uuid}|{field}|{json.dumps(_plain(values), sort_keys=True)}")


def park(rows: Sequence[tuple[Patient, Mapping[str, Any]]], *, by: User, source: str) -> int:
    """Park what differs, set by set; what is parked or was decided already is left alone. Answers how many are new."""
    made = [
        ParkedChange(
            patient=patient, field=field, value=_plain(values), digest=_digest(patient, field, values), parked_by=by,
            source=source[:100], duty_township=patient.duty_township, duty_county=patient.duty_county,
        )
        for patient, changes in rows
        for field, values in items_of(changes).items()
    ]  # fmt: skip
    return len(insert_models(made, conflict="ON CONFLICT (patient_id, field, digest) DO NOTHING"))


def waiting_in(patients: Iterable[Patient]) -> list[ParkedChange]:
    """Of these patients, oldest first."""
    rows = ParkedChange.objects.filter(patient__in=list(patients), state=ParkedState.WAITING)
    return list(rows.select_related("patient", "parked_by").order_by("patient_id", "pk"))


@transaction.atomic
def decide_parked(*, patient: Patient, accepted: Iterable[str], refused: Iterable[str], by: User) -> dict[str, Any]:
    """Take the accepted items of one patient together, refuse the others; both stay written.

    Raises: Denied, FactsRefused and whatever else a change of the file refuses: then nothing is decided.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    wanted, unwanted = set(accepted), set(refused)
    rows = {
        str(row.uuid): row
        for row in ParkedChange.objects.select_for_update().filter(patient=patient, state=ParkedState.WAITING)
    }
    if not (wanted | unwanted) <= rows.keys():
        raise Refused("有的内容已经由别人核对过了。请刷新后再看。")
    values: dict[str, Any] = {}
    for key in sorted(wanted, key=lambda one: rows[one].pk):
        values |= cast("dict[str, Any]", rows[key].value)
    changes = {}
    if values:
        changes = change_patient(patient=patient, said=said_by(values), by=by, because="采用导入的内容")
    for key, state in [*((k, ParkedState.ACCEPTED) for k in wanted), *((k, ParkedState.REFUSED) for k in unwanted)]:
        row = rows[key]
        row.state, row.decided_by, row.decided_at = state, by, timezone.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(
        "registry.parked.decided", patient, by=by, person=patient.uuid,
        facts={"accepted": sorted(rows[k].field for k in wanted), "refused": sorted(rows[k].field for k in unwanted)},
    )  # fmt: skip
    return changes
