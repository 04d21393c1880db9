"""How many different people one officer may open within an hour."""

from enum import StrEnum

WATCH_FROM = 20
REFUSE_FROM = 60


class Opening(StrEnum):
    FREE = "free"
    WATCHED = "watched"  # opened, and the privacy officer is told
    REFUSED = "refused"


def opening(people_before: int) -> Opening:
    """The next different person after `people_before` within the hour. Source: threat T2 (enumeration by a partner)."""
    if people_before >= REFUSE_FROM:
        return Opening.REFUSED
    return Opening.WATCHED if people_before >= WATCH_FROM else Opening.FREE
