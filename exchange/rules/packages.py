"""交换包: who stands in which list, how it differs from the last one, and how it gets out of the county."""

from collections.abc import Callable, Collection, Iterable, Mapping
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


Rule = Callable[[PersonSnapshot, Period], bool]


def is_high(person: PersonSnapshot, period: Period) -> bool:
    return person.registered and (person.level or 0) >= HIGH


def _disturbed(person: PersonSnapshot, period: Period) -> bool:
    return any(period.holds(day) for day in person.incidents)


# Who stands in which list of a period; totals are of townships. Source: issue 4, Build 1; access model 3.3 (`pol`, `ben`).
BELONGS: dict[ListKind, Rule] = {
    L.HIGH_RISK: is_high,
    L.INCIDENTS: _disturbed,  # a row for each of the period
    L.AWAY: lambda person, period: person.registered and person.status_code in AWAY,
    L.NEW: lambda person, period: period.holds(person.opened_on),
    L.ENDED: lambda person, period: person.status_code in ENDING and period.holds(person.status_on),
    L.STANDARD: lambda person, period: is_high(person, period) or (person.registered and _disturbed(person, period)),
    L.ASSISTED: lambda person, period: person.registered and any(person.social.get(one) for one in HELPED),
    L.CERTIFIED: lambda person, period: person.registered and bool(person.social.get("disability")),
    L.INSURED: lambda person, period: person.registered and bool(person.social.get("insured")),
}


def rules_of(kinds: Collection[ListKind]) -> dict[ListKind, Rule]:
    """Of these lists, those about people."""
    return {kind: rule for kind, rule in BELONGS.items() if kind in kinds}


def standing_in(rules: Mapping[ListKind, Rule], person: PersonSnapshot, period: Period) -> set[ListKind]:
    """Which of these lists somebody stands in. Everybody of a county is asked, so the rules are looked up before."""
    return {kind for kind, rule in rules.items() if rule(person, period)}


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
        high_risk=before.high_risk + BELONGS[L.HIGH_RISK](person, period),
        new=before.new + BELONGS[L.NEW](person, period),
        ended=before.ended + BELONGS[L.ENDED](person, period),
        away=before.away + BELONGS[L.AWAY](person, period),
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
