"""What a saved or corrected assessment means for one office's case."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from exchange.rules.cases import CaseEvent
from exchange.terms import CaseStatus, ClosedBecause

# After these the level on paper still stands, but a psychiatrist has said no: only a different assessment reopens.
FINAL = frozenset({ClosedBecause.CONFIRMED_FALL})


@dataclass(frozen=True)
class AlertPolicy:
    """County settings. Units: level 0–5, whole days."""

    from_level: int = 3
    late_days: int = 7
    fall_needs_psychiatrist: bool = True
    tells_unstable_leaving: bool = True


@dataclass(frozen=True)
class Assessment:
    """A current record with a level. `by_psychiatrist`: its author may confirm levels."""

    source: UUID
    version: int
    on: date
    level: int
    by_psychiatrist: bool = False


@dataclass(frozen=True)
class Told:
    """What an office was told about one source: the last entry of it that holds."""

    on: date
    level: int


@dataclass(frozen=True)
class CaseFacts:
    """An office's newest case. `told` speaks of the assessment in question, in that case."""

    status: CaseStatus | None = None  # None: never had one
    told: Told | None = None
    closed_because: ClosedBecause | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True)
class Decision:
    """`event` moves the case; `tell` adds an entry for `about`; `withdraw` takes the entries of `about` back."""

    event: CaseEvent | None = None
    about: Assessment | None = None
    tell: bool = False
    withdraw: bool = False


NOTHING = Decision()


def is_late(on: date, *, today: date, policy: AlertPolicy) -> bool:
    """Dated more than `late_days` ago: history, which raises nothing. Source: contract (visits); decisions A9."""
    return on < today - timedelta(days=policy.late_days)


def decide(
    changed: Assessment | None,
    newest: Assessment | None,
    case: CaseFacts,
    *,
    corrected: bool,
    today: date,
    policy: AlertPolicy,
) -> Decision:
    """Decide for one office after `changed` was saved; `newest` is the patient's newest assessment by date.

    `changed` None: a correction took the level away. `case.told` is about `changed` (or the record it was).
    Source: decisions B19, B21. The newest assessment rules, so an older one never closes what a newer one opened.
    """
    high = newest is not None and newest.level >= policy.from_level
    open_now = case.status not in (None, CaseStatus.CLOSED)
    if not open_now:
        return _open(changed, newest, case, high=high, corrected=corrected, today=today, policy=policy)
    if not high:
        return _fall(changed, newest, case, corrected=corrected, policy=policy)
    return _stay(changed, newest, case, corrected=corrected, today=today, policy=policy)


def _rise(assessment: Assessment) -> CaseEvent:
    return CaseEvent.RISE_CONFIRMED if assessment.by_psychiatrist else CaseEvent.RISE


def _open(
    changed: Assessment | None,
    newest: Assessment | None,
    case: CaseFacts,
    *,
    high: bool,
    corrected: bool,
    today: date,
    policy: AlertPolicy,
) -> Decision:
    if newest is None or not high or is_late(newest.on, today=today, policy=policy):
        return NOTHING
    if changed is None or newest.source != changed.source:
        # Only a correction (of the record that had hidden it) brings an older assessment back to the front.
        return Decision(_rise(newest), newest, tell=True) if corrected and case.closed_because not in FINAL else NOTHING
    if case.closed_because in FINAL and case.told == Told(changed.on, changed.level):
        return NOTHING
    return Decision(_rise(newest), newest, tell=True)


def _fall(
    changed: Assessment | None, newest: Assessment | None, case: CaseFacts, *, corrected: bool, policy: AlertPolicy
) -> Decision:
    if newest is not None and case.confirmed_on is not None and newest.on < case.confirmed_on:
        return NOTHING  # the psychiatrist's confirmation is the newer assessment
    final = not policy.fall_needs_psychiatrist or (newest is not None and newest.by_psychiatrist)
    taken_back = corrected and case.told is not None and (changed is None or changed.level < policy.from_level)
    event = CaseEvent.FALL if final else CaseEvent.FALL_REPORTED
    return Decision(event, newest if newest is not None else changed, withdraw=taken_back)


def _stay(
    changed: Assessment | None,
    newest: Assessment | None,
    case: CaseFacts,
    *,
    corrected: bool,
    today: date,
    policy: AlertPolicy,
) -> Decision:
    back = CaseEvent.CONFIRM if corrected and case.status == CaseStatus.UNDER_REVIEW else None
    if changed is None or changed.level < policy.from_level:
        return Decision(back, changed, withdraw=corrected and case.told is not None)
    said = Told(changed.on, changed.level)
    if case.told == said or (case.told is None and is_late(changed.on, today=today, policy=policy)):
        return Decision(back, changed)
    rules = newest is not None and newest.source == changed.source
    return Decision(_rise(changed) if rules else back, changed, tell=True)
