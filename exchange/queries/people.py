"""What an alert may know of a person, gathered once for all offices."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from accounts.models import Assignment, User
from accounts.terms import Role
from exchange.rules.content import PersonFacts
from registry.models import Guardian, Patient
from registry.queries.person import guardian_on

WORKERS = (Role.TOWNSHIP_WORKER, Role.VILLAGE_DOCTOR)


def responsible_worker(patient: Patient, by: User | None, on: date) -> User | None:
    """Who answers the office's call: the record's author when from the township, else its 精防人员, else the author.

    Source: decisions B20 (责任医生及电话).
    """
    there = Q(division=patient.duty_township) | Q(division__parent=patient.duty_township)
    rows = Assignment.objects.live(on).filter(there, role__in=WORKERS, user__is_active=True)
    known = list(rows.select_related("user__agency").order_by("id"))
    own = [row.user for row in known if by is not None and row.user_id == by.pk]
    of_town = [row.user for row in known if row.role == Role.TOWNSHIP_WORKER]
    return next(iter([*own, *of_town]), by)


def town_workers(towns: Collection[int], on: date) -> dict[int, User]:
    """Each township's 精防人员 of that day, for rows that nobody has just written: the one appointed first."""
    rows = Assignment.objects.live(on).filter(division__in=towns, role=Role.TOWNSHIP_WORKER, user__is_active=True)
    found: dict[int, User] = {}
    for row in rows.select_related("user__agency").order_by("id"):
        found.setdefault(row.division_id, row.user)
    return found


def contact(worker: User | None) -> tuple[str, str]:
    """Name with workplace, and telephone, as an office reads them. Source: decisions B20 (责任医生及电话)."""
    if worker is None:
        return "", ""
    return f"{worker.display_name}（{worker.agency.name}）", str(worker.phone or "")


def area_of(patient: Patient) -> str:
    """Township and village by name: all that an office sees before 签收."""
    return " ".join(filter(None, _places(patient)))


def _places(patient: Patient) -> tuple[str, str]:
    village = patient.village
    if village is None or village.parent is None:
        return "", ""
    return village.parent.usual_name, village.usual_name


def person_facts(patient: Patient, by: User | None, on: date) -> PersonFacts:
    """Name, address, guardian and worker as they stand on `on`. Nothing clinical is read."""
    guardian = guardian_on(patient, on)
    worker, phone = contact(responsible_worker(patient, by, on))
    township, village = _places(patient)
    return PersonFacts(
        name=patient.name,
        sex=patient.get_sex_display() or "未填写",
        birth_on=patient.birth_on,
        address=patient.residence_address,
        township=township,
        village=village,
        guardian_name=_guardian_words(guardian),
        guardian_phone=str(guardian.phone or "") if guardian else "",
        worker=worker,
        worker_phone=phone,
    )


def _guardian_words(guardian: Guardian | None) -> str:
    if guardian is None:
        return ""
    relation = guardian.get_relation_display()
    return f"{guardian.name}（{relation}）" if relation else guardian.name
