"""From a snapshot to the cells of a row: one pure reader per item, all text. GB/T 31000—2015 codes where it names them."""

from collections.abc import Callable, Iterable
from datetime import date

from exchange.rules.address import without_door
from exchange.rules.content import age_on
from exchange.rules.snapshot import PersonSnapshot, RowSource, TownSnapshot
from exchange.terms import DataItem
from registry.rules.masking import mask_id

I = DataItem  # noqa: E741
SMALLEST = 5  # smaller numbers of people are not told by township. Source: security 3.7 (small numbers)

Reader = Callable[[RowSource], str]


def risk_code(level: int | None) -> str:
    """目前危险性评估等级: 01 is level 0, 06 is level 5. Source: GB/T 31000—2015."""
    return "" if level is None else f"{level + 1:02d}"


def amount(number: int) -> str:
    """Source: security 3.7: nothing under 5 is told, nought is."""
    return str(number) if number == 0 or number >= SMALLEST else f"少于{SMALLEST}"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def _any(person: PersonSnapshot, *kinds: str) -> str:
    """Yes when one of them holds; no only where something was said."""
    said = [person.social[kind] for kind in kinds if kind in person.social]
    return _yes(any(said)) if said else ""


def _of(read: Callable[[PersonSnapshot], str]) -> Reader:
    return lambda source: read(source.person)


def _town(read: Callable[[TownSnapshot], int]) -> Reader:
    return lambda source: amount(read(source.town))


def _age(source: RowSource) -> str:
    return str(age_on(source.person.birth_on, source.on)) if source.person.birth_on else ""


def _nothing(source: RowSource) -> str:
    return ""


READERS: dict[DataItem, Reader] = {
    I.NAME: _of(lambda p: p.name),
    I.SEX: _of(lambda p: p.sex),
    I.BIRTH_ON: _of(lambda p: _day(p.birth_on)),
    I.AGE: _age,
    I.ID_NUMBER: _of(lambda p: p.id_number),
    I.ID_MASKED: _of(lambda p: mask_id(p.id_number)),
    I.ETHNICITY: _of(lambda p: p.ethnicity),
    I.MARITAL: _of(lambda p: p.marital),
    I.EDUCATION: _of(lambda p: p.education),
    I.JOB: _of(lambda p: p.employment),
    I.PHONE: _of(lambda p: p.phone),
    I.HOUSEHOLD_AREA: _of(lambda p: p.household_area),
    I.HOUSEHOLD_ADDRESS: _of(lambda p: p.household_address),
    I.AREA: _of(lambda p: p.area),
    I.ADDRESS: _of(lambda p: p.address or p.area),
    I.ADDRESS_SHORT: _of(lambda p: without_door(p.address) or p.area),
    I.TOWNSHIP: lambda source: source.person.township or source.town.township,
    I.ECONOMY: _of(lambda p: "" if p.poor is None else "贫困" if p.poor else "一般"),
    I.DIBAO: _of(lambda p: _any(p, "dibao")),
    I.GUARDIAN_ID: _of(lambda p: p.guardian_id),
    I.GUARDIAN_NAME: _of(lambda p: p.guardian_name),
    I.GUARDIAN_PHONE: _of(lambda p: p.guardian_phone),
    I.GUARDIAN_MISSING: _of(lambda p: _yes(not p.guardian_name)),
    I.ONSET_ON: _of(lambda p: _day(p.onset_on)),
    I.DIAGNOSIS: _of(lambda p: p.diagnosis),
    I.HAS_INCIDENTS: _of(lambda p: "有" if p.incidents else "无"),
    I.INCIDENT_COUNT: _of(lambda p: str(len(p.incidents))),
    I.LAST_INCIDENT_ON: _of(lambda p: _day(max(p.incidents, default=None))),
    I.RISK_CODE: _of(lambda p: risk_code(p.level)),
    I.TREATMENT: _of(lambda p: p.treatment),
    I.TEAM: _of(lambda p: "、".join(sorted(p.team))),
    I.HELP: _of(lambda p: "01" if _any(p, "dibao", "tekun") == "是" else ""),
    I.LEVEL: _of(lambda p: "" if p.level is None else f"{p.level} 级"),
    I.LEVEL_ON: _of(lambda p: _day(p.level_on)),
    I.PREVIOUS_LEVEL: _of(lambda p: "" if p.previous_level is None else f"{p.previous_level} 级"),
    I.STATUS: _of(lambda p: p.status),
    I.STATUS_ON: _of(lambda p: _day(p.status_on)),
    I.STATUS_REASON: _of(lambda p: p.status_reason),
    I.OPENED_ON: _of(lambda p: _day(p.opened_on)),
    I.LAST_VISIT_ON: _of(lambda p: _day(p.last_visit_on)),
    I.INCIDENT_ON: _of(lambda p: _day(p.incident.on if p.incident else None)),
    I.INCIDENT_LEVEL: _of(lambda p: f"{p.incident.level} 级" if p.incident else ""),
    I.NEEDS_HELP: _of(lambda p: _any(p, "poor", "dibao", "tekun", "targeted")),
    I.NEEDS_REHAB: _of(lambda p: _any(p, "rehab")),
    I.HAS_CERTIFICATE: _of(lambda p: _any(p, "disability")),
    I.CERTIFICATE_GRADE: _of(lambda p: _number(p.certificate_grade)),
    I.INSURED: _of(lambda p: _any(p, "insured")),
    I.CHRONIC: _of(lambda p: _any(p, "chronic")),
    I.ADMITTED_ON: _of(lambda p: _day(p.admitted_on)),
    I.DISCHARGED_ON: _of(lambda p: _day(p.discharged_on)),
    I.DEATH_ON: _of(lambda p: _day(p.died_on)),
    I.WORKER: _of(lambda p: p.worker),
    I.WORKER_PHONE: _of(lambda p: p.worker_phone),
    I.TOTAL_REGISTERED: _town(lambda t: t.registered),
    I.TOTAL_MANAGED: _town(lambda t: t.managed),
    I.TOTAL_HIGH_RISK: _town(lambda t: t.high_risk),
    I.TOTAL_NEW: _town(lambda t: t.new),
    I.TOTAL_ENDED: _town(lambda t: t.ended),
    I.TOTAL_AWAY: _town(lambda t: t.away),
    **dict.fromkeys(
        (
            I.FORMER_NAME, I.NATIVE_PLACE, I.PARTY_BLANK, I.RELIGION_BLANK, I.JOB_KIND, I.WORKPLACE, I.ONSET_BLANK,
            I.DIAGNOSIS_BLANK, I.TREATMENT_BLANK, I.HOSPITAL_BLANK, I.ADMISSION_REASON_BLANK, I.REHAB_BLANK,
            I.ATTENTION,
        ),
        _nothing,
    ),
}  # fmt: skip


_ASKED_FOR = {
    I.ID_NUMBER: "id_number", I.ID_MASKED: "id_number", I.PHONE: "phone", I.GUARDIAN_PHONE: "guardian_phone",
    I.GUARDIAN_ID: "guardian_id", I.WORKER: "worker", I.WORKER_PHONE: "worker_phone", I.TEAM: "team",
    I.TREATMENT: "treatment",
}  # fmt: skip


def asked_by(items: Iterable[DataItem]) -> set[str]:
    """Which fields of a snapshot these items read that are encrypted or worked out; the others need no such work."""
    return {_ASKED_FOR[item] for item in items if item in _ASKED_FOR}


def row(items: Iterable[DataItem], source: RowSource) -> list[str]:
    """Exactly the items' cells, in their order."""
    return [READERS[item](source) for item in items]
