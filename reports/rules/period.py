"""What the indicators know about one registered person in the year up to the cut-off day."""

from dataclasses import dataclass
from datetime import date

from reports.rules.months import closed_quarters, months_apart, quarter_start


@dataclass(frozen=True, slots=True)
class PatientPeriod:
    """One person registered on `as_of`, with the sums over the complete records of [1 January, as_of].

    Source: 指标口径 (完整随访记录, 末次记录). Units: local dates, whole months.
    """

    as_of: date
    opened_on: date
    diagnosis: str = ""
    complete_n: int = 0
    max_gap: int = 0  # months between the two adjacent records farthest apart; 0 with fewer than two
    first_on: date | None = None
    last_on: date | None = None
    prev_on: date | None = None  # the last complete record before 1 January
    last_level: int | None = None
    last_class: int | None = None
    last_adherence: int | None = None
    last_hospital: bool = False
    any_taken: bool = False
    any_not_taken: bool = False
    face_n: int = 0
    level_quarters: tuple[bool, ...] = (False, False, False, False)  # a level recorded in that quarter alone
    incident: bool = False
    high_n: int = 0
    # Of other records than the visits; known only where an indicator asks for them.
    free_sga: bool = False
    examined: bool = False
    injected: bool = False
    weak_guardian: bool = False
    has_plan: bool = False
    event: bool = False  # a confirmed incident of 肇事 or 肇祸
    treated: bool = False
    high_unanswered: bool = False
    away_long: bool = False
    away_file: bool = False
    was_lost: bool = False
    loss_told: bool = False

    @property
    def months_since_last(self) -> int | None:
        return months_apart(self.last_on, self.as_of) if self.last_on else None

    @property
    def months_before_first(self) -> int | None:
        """From the record before 1 January, or from the opening of the file, to the first of the year."""
        return months_apart(self.prev_on or self.opened_on, self.first_on) if self.first_on else None

    @property
    def quarters_due(self) -> tuple[int, ...]:
        """Quarters in which a level was owed: ended on or before the cut-off, begun after the file was opened."""
        return tuple(q for q in closed_quarters(self.as_of) if quarter_start(self.as_of.year, q) > self.opened_on)

    @property
    def quarters_missed(self) -> int:
        return sum(not self.level_quarters[quarter - 1] for quarter in self.quarters_due)
