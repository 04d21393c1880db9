"""Many changed files at once, as far as only their own columns change: one UPDATE a block instead of one a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from registry.models import Patient
from registry.rules.names import spell
from registry.services.addresses import keep_addresses
from registry.services.identity import phone_index
from registry.services.registration import COPIED, TEXTS
from registry.services.staging import staged_rows
from registry.terms import AddressSource

# Columns that hang on nothing else. Names, numbers, openings and everything dated go one by one.
PLAIN_COLUMNS = (frozenset(COPIED) | frozenset(TEXTS)) - {
    "id_number", "opened_on", "diagnosed_on", "diagnosing_hospital", "birth_on",
}  # fmt: skip
ADDRESS_COLUMNS = frozenset({"residence_address", "household_address"})
_WRITTEN = tuple(sorted(PLAIN_COLUMNS | {"pinyin", "initials", "phone_index"}))


def change_columns(rows: Sequence[tuple[Patient, Mapping[str, Any]]], *, by: User, because: str) -> int:
    """Write the changed columns, the version and one audit event a person. The caller has checked rights and facts.

    The rows are locked first; a file somebody saved since it was read is left to the one-by-one way: see the version.
    """
    if not rows:
        return 0
    fresh = {p.pk: p for p in Patient.objects.select_for_update().filter(pk__in=[p.pk for p, _c in rows])}
    done = []
    for patient, changes in rows:
        now = fresh.get(patient.pk)
        if now is None:
            continue
        for name, value in changes.items():
            setattr(now, name, value if name in COPIED else value or "")
        if "name" in changes:
            spelling = spell(now.name)
            now.pinyin, now.initials = spelling.pinyin, spelling.initials
        if "phone" in changes:
            now.phone_index = phone_index(now.phone)  # type: ignore[arg-type]
        done.append((now, changes))
    _update([now for now, _changes in done])
    moved = [now for now, changes in done if ADDRESS_COLUMNS & changes.keys()]
    keep_addresses(moved, timezone.localdate(), AddressSource.IMPORTED)
    AuditEvent.objects.bulk_create(
        AuditEvent(**audit.event_facts(
            "registry.patient.changed", now, by=by, person=now.uuid, because=because,
            facts={"fields": sorted(changes)},
        ))
        for now, changes in done
    )  # fmt: skip
    return len(done)


def _update(patients: Sequence[Patient]) -> None:
    """Sealed columns that did not change are sealed anew on the way, like in save()."""
    fields: list[Any] = [Patient._meta.get_field(name) for name in _WRITTEN]
    sets = ", ".join(f'"{f.column}" = s."{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        staged_rows(cursor, "changed_patients", [Patient._meta.pk, *fields], patients)
        cursor.execute(
            f"UPDATE registry_patient p SET {sets}, version = p.version + 1 FROM changed_patients s WHERE p.id = s.id"  # noqa: S608
        )
