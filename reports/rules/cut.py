"""The cut-off day, and which of the two ways to the same digits it takes."""

from dataclasses import dataclass
from datetime import date

from reports.rules.months import is_quarter_end, quarter_of, year_start

FIRST_DAY = date(2000, 1, 1)  # before it no register of this kind existed; earlier days are slips
LAST_DAY = date(2100, 12, 31)
YEAR_IS_OPENED_BY = 3  # January days by which the new year's summary rows surely exist


@dataclass(frozen=True, slots=True)
class Cut:
    """Source: decisions A8: a quarter's last day or today reads the summary's slots, every other day the visits."""

    as_of: date
    today: date

    @property
    def year_start(self) -> date:
        return year_start(self.as_of)

    @property
    def look_back(self) -> date:
        """Three months before the year: an earlier record is more than three months from any record of the year."""
        return date(self.as_of.year - 1, 10, 1)

    @property
    def slot(self) -> int:
        """1 to 4, as the database counts arrays."""
        return quarter_of(self.as_of)

    @property
    def reads_slots(self) -> bool:
        if self.as_of.year > self.today.year:
            return False
        if is_quarter_end(self.as_of):
            return True
        return self.as_of == self.today and (self.today - self.year_start).days >= YEAR_IS_OPENED_BY

    @property
    def is_past(self) -> bool:
        """People may have moved since: counting then needs a wider view than listing may have."""
        return self.as_of < self.today

    @property
    def can_still_mend(self) -> bool:
        """A visit made now still falls into the year counted."""
        return self.as_of.year == self.today.year
