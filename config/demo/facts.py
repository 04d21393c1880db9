"""The shapes that the generator makes and the loader hands to the import services."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Village:
    """`code` of the village, or of the township itself where no village is known."""

    code: str
    name: str


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    villages: tuple[Village, ...]
    doctor: str  # who signs the visits
    diligence: float  # share of visits made in time


@dataclass(frozen=True)
class Person:
    """One file. `course`: calm, restless or difficult; `intake`: how medicine is taken; both steer the visits."""

    index: int
    township: str
    id_number: str
    birth_on: date
    sex: str
    opened_on: date
    ends_on: date | None
    diagnosis: str
    course: str
    intake: str
    left_alone: bool  # nobody has been there for months: stands overdue on the worklist
    row: dict[str, str]  # a row of the patients file


@dataclass(frozen=True)
class Made:
    """A county's people and population; visits are drawn person by person (config.demo.visits)."""

    people: tuple[Person, ...]
    population: tuple[dict[str, str], ...]
