"""Small builders shared by every test. Places and names are invented; ID numbers use an area code never assigned."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Agency, Assignment, Division, User
from accounts.terms import AgencyKind, Role

PASSWORD = "correct-horse-battery-9"
_serial = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born: date = date(1980, 5, 6), serial: int | None = None, *, male: bool = True) -> str:
    """A valid 18-character number, different at every call; one chosen by `serial` never meets one that was drawn."""
    area, n = (999999, next(_serial)) if serial is None else (999998, serial)
    order = (n * 2 + (1 if male else 0)) % 1000
    body = f"{area}{born:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def make_places() -> dict[str, Division]:
    """Two counties of one city: A (two townships, two villages each) and B (one township, one village)."""
    rows = (
        ("province", "99", "试验省", None),
        ("city", "9900", "试验市", "99"),
        ("county", "990001", "甲县", "9900"),
        ("county", "990002", "乙县", "9900"),
        ("township", "990001001", "东街道", "990001"),
        ("township", "990001101", "西镇", "990001"),
        ("township", "990002201", "远乡", "990002"),
        ("village", "990001001001", "东一社区", "990001001"),
        ("village", "990001001002", "东二社区", "990001001"),
        ("village", "990001101201", "西一村", "990001101"),
        ("village", "990001101202", "西二村", "990001101"),
        ("village", "990002201201", "远一村", "990002201"),
    )
    places: dict[str, Division] = {}
    for wanted in dict.fromkeys(level for level, *_rest in rows):  # one statement a level: most tests begin here
        here = [
            Division(code=code, name=name, level=level, parent=places[parent] if parent else None)
            for level, code, name, parent in rows
            if level == wanted
        ]
        places |= {made.code: made for made in Division.objects.bulk_create(here)}
    return places


def make_agency(kind: AgencyKind | str, division: Division, name: str = "") -> Agency:
    facts = _office(kind, division, name)
    return Agency.objects.filter(**facts).first() or Agency.objects.create(**facts)


def make_offices(*wanted: tuple[AgencyKind, Division]) -> None:
    """Offices that are not there yet, in one statement."""
    Agency.objects.bulk_create(Agency(**_office(kind, division)) for kind, division in wanted)


def _office(kind: AgencyKind | str, division: Division, name: str = "") -> dict[str, Any]:
    label = AgencyKind(kind).label
    return {"kind": str(kind), "division": division, "name": name or f"{division.name}{label}"}


def make_user(role: Role, division: Division, agency: Agency, *, username: str = "", days: int = 365) -> User:
    """An account with one live assignment."""
    name = username or f"{role.value}_{division.code}_{next(_serial)}"
    user = User.objects.create_user(name, PASSWORD, display_name=f"{role.label}{division.name}", agency=agency)
    today = timezone.localdate()
    Assignment.objects.create(
        user=user,
        role=role,
        agency=agency,
        division=division,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=days),
    )
    return User.objects.select_related("agency__division").get(pk=user.pk)


def make_patient(
    village: Division,
    name: str = "试验患者",
    *,
    opened_on: date = date(2024, 5, 6),
    born: date = date(1980, 5, 6),
    diagnosis: str = "01",
    consent: bool = True,
    **facts: Any,
) -> Any:
    """A registered patient with the dated facts of the first day. Opens its own scope (works outside and inside one)."""
    from accounts.crypto import blind_index
    from accounts.scope import scope
    from registry.models import Consent, Diagnosis, DutyPeriod, Guardian, Patient, PatientStatus

    township = village.parent
    assert township is not None
    assert township.parent is not None
    number = facts.pop("id_number", None) or id_number(born)
    with scope(counties=[township.parent_id]):
        patient = Patient.objects.create(
            **{
                "number": next(_serial),
                "name": name,
                "pinyin": facts.pop("pinyin", "shiyanhuanzhe"),
                "initials": facts.pop("initials", "syhz"),
                "sex": "1",
                "birth_on": born,
                "id_number": number,
                "id_index": blind_index("id_number", number),
                "phone": "19900000001",
                "village": village,
                "residence_address": f"{village.name}3组18号",
                "opened_on": opened_on,
                "diagnosed_on": opened_on,
                "duty_township": township.pk,
                "duty_county": township.parent_id,
                "at_township": township.pk,
                **facts,
            }
        )
        common = {"patient": patient, "starts_on": opened_on, "at_township": township.pk}
        DutyPeriod.objects.create(**common, township=township, county=township.parent)
        PatientStatus.objects.create(**common, value="managed")
        Diagnosis.objects.create(**common, code=diagnosis)
        Consent.objects.create(**common, agreed=consent)
        Guardian.objects.create(**common, name="试验监护人", relation="2", phone="19900000002")
        patient.refresh_from_db()
    return patient


def uuids(rows: Iterable[Any]) -> set[Any]:
    return {row.uuid for row in rows}
