"""The dictionary of drugs: loading the shipped file, a county's own drugs, closing and opening again."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import where
from accounts.models import Division, User
from accounts.refusals import Denied, NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from followup.models import Medicine, MedicineClosing
from followup.queries.medicines import found_by_name, listed
from followup.rules.medicines import Entry, entry_problems, read_dictionary, with_forms
from followup.services.refusals import VisitRefused

SHIPPED = Path(__file__).parent.parent / "medicines" / "cn-2026.toml"


class MedicineRefused(VisitRefused):
    """`problems` names every field."""


@transaction.atomic
def load_dictionary(path: Path = SHIPPED) -> tuple[str, int]:
    """Write the drugs of a file by their code; what a county added or closed stays. Raises: DictionaryRefused."""
    version, entries = read_dictionary(path.read_text(encoding="utf-8"))
    for one in entries:
        Medicine.objects.update_or_create(
            county=None, code=one.code, defaults={**_columns(one), "version": version}
        )  # fmt: skip
    audit.record("followup.medicine.loaded", None, by=None, facts={"version": version, "drugs": len(entries)})
    return version, len(entries)


def _columns(one: Entry) -> dict[str, object]:
    return {
        "name": one.name, "aliases": list(one.aliases), "kind": one.kind, "form": one.form, "unit": one.unit,
        "long_acting": one.long_acting, "interval_days": one.interval_days, "essential": one.essential,
    }  # fmt: skip


def _demand(county: Division, by: User) -> None:
    """Raises: Denied."""
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise Denied


@transaction.atomic
def add_medicine(*, county: Division, entry: Entry, by: User) -> Medicine:
    """A drug of the county's own. Raises: Denied, MedicineRefused, Refused (the name is there already)."""
    _demand(county, by)
    entry = with_forms(entry)
    found = entry_problems(entry)
    if found:
        raise MedicineRefused(found)
    there = Refused(f"药品词典里已经有“{entry.name}”。", field="name")
    if found_by_name(entry.name, [one.row for one in listed(county.pk)]) is not None:
        raise there
    with refusing("medicine_name_once", there):
        row = Medicine.objects.create(county=county, code="county", **_columns(entry))
    audit.record("followup.medicine.added", row, by=by, facts={"name": row.name, "county": county.code})
    return row


@transaction.atomic
def close_medicine(*, county: Division, medicine: Medicine, by: User) -> MedicineClosing:
    """From today the county no longer offers it; prescriptions that hold go on. Raises: Denied, NotHere, Refused."""
    _demand(county, by)
    if medicine.county_id not in (None, county.pk):
        raise NotHere
    with refusing("medicineclosing_one_open", Refused("这种药已经停用。")):
        row = MedicineClosing.objects.create(
            medicine=medicine, county=county, closed_on=timezone.localdate(), made_by=by
        )
    audit.record("followup.medicine.closed", row, by=by, facts={"name": medicine.name, "county": county.code})
    return row


@transaction.atomic
def reopen_medicine(*, county: Division, medicine: Medicine, by: User) -> None:
    """Offer it again. Raises: Denied, Refused."""
    _demand(county, by)
    found = MedicineClosing.objects.select_for_update().filter(medicine=medicine, county=county, reopened_on=None)
    row = found.first()
    if row is None:
        raise Refused("这种药没有停用。")
    row.reopened_on = timezone.localdate()
    row.save(update_fields=["reopened_on"])
    audit.record("followup.medicine.reopened", row, by=by, facts={"name": medicine.name, "county": county.code})
