"""What an alert may know of a person, gathered once for all offices."""

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
    worker = responsible_worker(patient, by, on)
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
        worker=f"{worker.display_name}（{worker.agency.name}）" if worker else "",
        worker_phone=str(worker.phone or "") if worker else "",
    )


def _guardian_words(guardian: Guardian | None) -> str:
    if guardian is None:
        return ""
    relation = guardian.get_relation_display()
    return f"{guardian.name}（{relation}）" if relation else guardian.name
