"""交换包: who stands in which list, how it differs from the last one, and how it gets out of the county."""

from collections.abc import Collection, Iterable
from hashlib import sha256

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.rules.periods import Period
from exchange.rules.snapshot import PersonSnapshot, TownSnapshot
from exchange.terms import ListKind, PackageState

S, P, L = PackageState, Permission, ListKind
PACKAGES = Machine(
    name="package",
    label="交换包",
    source="issue 4, Build 4; security 3.7: released by two people bound to the hash of what they saw",
    states=tuple(S),
    starts=frozenset({S.OPENED}),
    ends=frozenset({S.RECALLED, S.DROPPED}),
    steps=(
        Step(S.OPENED, S.PREPARED, "准备", None, "exchange.package.prepared"),
        Step(S.OPENED, S.DROPPED, "作废", P.PREPARE_PACKAGE, "exchange.package.dropped", needs_reason=True),
        Step(S.PREPARED, S.OPENED, "重新准备", P.PREPARE_PACKAGE, "exchange.package.reopened", needs_reason=True),
        Step(S.PREPARED, S.RELEASED, "签发", P.RELEASE_PACKAGE, "exchange.package.released"),
        Step(S.PREPARED, S.DROPPED, "作废", P.PREPARE_PACKAGE, "exchange.package.dropped", needs_reason=True),
        Step(S.RELEASED, S.COLLECTED, "领取", None, "exchange.package.collected"),
        Step(S.RELEASED, S.RECALLED, "收回", P.RELEASE_PACKAGE, "exchange.package.recalled", needs_reason=True),
        Step(S.COLLECTED, S.RECALLED, "收回", P.RELEASE_PACKAGE, "exchange.package.recalled", needs_reason=True),
    ),
)
SIGN_HOURS = 72
DISPUTED = "有异议"
_OBJECTED = "|!"
QUIET_SECONDS = 60  # a preparation that has said nothing for so long has died
HIGH = 3
AWAY = frozenset({"lost", "refused", "away"})
ENDING = frozenset({"moved_out", "dead", "excluded"})
HELPED = ("poor", "dibao", "tekun", "targeted")


def belongs(kind: ListKind, person: PersonSnapshot, period: Period) -> bool:
    """Whether a person stands in a list of this period. Source: issue 4, Build 1; access model 3.3 (`pol`, `ben`).

    The list of incidents has a row per incident and is asked for each of them.
    """
    here, high = person.registered, (person.level or 0) >= HIGH
    if kind is L.HIGH_RISK:
        return here and high
    if kind is L.INCIDENTS:
        return person.incident is not None and period.holds(person.incident.on)
    if kind is L.AWAY:
        return here and person.status_code in AWAY
    if kind is L.NEW:
        return period.holds(person.opened_on)
    if kind is L.ENDED:
        return person.status_code in ENDING and period.holds(person.status_on)
    if kind is L.STANDARD:
        return here and (high or any(period.holds(day) for day in person.incidents))
    if kind is L.ASSISTED:
        return here and any(person.social.get(one) for one in HELPED)
    if kind is L.CERTIFIED:
        return here and bool(person.social.get("disability"))
    if kind is L.INSURED:
        return here and bool(person.social.get("insured"))
    return False


def standing_in(kinds: Collection[ListKind], person: PersonSnapshot, period: Period) -> set[ListKind]:
    """Which of these lists somebody stands in. The list of incidents has a row for each of the period.

    Source: issue 4, Build 1.
    """
    found = {kind for kind in kinds if belongs(kind, person, period)}
    if L.INCIDENTS in kinds and any(period.holds(day) for day in person.incidents):
        found.add(L.INCIDENTS)
    return found


def fills_form(kinds: Iterable[ListKind]) -> bool:
    """表1-12 counts new, dangerous and disturbing people: only what tells all three has it (police, committee)."""
    return {L.NEW, L.HIGH_RISK, L.INCIDENTS} <= set(kinds)


def counted(person: PersonSnapshot, period: Period, before: TownSnapshot) -> TownSnapshot:
    """A township's totals with one more person."""
    here = person.registered
    return TownSnapshot(
        township=before.township,
        registered=before.registered + here,
        managed=before.managed + (here and person.status_code == "managed"),
        high_risk=before.high_risk + belongs(L.HIGH_RISK, person, period),
        new=before.new + belongs(L.NEW, person, period),
        ended=before.ended + belongs(L.ENDED, person, period),
        away=before.away + belongs(L.AWAY, person, period),
    )


def disputed_key(key: str) -> str:
    """The row's key when the person or guardian objected before it was made: sealed with the row, gone over by nobody."""
    return f"{key}{_OBJECTED}"


def is_disputed_key(key: str) -> bool:
    return key.endswith(_OBJECTED)


def plain_key(key: str) -> str:
    """Who the row is about, whatever was objected: two packages are compared by it."""
    return key.removesuffix(_OBJECTED)


def marked(cells: list[str], disputed: bool) -> list[str]:
    """What is signed and compared of a row: an objection is part of it."""
    return [*cells, DISPUTED] if disputed else cells


def row_digest(cells: list[str]) -> str:
    return sha256("\x1f".join(cells).encode()).hexdigest()[:24]


def content_hash(head: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    """What is signed: template, period and every cell in order, nothing else. The same on every run."""
    found = sha256(head.encode())
    for kind, cells in rows:
        found.update(b"\x1e" + "\x1f".join([kind, *cells]).encode())
    return found.hexdigest()
