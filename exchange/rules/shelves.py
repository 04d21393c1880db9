"""Where a case stands in an office's inbox."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Shelf(StrEnum):
    """The four parts of the inbox, most urgent first."""

    TO_ACKNOWLEDGE = "to_acknowledge"  # 待签收
    TO_ANSWER = "to_answer"  # 待反馈
    ANSWERED = "answered"  # 已反馈，仍有效
    CLOSED = "closed"  # 已解除


@dataclass(frozen=True)
class Receipts:
    """Moments of one case at its office. `told_at`: when the newest entry with content was acknowledged."""

    is_closed: bool
    waiting: int  # delivered entries without 签收
    told_at: datetime | None
    answered_at: datetime | None


def shelf(receipts: Receipts) -> Shelf:
    """An entry without 签收 comes first, then one without 反馈 since; a closed case only asks for its notice's 签收.

    Source: practice notes C (签收 and 反馈 are separate times).
    """
    if receipts.waiting:
        return Shelf.TO_ACKNOWLEDGE
    if receipts.is_closed:
        return Shelf.CLOSED
    if receipts.told_at is None or receipts.answered_at is None or receipts.answered_at < receipts.told_at:
        return Shelf.TO_ANSWER
    return Shelf.ANSWERED
