"""Freezes as they are opened again: checked against their digest, and held beside what is known now."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Division
from reports.models import Freeze, FreezePart
from reports.queries.counts import every_township, figures_scope
from reports.queries.outcomes import FROZEN, outcomes_on
from reports.queries.periods import place_of
from reports.rules.cut import Cut
from reports.rules.frozen import MET, OUT, Differing, PersonRow, differing, digest_of, read
from reports.rules.indicator import Indicator

Letters = dict[int, str]  # by person, in the order of the codes


def freezes_in(areas: Iterable[Division]) -> QuerySet[Freeze]:
    """Those of these areas and of what they lie in, the newest day first, without their content."""
    codes = {area.code[:length] for area in areas for length in (2, 4, 6) if length <= len(area.code)}
    inside = Q(pk__in=())
    for area in areas:
        inside |= Q(area__code__startswith=area.code)
    rows = Freeze.objects.filter(inside | Q(area__code__in=codes)).defer("content")
    return rows.select_related("area", "frozen_by").order_by("-as_of", "-frozen_at", "-pk")


def digest_facts(row: Freeze) -> dict[str, Any]:
    """Everything the digest covers."""
    return {
        "kind": str(row.kind),
        "area": row.area.code,
        "pack": row.pack,
        "as_of": row.as_of.isoformat(),
        "note": row.note,
        "frozen_at": row.frozen_at.astimezone(UTC).isoformat(),
        "frozen_by": str(row.frozen_by.uuid),
        "content": row.content,
    }


def part_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a freeze could be held against its digest: `parts` of the townships whose people the reader reaches."""

    figures_hold: bool
    parts: int
    broken: tuple[str, ...]  # names of townships whose people are not as they were frozen

    @property
    def holds(self) -> bool:
        return self.figures_hold and not self.broken


@dataclass(frozen=True, slots=True)
class Opened:
    """A freeze narrowed to an area, with the people it keeps there."""

    freeze: Freeze
    area: Division
    townships: tuple[dict[str, Any], ...]  # lines of the content that lie in the area
    people: dict[int, tuple[PersonRow, ...]]  # by township key
    checked: Checked

    @property
    def codes(self) -> tuple[str, ...]:
        """In the order of the letters."""
        return tuple(self.freeze.content["letters"])

    def letters(self, code: str) -> Letters:
        place = self.codes.index(code)
        return {row.patient: row.letters[place] for rows in self.people.values() for row in rows}

    @property
    def numbers(self) -> Mapping[str, Sequence[Any]]:
        """Numerator and denominator by code, as they were frozen for this area."""
        if self.area == self.freeze.area:
            return self.freeze.content["total"]  # type: ignore[no-any-return]
        return _together([line["figures"] for line in self.townships])


def open_freeze(row: Freeze, area: Division) -> Opened:
    """Reads the sealed people of the area's townships with the reach that is open, and checks them."""
    lines = {line["code"]: line for line in row.content["townships"]}
    inside = tuple(line for code, line in lines.items() if code.startswith(area.code) or area.code.startswith(code))
    keys = dict(every_township(row.area).filter(code__in=[line["code"] for line in inside]).values_list("pk", "code"))
    people, broken = {}, []
    for part in FreezePart.objects.filter(freeze=row, township__in=keys):
        text = zlib.decompress(part.content).decode()
        line = lines[keys[part.township]]
        if part_digest(text) != line["sha256"]:
            broken.append(line["name"])
        people[part.township] = tuple(read(text))
    checked = Checked(digest_of(digest_facts(row)) == row.sha256, len(people), tuple(broken))
    return Opened(row, area, inside, people, checked)


def letters_now(opened: Opened, today: date, indicators: Sequence[Indicator] = FROZEN) -> dict[str, Letters]:
    """The same figures on the same day as everything stands now, by code and person."""
    cut = Cut(opened.freeze.as_of, today)
    with figures_scope(cut):
        found = outcomes_on(place_of(opened.area), cut, indicators)
    rows = [row for each in found.values() for row in each]
    keys = [row.patient for row in rows]
    columns = list(zip(*(row.letters for row in rows), strict=True)) or [()] * len(indicators)
    return {
        indicator.code: dict(zip(keys, column, strict=True))
        for indicator, column in zip(indicators, columns, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One figure then and now. `people`: those who count otherwise."""

    code: str
    before: tuple[int, int]
    after: tuple[int, int]
    people: tuple[Differing, ...]


def changes_of(opened: Opened, today: date, indicators: Sequence[Indicator] = FROZEN) -> tuple[Change, ...]:
    """Every figure that the freeze keeps and the rules still know, in the order of the rules."""
    known = [indicator for indicator in indicators if indicator.code in opened.codes]
    now = letters_now(opened, today, known)
    found = []
    for code, after in now.items():
        before = opened.letters(code)
        found.append(Change(code, _pair(before), _pair(after), differing(before, after)))
    return tuple(found)


def one_change(opened: Opened, today: date, indicator: Indicator) -> Change:
    return changes_of(opened, today, [indicator])[0]


def _together(parts: Sequence[Mapping[str, Sequence[Any]]]) -> dict[str, Sequence[Any]]:
    """The sum of townships; unknown as soon as one of them is unknown."""
    found: dict[str, Sequence[Any]] = {}
    for code in parts[0] if parts else ():
        sides = list(zip(*(part[code] for part in parts), strict=True))
        found[code] = [None if None in side else sum(map(Decimal, side)) for side in sides]
    return found


def _pair(letters: Letters) -> tuple[int, int]:
    values = list(letters.values())
    return values.count(MET), len(values) - values.count(OUT)
