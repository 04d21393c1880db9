"""The rows of a visits file in the order in which they go in. Whole numbers in arrays: a row takes 32 bytes here."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup.rules.visit_columns import VisitFile
from followup.rules.visit_row import COLUMN, ID_COLUMN, read_visit_row
from registry.rules.table import RowRefusal, Table
from registry.services.importing import ImportResult

UNKNOWN = "没有这个身份证号的患者，或者不归您管理。请先建档，或核对号码。"


@dataclass(slots=True)
class ReadRows:
    """Places in the table of the rows that can be read, sorted by person, day and form; of each whose it is and when."""

    places: Sequence[int]
    people: list[str]  # ID numbers; `person` counts in them
    person: "array[int]"  # by place
    day: "array[int]"  # by place, as date.toordinal()


def read_rows(table: Table, file: VisitFile, result: ImportResult, today: date) -> ReadRows:
    """Rows that can be read; the second of two rows with one key is refused."""
    bad = file.unreadable()
    for index in sorted(bad):
        result.refuse(read_visit_row(table.rows[index], today=today)[1])
    count = len(table.rows)
    good = [index for index in range(count) if index not in bad] if bad else range(count)
    person, day, key = (array("q", bytes(8 * count)) for _ in range(3))
    numbers: dict[str, int] = {}
    said = zip(good, *(file.values(name, good) for name in ("person", "visited_on", "form")), strict=True)
    for index, who, on, form in said:
        number, ordinal = numbers.setdefault(who, len(numbers)), on.toordinal()
        person[index], day[index], key[index] = number, ordinal, (number << 40) + (ordinal << 8) + ord(form)
    places = array("q", sorted(good, key=key.__getitem__))
    twice = _refuse_second_rows(places, key, table, file, result)
    return ReadRows(_without(places, twice), list(numbers), person, day)


def _refuse_second_rows(
    places: Sequence[int], key: Sequence[int], table: Table, file: VisitFile, result: ImportResult
) -> set[int]:
    found: set[int] = set()
    first = -1
    for index in places:
        if first < 0 or key[first] != key[index]:
            first = index
            continue
        found.add(index)
        numbers = table.rows.numbers
        same = f"与第 {numbers[first]} 行是同一人、同一天、同一形式的随访。请只留一行。"
        (day,) = file.values("visited_on", [index])
        result.refuse([RowRefusal(numbers[index], COLUMN["visited_on"], str(day), same)])
    return found


def _without(places: Sequence[int], out: Collection[int]) -> Sequence[int]:
    return array("q", [index for index in places if index not in out]) if out else places


def in_writing_order(
    read: ReadRows, patients: Mapping[str, int], table: Table, result: ImportResult
) -> tuple[Sequence[int], Sequence[int]]:
    """The rows of known patients, each one's together, oldest first: keys of the patients, places in the table.

    `patients`: ID number -> key, of those for whom the importer may record.
    """
    keys = [patients.get(who, 0) for who in read.people]
    person, day = read.person, read.day
    strangers = {index for index in read.places if not keys[person[index]]} if 0 in keys else set()
    for index in sorted(strangers):
        who = read.people[person[index]]
        result.refuse([RowRefusal(table.rows.numbers[index], ID_COLUMN, who, UNKNOWN)])
    known = sorted(_without(read.places, strangers))  # two of one day stay in the order of the file
    order = array("q", sorted(known, key=lambda index: (keys[person[index]] << 24) + day[index]))
    return array("q", [keys[person[index]] for index in order]), order
