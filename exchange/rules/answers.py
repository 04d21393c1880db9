"""复函: what the letter that answers a list says in numbers, and what it must not give away.

Source: ADR 18; security 3.3 note 1, 3.7 (small numbers): a list of one would ask about that one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.terms import Conclusion, RowClass

SMALLEST = 5
Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """`totals`: classes of the list's rows; `found`: class -> what townships concluded, where its number may be told."""

    totals: Lines
    found: list[tuple[str, Lines]]


def told_numbers(counts: Mapping[str, int]) -> Lines:
    """Numbers of people by label as a letter tells them: one of 1 to 4 is not told by itself, nor the one that could be
    worked out from it and the total. Source: security 3.7 (small numbers).
    """
    known = [(label, number) for label, number in counts.items() if number]
    small = sorted((pair for pair in known if pair[1] < SMALLEST), key=lambda pair: pair[1])
    others = sorted((pair for pair in known if pair[1] >= SMALLEST), key=lambda pair: pair[1])
    if small and sum(number for _label, number in small) < SMALLEST and others:
        small.append(others[0])
    hidden = {label for label, _number in small}
    lines = [(label, f"{number} 人") for label, number in known if label not in hidden]
    if small:
        total = sum(number for _label, number in small)
        lines.append(("其余各类" if lines else "各类", f"合计 {total} 人，人数较少，不分列"))
    return lines


def told(
    counts: Mapping[str, int], conclusions: Mapping[RowClass, Mapping[Conclusion, int]], twice: Mapping[RowClass, int]
) -> Told:
    """What the letter says. `twice`: rows that were sent back because an earlier row means the same person, by that
    row's class: whether two rows mean one person only the register knows, so they are told as that class.

    Source: ADR 18. A class whose own number is not told says nothing of its conclusions either.
    """
    by_class: dict[RowClass, int] = {one: counts.get(one.value, 0) for one in RowClass if one is not RowClass.ONLY_OURS}
    for one, number in twice.items():
        by_class[one] += number
        by_class[RowClass.REFUSED] -= number
    totals = told_numbers({str(one.label): number for one, number in by_class.items()})
    named = {label for label, _words in totals}
    found = []
    for one, numbers in conclusions.items():
        is_told = one is RowClass.ONLY_OURS or str(one.label) in named
        if is_told and sum(numbers.values()) >= SMALLEST:
            found.append((str(one.label), told_numbers({str(said.label): n for said, n in numbers.items()})))
    return Told(totals, found)
