"""When what an office was told was taken back from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Told:
    """A line of the ledger. `situation`: of its package; `ended_at`: its own alert, copy or package was taken back."""

    at: datetime
    person: UUID
    recipient: UUID
    is_recall: bool
    situation: str = ""
    ended_at: datetime | None = None


def taken_back(line: Told, recalls: Iterable[Told]) -> datetime | None:
    """By the end of what told it, or by a later package that takes the person out of the same lists of the office.

    Source: issue 4, Build 3 (corrections and withdrawals reach every past recipient). A recall is not itself taken back.
    """
    if line.is_recall:
        return None
    later = [
        one.at
        for one in recalls
        if (one.person, one.recipient, one.situation) == (line.person, line.recipient, line.situation)
        and one.is_recall
        and one.at >= line.at
    ]
    return min([*later, line.ended_at] if line.ended_at else later, default=None)
