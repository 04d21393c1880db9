"""How long one name from one address waits after wrong passwords. Growing, capped, never a whole address."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class ThrottlePolicy:
    """Units: whole failures, timedeltas. Source: GB/T 22239-2019 8.1.4.1 b); ASVS 5.0 6.3.1."""

    free_failures: int = 5
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    forget_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Attempts:
    """Failures in a row of one (name, address) pair; a success wipes them."""

    failures: int = 0
    last_failed_at: datetime | None = None


def wait_after(failures: int, policy: ThrottlePolicy) -> timedelta:
    """The fifth failure waits 30 s, each further one twice as long, never more than a quarter of an hour."""
    if failures < policy.free_failures:
        return timedelta(0)
    doublings = min(failures - policy.free_failures, 16)
    return min(policy.first_wait * (1 << doublings), policy.longest_wait)


def open_again_at(attempts: Attempts, policy: ThrottlePolicy) -> datetime | None:
    """The moment from which the next attempt is looked at; None when nothing is held back."""
    wait = wait_after(attempts.failures, policy)
    if attempts.last_failed_at is None or not wait:
        return None
    return attempts.last_failed_at + wait


def is_held_back(attempts: Attempts, now: datetime, policy: ThrottlePolicy) -> bool:
    """An attempt while held back is refused unseen and does not lengthen the wait: nobody can be shut out for good."""
    until = open_again_at(attempts, policy)
    return until is not None and now < until


def after_failure(attempts: Attempts, now: datetime, policy: ThrottlePolicy) -> Attempts:
    """Count one more failure; a quiet day starts afresh."""
    if attempts.last_failed_at is None or now - attempts.last_failed_at >= policy.forget_after:
        return Attempts(1, now)
    return Attempts(attempts.failures + 1, now)
