"""What a file to another agency may draw from: one typed snapshot per row, filled by hand. A new field of a model is not here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class IncidentSnapshot:
    on: date
    level: int


@dataclass(frozen=True)
class PersonSnapshot:
    """One person on the day of the file. Codes as in registry.terms; no free text, no visit, no medicine."""

    name: str = ""
    sex: str = ""
    birth_on: date | None = None
    id_number: str = ""
    ethnicity: str = ""
    marital: str = ""
    education: str = ""
    employment: str = ""
    phone: str = ""
    household_area: str = ""
    household_address: str = ""
    area: str = ""
    address: str = ""
    township: str = ""
    poor: bool | None = None
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_id: str = ""
    onset_on: date | None = None
    diagnosis: str = ""
    treatment: str = ""  # 治疗情况 and
    team: tuple[str, ...] = ()  # 参与管理人员 in the standard's codes
    incidents: tuple[date, ...] = ()  # 肇事 or 肇祸
    incident_levels: tuple[int, ...] = ()  # one for each of `incidents`
    level: int | None = None
    level_on: date | None = None
    previous_level: int | None = None
    registered: bool = False
    status: str = ""
    status_code: str = ""
    status_on: date | None = None
    status_reason: str = ""
    opened_on: date | None = None
    last_visit_on: date | None = None
    incident: IncidentSnapshot | None = None
    social: Mapping[str, bool] = field(default_factory=dict)  # SocialKind: what was said of it
    certificate_grade: int | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    died_on: date | None = None
    disputed: bool = False  # the person or guardian objects to what is told
    worker: str = ""
    worker_phone: str = ""


@dataclass(frozen=True)
class TownSnapshot:
    """One township's totals."""

    township: str = ""
    registered: int = 0
    managed: int = 0
    high_risk: int = 0
    new: int = 0
    ended: int = 0
    away: int = 0


@dataclass(frozen=True)
class RowSource:
    """What one row is read from: a person, or a township's totals. `on` is the file's day."""

    on: date
    person: PersonSnapshot = PersonSnapshot()
    town: TownSnapshot = TownSnapshot()
