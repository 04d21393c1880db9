"""The cells of a sheet, column by column: each different cell once, and of every row which one it is.

A file of 100,000 rows says the same few words again and again. Kept like this a cell takes four bytes, and whoever reads
a column works out what a word means once for all rows that say it.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

Cell = str | float | date | bool | None

WORDS_AT_MOST = 20_000  # different cells of a column that are found again; what comes after them is kept row by row


class Column:
    """`words[codes[row]]` is the cell of a row; the first word is the blank."""

    __slots__ = ("_codes", "codes", "words")

    def __init__(self) -> None:
        self.words: list[Cell] = [None]
        self.codes: array[int] = array("I")
        self._codes = _Codes(self.words)

    def extend(self, cells: Iterable[Any]) -> None:
        self.codes.extend(map(self._codes.__getitem__, cells))


class Lines(Sequence[tuple[Cell, ...]]):
    """The rows as tuples, made when they are asked for."""

    __slots__ = ("columns",)

    def __init__(self, width: int) -> None:
        self.columns = [Column() for _ in range(width)]

    def __len__(self) -> int:
        return len(self.columns[0].codes) if self.columns else 0

    def __getitem__(self, index: Any) -> Any:
        return tuple([column.words[column.codes[index]] for column in self.columns])

    def append(self, line: Sequence[Any]) -> None:
        self.extend([line])

    def extend(self, lines: Sequence[Sequence[Any]]) -> None:
        """Each as wide as the table."""
        for column, cells in zip(self.columns, zip(*lines, strict=True), strict=True):
            column.extend(cells)

    def blank_since(self, start: int) -> list[int]:
        """Rows from there on that say nothing; the first column says something in nearly every row."""
        first, *others = self.columns
        silent = [at for at in range(start, len(self)) if not first.codes[at]]
        return [at for at in silent if not any(column.codes[at] for column in others)]

    def drop(self, index: int) -> None:
        for column in self.columns:
            del column.codes[index]


class _Codes(dict[Any, int]):
    """cell as the file has it -> its code. Numbers are not found again: 1, 1.0 and True are one key."""

    def __init__(self, words: list[Cell]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, raw: Any) -> int:
        cell, code = cell_of(raw), 0
        if cell is not None:
            code = len(self._words)
            self._words.append(cell)
        if len(self) < WORDS_AT_MOST and (raw is None or isinstance(raw, str | date)):
            self[raw] = code
        return code


def cell_of(value: Any) -> Cell:
    """A text, a day or moment, a number, a yes or no; a blank is nothing."""
    if isinstance(value, str):
        return value if value.strip() else None
    if value is None or isinstance(value, bool | float | date):
        return value
    if isinstance(value, int):
        return float(value)
    return str(value) or None  # a time of day, a length of time
