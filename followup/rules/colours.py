"""动态分色: from what is known of a person to a colour, with the words for it. Pure; dates are local days.

A county's table decides (followup.rules.colour_table); the national norm's due dates stay what they are.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from followup.rules.colour_table import Days, Table
from followup.rules.dates import add_months
from followup.terms import Adherence, Aside, ColourWay, Criterion, Stability
from registry.terms import CareStatus, Colour, GuardianshipState

ORDER = tuple(Colour)  # the gravest first; a table may leave some out
ASIDE_STATUS = {CareStatus.AWAY: Aside.AWAY, CareStatus.LOST: Aside.LOST, CareStatus.DETAINED: Aside.DETAINED}
WEAK = (GuardianshipState.WEAK, GuardianshipState.AWAY)
_LEVELS = {level: Criterion(f"level_{level}") for level in range(1, 6)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourFacts:
    """What is known of one person today. `record` numbers the newest complete record; None: there is none.

    Units: level 0–5; `seen_*` the newest complete record by that office or one above it.
    """

    status: str
    in_hospital: bool = False
    record: int | None = None
    level: int | None = None
    stability: int | None = None
    adherence: int | None = None
    open_incident: bool = False
    incident_on: date | None = None
    has_guardian: bool = True
    guardianship: str = ""
    seen_village: date | None = None
    seen_township: date | None = None
    seen_psychiatrist: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`colour` is empty where nothing is known yet; `aside` says why somebody is not in the community."""

    colour: str
    reasons: tuple[Criterion, ...] = ()
    aside: str = ""


def holding(facts: ColourFacts, *, months: int, today: date) -> dict[Criterion, bool]:
    """Whether each criterion is met. Source: 酉阳 十四; practice notes D (suggested start values). Units: calendar months."""
    incident = facts.incident_on
    return {
        **{criterion: facts.level == level for level, criterion in _LEVELS.items()},
        Criterion.OPEN_INCIDENT: facts.open_incident,
        Criterion.RECENT_INCIDENT: incident is not None and today <= add_months(incident, months),
        Criterion.PAST_INCIDENT: incident is not None,
        Criterion.UNSTABLE: facts.stability == Stability.UNSTABLE,
        Criterion.FAIR: facts.stability == Stability.FAIR,
        Criterion.NOT_TAKEN: facts.adherence == Adherence.NOT_TAKEN,
        Criterion.INTERRUPTED: facts.adherence == Adherence.INTERRUPTED,
        Criterion.NO_GUARD: not facts.has_guardian or facts.guardianship == GuardianshipState.NONE,
        Criterion.WEAK_GUARD: facts.guardianship in WEAK,
        Criterion.REFUSING: facts.status == CareStatus.REFUSED,
    }


def suggest(facts: ColourFacts, table: Table, *, today: date) -> Suggestion:
    """The gravest colour that something speaks for, with all that speaks for it. Source: 酉阳 十四; 本系统.

    Where nothing speaks for any, a person with a record gets the mildest colour; without a record and without an
    incident nothing is said. Who is not in the community is set aside and still rises.
    """
    holds = holding(facts, months=table.incident_months, today=today)
    met = [one for one in table.criteria if holds[one]]
    # Guardianship alone says nothing about somebody whom nobody has seen yet.
    if facts.record is None and facts.incident_on is None:
        met = []
    colour = min((table.criteria[one] for one in met), key=table.rank, default="")
    if not colour and facts.record is not None:
        colour = table.mildest
    return Suggestion(colour, tuple(one for one in met if table.criteria[one] == colour), _aside(facts, table))


def _aside(facts: ColourFacts, table: Table) -> str:
    if table.aside is None:
        return ""
    inside = facts.in_hospital or facts.status == CareStatus.ADMITTED
    found = Aside.IN_HOSPITAL if inside else ASIDE_STATUS.get(CareStatus(facts.status))
    return found.value if found in table.aside_when else ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a person has now: `colour` in the order of grave to mild, `aside` beside it."""

    colour: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """`way` is empty when what is shown stays; `fall` the colour for which an assessment and an approval are owed."""

    held: Held
    way: str = ""
    fall: str = ""


def decide(held: Held, found: Suggestion, table: Table) -> Decided:
    """Rising is immediate, falling needs an assessment and an approval. Source: issue 3, Follow-up 7; practice notes D.

    A colour that the table no longer has becomes the next graver one it has: a new table lowers nobody by itself.
    """
    before = _kept(held.colour, table)
    colour = before
    if found.colour and (not before or table.rank(found.colour) < table.rank(before)):
        colour = found.colour
    fall = found.colour if found.colour and not found.aside and table.rank(found.colour) > table.rank(colour) else ""
    return Decided(Held(colour, found.aside), _way(held, before, Held(colour, found.aside)), fall)


def _way(held: Held, before: str, after: Held) -> str:
    if after == held:
        return ""
    if after.aside != held.aside:
        return (ColourWay.ASIDE if after.aside else ColourWay.BACK).value
    if not held.colour:
        return ColourWay.FIRST.value
    return (ColourWay.TABLE if before == after.colour else ColourWay.RISE).value


def _kept(colour: str, table: Table) -> str:
    if not colour or colour in table.colours:
        return colour
    graver = [one for one in table.colours if ORDER.index(Colour(one)) < ORDER.index(Colour(colour))]
    return graver[-1] if graver else next(iter(table.colours))


def shown(held: Held, table: Table) -> str:
    """The colour that pages show: grey for who is set aside."""
    return Colour.GREY.value if held.aside and table.aside is not None else held.colour


@dataclass(frozen=True, slots=True)
class Dues:
    """By which day each office should have been there; None: the table asks nothing of it."""

    village: date | None = None
    township: date | None = None
    psychiatrist: date | None = None
    police: date | None = None


def dues(held: Held, table: Table, *, since: date, facts: ColourFacts, seen_police: date | None) -> Dues:
    """The next visit of each office by the colour, counted from its last one or from the day the colour began.

    Beside the national date, which no colour moves: what is due is the earlier of both. Source: issue 3, Follow-up 7.
    Units: whole days.
    """
    days = table.days(shown(held, table)) if held.colour or held.aside else Days()

    def on(number: int, seen: date | None) -> date | None:
        return max(seen or since, since) + timedelta(days=number) if number else None

    return Dues(
        on(days.village, facts.seen_village), on(days.township, facts.seen_township),
        on(days.psychiatrist, facts.seen_psychiatrist), on(days.police, seen_police),
    )  # fmt: skip


def earlier(colour_on: date | None, norm_on: date | None) -> date | None:
    """What is due: the earlier of the colour's day and the norm's. Source: decisions C24 (never later than the rule)."""
    return min((day for day in (colour_on, norm_on) if day is not None), default=None)


def reason_words(reasons: tuple[str, ...] | list[str], *, months: int) -> tuple[str, ...]:
    """What led to the colour, one phrase each."""
    found = []
    for code in reasons:
        if code == Criterion.RECENT_INCIDENT:
            found.append(f"近 {months} 个月内有已确认的事件")
        else:
            found.append(str(Criterion(code).label))
    return tuple(found) or ("没有列出的情况",)
