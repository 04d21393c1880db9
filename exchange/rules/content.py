"""What an alert says to whom: closed lists, one per kind of office. Nothing else can be put in."""

from dataclasses import dataclass
from datetime import date

from accounts.rules.places import whole_address
from exchange.rules.address import without_door
from exchange.terms import Basis, ContentField

F = ContentField
_POLICE = (
    F.NAME, F.SEX, F.AGE, F.ADDRESS, F.LEVEL, F.DATE, F.PREVIOUS_LEVEL,
    F.GUARDIAN_NAME, F.GUARDIAN_PHONE, F.WORKER, F.WORKER_PHONE, F.ADVICE,
)  # fmt: skip


@dataclass(frozen=True)
class Template:
    """A closed list of fields with the ground on which they may be told. A new model field changes nothing here."""

    office: str  # AgencyKind
    fields: tuple[ContentField, ...]
    basis: Basis
    citation: str
    tells_door: bool


# Source: decisions B20; 管理治疗工作规范 2018 (危险性评估 3 级以上通报公安机关和关爱帮扶小组).
_CITATION = "严重精神障碍管理治疗工作规范（2018年版）随访管理"
TEMPLATES: dict[str, Template] = {
    "police": Template("police", _POLICE, Basis.STATUTORY_DUTY, _CITATION, tells_door=True),
    "political_legal": Template(
        "political_legal",
        tuple(field for field in _POLICE if field is not F.GUARDIAN_PHONE),
        Basis.STATUTORY_DUTY,
        _CITATION,
        tells_door=False,
    ),
}
OFFICES = tuple(TEMPLATES)


@dataclass(frozen=True)
class PersonFacts:
    """All that an alert may draw from. Diagnosis, medicine, symptoms and numbers of documents have no place here."""

    name: str
    sex: str
    birth_on: date | None
    address: str  # as typed: often without the places it lies in
    township: str
    village: str
    guardian_name: str = ""
    guardian_phone: str = ""
    worker: str = ""
    worker_phone: str = ""


@dataclass(frozen=True)
class RiskFacts:
    level: int
    on: date
    previous_level: int | None


def age_on(birth_on: date, on: date) -> int:
    """Completed years. Units: years. A birthday on 29 February falls on 1 March in other years."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def advice(level: int) -> str:
    """What to do first, in words for a patient and not for a suspect. Source: 规范2018 联合随访; practice notes."""
    if level >= 4:
        return (
            "有人正受到伤害时先处警。其他情况先给责任医生打电话，请精神科医生一起到场，需要时送县精神卫生中心。"
            "便服，不开警灯，不在村里问人。"
        )
    return "先给责任医生打电话，约好时间一起上门。便服，不开警灯，不在村里问人。"


def content_for(office: str, person: PersonFacts, risk: RiskFacts) -> dict[str, str]:
    """The content for one kind of office, exactly its template's fields, in order.

    Source: decisions B20. Raises: KeyError for an office without a template: it is told nothing.
    """
    template = TEMPLATES[office]
    detail = person.address if template.tells_door else without_door(person.address)
    known: dict[ContentField, str] = {
        F.NAME: person.name,
        F.SEX: person.sex,
        F.AGE: f"{age_on(person.birth_on, risk.on)} 岁" if person.birth_on else "",
        F.ADDRESS: whole_address(person.township, person.village, detail),
        F.LEVEL: f"{risk.level} 级",
        F.DATE: risk.on.isoformat(),
        F.PREVIOUS_LEVEL: "" if risk.previous_level is None else f"{risk.previous_level} 级",
        F.GUARDIAN_NAME: person.guardian_name,
        F.GUARDIAN_PHONE: person.guardian_phone,
        F.WORKER: person.worker,
        F.WORKER_PHONE: person.worker_phone,
        F.ADVICE: advice(risk.level),
    }
    return {field.value: known[field] for field in template.fields}
