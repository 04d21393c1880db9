"""Which schemes a county works by on a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from subsidy.models import CountyScheme
from subsidy.rules.scheme_reading import read_scheme
from subsidy.rules.schemes import Scheme, Version


@dataclass(frozen=True)
class Adopted:
    """A row and what its text says."""

    row: CountyScheme
    scheme: Scheme

    def version_on(self, day: date) -> Version | None:
        return self.scheme.version_on(day)


def adopted_on(county: int, on: date) -> list[Adopted]:
    """Of each scheme the row that holds on the day, in order of kind and number."""
    held: dict[str, CountyScheme] = {}
    for row in CountyScheme.objects.filter(county=county, starts_on__lte=on).order_by("starts_on"):
        held[row.scheme] = row
    running = [row for row in held.values() if row.stopped_on is None or row.stopped_on > on]
    return [Adopted(row, scheme_of(row)) for row in sorted(running, key=lambda row: (row.kind, row.scheme))]


def all_of(county: int) -> list[CountyScheme]:
    """Every row that was ever adopted, newest first."""
    return list(
        CountyScheme.objects.filter(county=county).select_related("adopted_by").order_by("-starts_on", "scheme")
    )


def scheme_of(row: CountyScheme) -> Scheme:
    """What the adopted text says. It was read before it was adopted."""
    return _read(row.text, row.scheme)


@lru_cache(maxsize=256)
def _read(text: str, name: str) -> Scheme:
    return read_scheme(text, f"{name}.toml")
