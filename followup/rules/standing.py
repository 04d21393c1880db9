"""The register's half of a patient-year, from the dated facts. Source: indicators, "Registered", "Everything is as-of".

The database keeps it by triggers (0002_walls); this is the rule in words that rebuild_summaries holds against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from followup.rules.dates import quarter_end
from registry.terms import ENDING

Dated = Sequence[tuple[date, Any]]  # (starts_on, value), oldest first


@dataclass(frozen=True, slots=True)
class Standing:
    registered: tuple[bool, ...]
    township: tuple[int | None, ...]
    county: tuple[int | None, ...]
    diagnosis: tuple[str | None, ...]


def value_on(facts: Dated, day: date) -> Any:
    """A dated fact holds until the next begins."""
    found = None
    for starts_on, value in facts:
        if starts_on > day:
            break
        found = value
    return found


def standing(
    year: int,
    opened_on: date,
    statuses: Dated,
    townships: Dated,
    counties: Dated,
    diagnoses: Dated,
) -> Standing:
    """What held on the last day of each quarter. A diagnosis dated later holds from the beginning."""
    days = [quarter_end(year, quarter) for quarter in range(4)]
    first = diagnoses[0][1] if diagnoses else None
    return Standing(
        tuple(opened_on <= day and value_on(statuses, day) not in ENDING for day in days),
        tuple(value_on(townships, day) for day in days),
        tuple(value_on(counties, day) for day in days),
        tuple(value_on(diagnoses, day) or first for day in days),
    )
