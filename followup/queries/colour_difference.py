"""The difference report of a planned colour table: who would get which colour, who rises, for whom a fall is owed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import Division
from accounts.rules.places import usual_name
from followup.queries.colours import known_of
from followup.rules.colour_table import Table
from followup.rules.colours import Held, decide, shown, suggest
from registry.models import Patient
from registry.terms import Colour


@dataclass(frozen=True)
class MovedColour:
    """One person whose colour would be another, or (`fall`) would be proposed to fall."""

    uuid: UUID
    township: int
    now: str
    planned: str
    fall: str

    @property
    def words(self) -> str:
        if self.fall:
            return f"保持{Colour(self.planned).label}，评估批准后可降为{Colour(self.fall).label}"
        return f"{Colour(self.now).label if self.now else '未分色'} → {Colour(self.planned).label}"


@dataclass(frozen=True)
class TownColours:
    key: int
    name: str
    labelled: tuple[tuple[str, int], ...]  # colour and number, in the order of the report's colours
    moved: int


@dataclass(frozen=True)
class ColourDifference:
    judged: int
    colours: tuple[str, ...]
    totals: tuple[int, ...]
    unknown: int  # nothing is known of them yet: no colour
    moved: tuple[MovedColour, ...]
    falls: int
    towns: tuple[TownColours, ...]

    @property
    def moved_count(self) -> int:
        return len(self.moved)


def difference(county: Division, table: Table, on: date) -> ColourDifference:
    """One statement for the facts of the whole county."""
    keys = list(Patient.objects.filter(duty_county=county.pk, closed_on=None).values_list("pk", flat=True))
    people = known_of(keys, on)
    colours = (*table.colours, *(["grey"] if table.aside else []))
    counts: Counter[tuple[int, str]] = Counter()
    moved = []
    for one in people:
        row = one.standing
        decided = decide(Held(row.held, row.aside) if row else Held(), suggest(one.facts, table, today=on), table)
        planned = shown(decided.held, table)
        counts[one.township, planned] += 1
        if planned != one.shown or decided.fall:
            fall = decided.fall if planned == one.shown else ""
            moved.append(MovedColour(one.uuid, one.township, one.shown, planned, fall))
    names = dict(Division.objects.filter(pk__in={one.township for one in people}).values_list("pk", "name"))
    towns = tuple(
        TownColours(
            key, usual_name(name), tuple((str(Colour(colour).label), counts[key, colour]) for colour in colours),
            sum(one.township == key for one in moved),
        )
        for key, name in sorted(names.items())
    )  # fmt: skip
    totals = tuple(sum(town.labelled[n][1] for town in towns) for n in range(len(colours)))
    unknown = sum(number for (_, colour), number in counts.items() if not colour)
    falls = sum(bool(one.fall) for one in moved)
    return ColourDifference(len(people), colours, totals, unknown, tuple(moved), falls, towns)


def names_of(uuids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """For a list of the report; the wall stands behind."""
    return list(Patient.objects.filter(uuid__in=uuids).order_by("name", "pk").values_list("uuid", "name"))
