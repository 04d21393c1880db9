"""An agency's list laid beside our register: who is who, and in which class each row ends up.

Source: issue 4, Build 6: ID exact, then name + birth + sex + township, then a person decides. Practice notes B3.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from exchange.rules.inbound_kinds import Kind
from exchange.rules.inbound_rows import TheirRow
from exchange.terms import InboundItem, Ours, RowClass

C = RowClass
I = InboundItem  # noqa: E741
HIGH = 3
DEAD = "死亡"
_IGNORED = re.compile(r"[\s·.,，。、()（）\-—]")


@dataclass(frozen=True)
class OurPerson:
    """One of our files as of today, in the words of the items. `ended`: closed, for whatever reason."""

    key: int
    id_number: str
    person: tuple[str, str, str]  # name, birth date, sex
    township: int
    ended: bool
    said: Mapping[str, str]
    level: int | None = None


@dataclass(frozen=True)
class Verdict:
    """Where one row ends up. `row` None: somebody of ours whom the list does not hold."""

    row: TheirRow | None
    found: RowClass
    person: OurPerson | None = None
    fields: tuple[InboundItem, ...] = ()
    because: str = ""
    like: RowClass | None = None  # of a row refused because an earlier one means the same person: that row's class


@dataclass
class Book:
    """Our people, by ID number and by name with birth date and sex."""

    people: Sequence[OurPerson]
    by_id: dict[str, OurPerson] = field(default_factory=dict)
    by_person: dict[tuple[str, str, str], list[OurPerson]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[OurPerson]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for one in self.people:
            if one.id_number:
                self.by_id[one.id_number] = one
            self.by_person[one.person].append(one)
            self.by_name[one.person[0]].append(one)


def candidates(row: TheirRow, book: Book) -> list[OurPerson]:
    """Whom the row may mean when no ID number says it. Two different ID numbers in two townships are two people."""
    if all(row.person):
        found = book.by_person.get(row.person, [])
    else:
        found = [one for one in book.by_name.get(row.name, []) if one.township == row.township]
    return [
        one
        for one in found
        if not (row.id_number and one.id_number and one.id_number != row.id_number and one.township != row.township)
    ]


def match(row: TheirRow, book: Book) -> tuple[OurPerson | None, bool]:
    """The person meant, and whether somebody has to decide. Source: issue 4, Build 6."""
    if row.id_number and (known := book.by_id.get(row.id_number)):
        return known, False
    found = candidates(row, book)
    if not found:
        return None, False
    here = [one for one in found if one.township == row.township]
    sure = len(found) == 1 and len(here) == 1 and all(row.person)
    agree = sure and not (row.id_number and here[0].id_number)  # an ID number each, and not the same: look
    return (here[0], False) if agree else (None, True)


def same_word(item: InboundItem, theirs: str, ours: str) -> bool:
    """Equal but for width, blanks and points; an address of ours may carry the township in front of theirs."""
    left, right = _plain(theirs), _plain(ours)
    if item in (I.ADDRESS, I.HOUSEHOLD_ADDRESS):
        return bool(right) and (left.endswith(right) or right.endswith(left))
    return left == right


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def differing(kind: Kind, row: TheirRow, person: OurPerson) -> tuple[InboundItem, ...]:
    """Which compared fields say something else. What they leave empty says nothing."""
    told = {item.value: word for item, word in kind.says.items()} | dict(row.said)
    return tuple(
        item
        for item in kind.compare
        if told.get(item.value) and not same_word(item, told[item.value], person.said.get(item.value, ""))
    )


def judge(kind: Kind, row: TheirRow, person: OurPerson) -> Verdict:
    """The class of a row whose person is known. On a list of the dead a file closed by death is no file that ended."""
    fields = differing(kind, row, person)
    if kind.holds and not person.ended:
        return Verdict(row, C.DIFFERS, person, fields)
    ended_otherwise = person.ended and not (kind.holds and person.said.get(I.STATUS.value) == DEAD)
    if ended_otherwise:
        return Verdict(row, C.ENDED_HERE, person)
    return Verdict(row, C.DIFFERS if fields else C.SAME, person, fields)


def compare(kind: Kind, rows: Iterable[TheirRow], people: Sequence[OurPerson]) -> list[Verdict]:
    """Every row in exactly one class, and after them whom the list should hold and does not.

    A second row for somebody already found is not taken as another person: it is refused with the row of the first.
    Somebody whom a row may mean is not called missing before a person has decided.
    """
    book, verdicts = Book(people), []
    taken: dict[int, Verdict] = {}
    doubtful: set[int] = set()
    for row in rows:
        person, unsure = match(row, book)
        if unsure:
            verdicts.append(Verdict(row, C.UNSURE))
            doubtful.update(one.key for one in candidates(row, book))
        elif person is None:
            verdicts.append(Verdict(row, C.ONLY_THEIRS))
        elif (first := taken.get(person.key)) is not None:
            verdicts.append(_again(row, first))
        else:
            taken[person.key] = judge(kind, row, person)
            verdicts.append(taken[person.key])
    missing = (one for one in people if one.key not in taken and one.key not in doubtful and should_hold(kind, one))
    return [*verdicts, *(Verdict(None, C.ONLY_OURS, one) for one in missing)]


def _again(row: TheirRow, first: Verdict) -> Verdict:
    number = first.row.number if first.row else 0
    return Verdict(row, C.REFUSED, because=f"与第 {number} 行对上了册上的同一个人。", like=first.found)


def should_hold(kind: Kind, person: OurPerson) -> bool:
    """Whether the agency's list should hold one of ours. Source: access model 3.3 (`pol`, `mat`)."""
    if person.ended:
        return False
    if kind.ours is Ours.HIGH_RISK:
        return (person.level or 0) >= HIGH
    if kind.ours is Ours.REGISTERED:
        return True
    wanted = {Ours.CERTIFIED: I.DISABILITY, Ours.DIBAO: I.DIBAO, Ours.CHRONIC: I.CHRONIC}.get(kind.ours)
    return wanted is not None and person.said.get(wanted.value) == "是"


def counted(verdicts: Iterable[Verdict], refused: int) -> dict[str, int]:
    """How many of each class; all but 仅我方有 together are the rows of the file."""
    found = {one.value: 0 for one in RowClass}
    for verdict in verdicts:
        found[verdict.found.value] += 1
    found[C.REFUSED.value] += refused
    return found
