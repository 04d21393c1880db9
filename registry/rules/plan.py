"""Which dated facts the first saying about a patient becomes. One plan for the form, the API and the bulk import.

Source: indicators, "Everything is as-of": area, diagnosis, guardian, consent and economic status hold from 建档日期
until changed; an imported 迁出日期 counts as accepted.
"""

from dataclasses import dataclass
from datetime import date

from registry.rules.lifecycle import closed_on
from registry.rules.person import ENDINGS, PersonFacts
from registry.terms import CareStatus

ENDING_OF = {
    "died_on": CareStatus.DEAD,
    "moved_out_on": CareStatus.MOVED_OUT,
    "excluded_on": CareStatus.EXCLUDED,
}
IMPORTED = "建档时填报"


@dataclass(frozen=True)
class StatusRow:
    starts_on: date
    value: CareStatus
    reason: str = ""
    death_cause: str = ""


@dataclass(frozen=True)
class FirstFacts:
    """Rows to write beside the patient. None: that fact was not said."""

    statuses: tuple[StatusRow, ...]
    status: CareStatus
    closed_on: date | None
    diagnosis_from: date
    guardian_from: date | None
    consent_from: date | None
    economy_from: date | None


def ending_rows(facts: PersonFacts) -> dict[date, StatusRow]:
    """One row a day: of two endings on one day the graver one (death) stands."""
    rows: dict[date, StatusRow] = {}
    for name in ENDINGS:
        day = getattr(facts, name)
        if day is not None:
            value = ENDING_OF[name]
            cause = (facts.death_cause or "") if value is CareStatus.DEAD else ""
            rows[day] = StatusRow(day, value, IMPORTED, cause)
    return rows


def first_facts(facts: PersonFacts) -> FirstFacts:
    """Plan the rows of a new file. `facts` has passed check_person()."""
    opened = facts.opened_on
    assert opened is not None  # noqa: S101  (check_person refuses a file without it)
    rows = {opened: StatusRow(opened, CareStatus.MANAGED), **ending_rows(facts)}
    statuses = tuple(rows[day] for day in sorted(rows))
    return FirstFacts(
        statuses=statuses,
        status=statuses[-1].value,
        closed_on=closed_on([(row.starts_on, row.value) for row in statuses]),
        diagnosis_from=opened,
        guardian_from=opened if facts.guardian_name else None,
        consent_from=None if facts.consent is None else facts.consent_on or opened,
        economy_from=None if facts.poor is None else opened,
    )
