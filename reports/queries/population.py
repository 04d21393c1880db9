"""常住人口 for the prevalence: the year's own, else the latest earlier year, else none and the township is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.models import Division
from registry.models import Population as Entry


@dataclass(frozen=True, slots=True)
class Population:
    """People by township key. `years` tells from which year each was taken, `missing` which townships have none."""

    people: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    year: int = 0

    @property
    def total(self) -> int | None:
        """None as soon as one township has no entry: a part of the people would make the rate wrong."""
        return None if self.missing or not self.people else sum(self.people.values())

    @property
    def older_years(self) -> tuple[int, ...]:
        return tuple(sorted({year for year in self.years.values() if year != self.year}))

    def only(self, township: Division) -> "Population":
        key = township.pk
        if key not in self.people:
            return Population(missing=(key,), year=self.year)
        return Population({key: self.people[key]}, {key: self.years[key]}, (), self.year)


def population_of(townships: Iterable[int], year: int) -> Population:
    keys = tuple(townships)
    newest = Window(RowNumber(), partition_by=F("township_id"), order_by=F("year").desc())
    rows = Entry.objects.filter(township_id__in=keys, year__lte=year).annotate(place=newest).filter(place=1)
    found = {row.township_id: row for row in rows}
    return Population(
        {key: row.people for key, row in found.items()},
        {key: row.year for key, row in found.items()},
        tuple(key for key in keys if key not in found),
        year,
    )
