"""How many different people one officer may open within an hour. The numbers are county policy."""

from dataclasses import dataclass
from enum import StrEnum


class Opening(StrEnum):
    FREE = "free"
    WATCHED = "watched"  # opened, after the password and code were given again
    REFUSED = "refused"  # nobody new, until the privacy officer lifts it


@dataclass(frozen=True)
class Limits:
    """`step_up` different people are free within an hour, `stop` the most. Source: issue 4, Build 8; threat T2."""

    step_up: int = 20
    stop: int = 60

    def verdict(self, people: int) -> Opening:
        """`people`: different ones within the hour, those asked for now included."""
        if people > self.stop:
            return Opening.REFUSED
        return Opening.WATCHED if people > self.step_up else Opening.FREE
