"""A visits file by columns: what a cell says is worked out once for every different cell, and a column at a time.

Beside `visit_row`, which reads one row and names what is wrong in it: both stand on the same readers.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from followup.rules.facts import FACT_FIELDS, Choice, VisitFacts
from followup.rules.visit_row import AS_TAKEN, WRONG, VisitReader
from registry.rules.columns import Lines

CHOICE_FIELDS = ("stability", "next_due_on", "deviation_reason")
BLANK: dict[str, Any] = {name: getattr(VisitFacts(visited_on=None, form=""), name) for name in FACT_FIELDS}  # type: ignore[arg-type]
BLANK_CHOICE: dict[str, Any] = {name: getattr(Choice(), name) for name in CHOICE_FIELDS}


@dataclass(slots=True)
class VisitColumns:
    """Some rows. `facts` and `choices` hold the columns that the file has; whatever else there is to ask is blank."""

    rows: Sequence[int]  # places in the table
    persons: list[str] = field(default_factory=list)
    facts: dict[str, list[Any]] = field(default_factory=dict)
    choices: dict[str, list[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, *names: str) -> bool:
        return any(name in self.facts for name in names)

    def of(self, name: str) -> Iterable[Any]:
        """What the rows say of one fact."""
        return self.facts[name] if name in self.facts else repeat(BLANK[name], len(self))

    def each(self, names: Iterable[str]) -> Iterable[tuple[Any, ...]]:
        """Of every row these facts."""
        return zip(*map(self.of, names), strict=True)

    def choice(self, name: str) -> Iterable[Any]:
        return self.choices[name] if name in self.choices else repeat(BLANK_CHOICE[name], len(self))

    def without(self, places: Collection[int]) -> "VisitColumns":
        """All but the rows at these places."""
        if not places:
            return self
        left = [at for at in range(len(self)) if at not in places]

        def kept(values: Sequence[Any]) -> list[Any]:
            return [values[at] for at in left]

        return VisitColumns(
            kept(self.rows),
            kept(self.persons),
            {name: kept(values) for name, values in self.facts.items()},
            {name: kept(values) for name, values in self.choices.items()},
        )


class VisitFile:
    """The rows of one file."""

    def __init__(self, lines: Lines, reader: VisitReader) -> None:
        self._drugs, self._names, self._choices = reader.drugs, reader.names, reader.choices
        self._at: Mapping[str, int] = reader.at
        self._codes = [column.codes for column in lines.columns]
        self._said = [
            [read[word] for word in kept.words] for read, kept in zip(reader.columns, lines.columns, strict=True)
        ]

    def unreadable(self) -> set[int]:
        """Rows in which something cannot be read."""
        found: set[int] = set()
        for said, codes in zip(self._said, self._codes, strict=True):
            wrong = {code for code, value in enumerate(said) if value is WRONG}
            if wrong and not wrong.isdisjoint(codes):
                found.update([row for row, code in enumerate(codes) if code in wrong])
        return found

    def values(self, name: str, rows: Iterable[int]) -> list[Any]:
        """What one column says in these rows; `person` beside the names of facts and choices."""
        at = self._at[name]
        return list(map(self._said[at].__getitem__, map(self._codes[at].__getitem__, rows)))

    def rows(self, rows: "array[int] | Sequence[int]") -> VisitColumns:
        """These rows, all of which can be read."""
        facts = {name: self.values(name, rows) for name in self._names}
        if self._drugs:
            taken = [self.values(name, rows) for name in self._drugs]
            facts["drugs"] = [tuple([drug for drugs in row for drug in drugs]) for row in zip(*taken, strict=True)]
        if "guidance" in facts:
            drugs = facts.get("drugs") or repeat(())
            facts["guidance"] = [
                taken if given is AS_TAKEN else given for given, taken in zip(facts["guidance"], drugs, strict=False)
            ]
        choices = {name: self.values(name, rows) for name in self._choices}
        return VisitColumns(rows, self.values("person", rows), facts, choices)
