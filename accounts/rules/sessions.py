"""When a login ends by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Ended(StrEnum):
    NOT = ""
    IDLE = "idle"
    ABSOLUTE = "absolute"


@dataclass(frozen=True)
class SessionPolicy:
    """Source: GB/T 22239-2019 8.1.4.1 b) (automatic exit); ASVS 5.0 7.3.1, 7.3.2."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=8)
    step_up: timedelta = timedelta(minutes=10)
    renew_every: timedelta = timedelta(seconds=30)  # a busy person costs one session write in half a minute


def ended(*, started_at: datetime, seen_at: datetime, now: datetime, policy: SessionPolicy) -> Ended:
    """The limit itself is already over: 14:59 of silence is fine, 15:00 is not."""
    if now - started_at >= policy.absolute:
        return Ended.ABSOLUTE
    if now - seen_at >= policy.idle:
        return Ended.IDLE
    return Ended.NOT


def needs_renewal(*, seen_at: datetime, now: datetime, policy: SessionPolicy) -> bool:
    return now - seen_at >= policy.renew_every


def is_stepped_up(*, proven_at: datetime | None, now: datetime, policy: SessionPolicy) -> bool:
    """Password and code were both given within the last ten minutes. Source: ASVS 5.0 7.5.3."""
    return proven_at is not None and timedelta(0) <= now - proven_at < policy.step_up
