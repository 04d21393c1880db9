"""The indicators, word for word from their definitions. T is `day`; Y0 is 1 January of its year."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from .facts import Person, Record, Register

REGULAR, INTERRUPTED, NOT_TAKEN, NOT_NEEDED = 1, 2, 3, 4
STABLE = 3
SCHIZOPHRENIA = "01"


def months_apart(first: date, second: date) -> int:
    return 12 * (second.year - first.year) + second.month - first.month


def records_of_the_year(person: Person, day: date) -> list[Record]:
    return [r for r in person.complete_records() if date(day.year, 1, 1) <= r.visited_on <= day]


def last_record(person: Person, day: date) -> Record | None:
    records = records_of_the_year(person, day)
    return records[-1] if records else None


def is_managed(person: Person, day: date) -> bool:
    return bool(records_of_the_year(person, day))


def is_standard(person: Person, day: date) -> bool:
    dates = [r.visited_on for r in records_of_the_year(person, day)]
    return bool(dates) and all(months_apart(a, b) <= 3 for a, b in pairwise(dates))


def is_standard_strictly(person: Person, day: date) -> bool:
    if not is_standard(person, day):
        return False
    records = records_of_the_year(person, day)
    earlier = [r.visited_on for r in person.complete_records() if r.visited_on < date(day.year, 1, 1)]
    before_first = earlier[-1] if earlier else person.opened_on
    return months_apart(records[-1].visited_on, day) <= 3 and months_apart(before_first, records[0].visited_on) <= 3


def was_met(person: Person, day: date) -> bool:
    return any(r.form in ("1", "2") and "1" in r.seen for r in records_of_the_year(person, day))


def is_medicated(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return last is not None and (last.in_hospital or last.adherence in (REGULAR, INTERRUPTED))


def takes_regularly(person: Person, day: date) -> bool:
    records = records_of_the_year(person, day)
    taken = [r for r in records if r.in_hospital or r.adherence == REGULAR]
    broken = [r for r in records if not r.in_hospital and r.adherence in (INTERRUPTED, NOT_TAKEN)]
    return bool(taken) and not broken


def took_regularly_last(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return last is not None and (last.in_hospital or last.adherence == REGULAR)


def is_at_home(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return last is not None and not last.in_hospital


def is_stable(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return (
        last is not None
        and not last.in_hospital
        and last.stability == STABLE
        and months_apart(last.visited_on, day) <= 3
    )


def was_assessed_each_quarter(person: Person, day: date) -> bool:
    for first_month in (1, 4, 7, 10):
        starts = date(day.year, first_month, 1)
        ends = date(day.year + first_month // 10, (first_month + 2) % 12 + 1, 1) - timedelta(days=1)
        if ends > day or starts <= person.opened_on:
            continue
        if not any(r.level is not None and starts <= r.visited_on <= ends for r in person.records):
            return False
    return True


def incident_days(person: Person, day: date) -> list[date]:
    """Records that say so (also those without a level), and confirmed incidents."""
    days = [r.visited_on for r in person.records if r.incidents] + person.events
    return [on for on in days if date(day.year, 1, 1) <= on <= day]


def had_an_incident(person: Person, day: date) -> bool:
    return bool(incident_days(person, day))


def number_of_events(person: Person, day: date) -> int:
    """Every confirmed incident of the year, and of each record's number what no incident of its time answers for.

    A record speaks of the time since the day of the one before it (92 days where there is none); an incident answers for
    the first record that can use it.
    """
    known = [r for r in person.records if r.visited_on <= day]
    acts = person.acts or [1] * len(person.events)
    free = sorted((on, number) for on, number in zip(person.events, acts, strict=True) if on <= day)
    total = sum(1 for on, _ in free if on.year == day.year)
    for record in sorted(known, key=lambda r: (r.visited_on, r.entered)):
        earlier = [r.visited_on for r in known if r.visited_on < record.visited_on]
        since = max(earlier) if earlier else record.visited_on - timedelta(days=92)
        rest = record.incidents
        for event in list(free):
            if rest > 0 and since <= event[0] <= record.visited_on:
                free.remove(event)
                rest -= event[1]
        if record.visited_on.year == day.year:
            total += max(rest, 0)
    return total


def was_taken_in(person: Person, day: date) -> bool:
    return any(
        first <= min(on + timedelta(days=30), day) and last >= on
        for on in incident_days(person, day)
        for first, last in person.stays
    )


def was_ever_high(person: Person, day: date) -> bool:
    return any(r.level is not None and r.level >= 3 for r in records_of_the_year(person, day))


def high_was_answered(person: Person, day: date) -> bool:
    def answered(on: date) -> bool:
        until = on + timedelta(days=14)
        return (
            until > day
            or any(on < r.visited_on <= until for r in person.complete_records())
            or any(first <= until and last >= on for first, last in person.stays)
        )

    return all(answered(r.visited_on) for r in records_of_the_year(person, day) if r.level is not None and r.level >= 3)


def got_free_medicine(person: Person, day: date) -> bool:
    return any(date(day.year, 1, 1) <= on <= day for on in person.free_second)


def needs_no_medicine(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return last is not None and last.adherence == NOT_NEEDED


def was_examined(person: Person, day: date) -> bool:
    return any(date(day.year, 1, 1) <= on <= day for on in person.exams)


def was_injected(person: Person, day: date) -> bool:
    start = date(day.year, 1, 1)
    return any(on <= day and (on >= start or on + timedelta(days=lasts) >= day) for on, lasts in person.shots)


def is_offered_injections(person: Person, day: date) -> bool:
    last = last_record(person, day)
    guarded = [state for on, state in sorted(person.guardianships) if on <= day]
    return (
        (last is not None and last.adherence in (INTERRUPTED, NOT_TAKEN))
        or bool(guarded and guarded[-1] in ("weak", "none"))
        or was_ever_high(person, day)
    )


def is_grave(person: Person, day: date) -> bool:
    last = last_record(person, day)
    return last is not None and last.level is not None and last.level >= 3


def has_a_plan(person: Person, day: date) -> bool:
    return any(on <= day for on in person.plans)


def posts(register: Register, townships: Iterable[str], day: date) -> Decimal:
    """Full-time equivalents in post on the day."""
    inside = set(townships)
    return Decimal(sum(p.share for p in register.posts if p.township in inside and p.held(day))) / 100


def residents(register: Register, townships: Iterable[str], year: int) -> tuple[int | None, list[str]]:
    """The population, or None and the townships that have none. A year with no entry: the latest earlier one."""
    total, without = 0, []
    for township in townships:
        years = [y for (code, y) in register.population if code == township and y <= year]
        if years:
            total += register.population[township, max(years)]
        else:
            without.append(township)
    return (None if without else total), without


def rate(numerator: int, denominator: int | Decimal | None, per: int) -> str | None:
    if not denominator:
        return None
    return str((Decimal(numerator) * per / Decimal(denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP))


Yes = Callable[[Person, date], bool]


def anybody(person: Person, day: date) -> bool:
    return True


# Who is in the denominator, of those registered, and who of them counts.
SHARES: dict[str, tuple[Yes, Yes]] = {
    "managed": (anybody, is_managed),
    "standard_managed": (anybody, is_standard),
    "standard_managed_strict": (anybody, is_standard_strictly),
    "face_to_face": (anybody, was_met),
    "medicated": (anybody, is_medicated),
    "regular_medication": (anybody, takes_regularly),
    "regular_medication_last": (anybody, took_regularly_last),
    "scz_treated": (lambda person, day: person.diagnosis(day) == SCHIZOPHRENIA, is_medicated),
    "scz_regular": (lambda person, day: person.diagnosis(day) == SCHIZOPHRENIA, takes_regularly),
    "stable": (is_at_home, is_stable),
    "quarterly_risk": (is_managed, was_assessed_each_quarter),
    "incident_patients": (anybody, had_an_incident),
    "free_sga": (lambda person, day: not needs_no_medicine(person, day), got_free_medicine),
    "free_sga_of_all": (anybody, got_free_medicine),
    "checked_up": (anybody, was_examined),
    "lai": (is_offered_injections, was_injected),
    "care_plans": (is_grave, has_a_plan),
    "high_risk_managed": (was_ever_high, high_was_answered),
    "incident_treated": (had_an_incident, was_taken_in),
}


def registered_in(register: Register, townships: Iterable[str], day: date) -> list[Person]:
    inside = set(townships)
    return [p for p in register.people.values() if p.is_registered(day) and p.township(day) in inside]


def outcomes(register: Register, townships: Iterable[str], day: date) -> dict[str, dict[str, str]]:
    """By figure, of everyone registered there on the day: met, unmet, or out of the denominator."""
    people = registered_in(register, townships, day)
    return {
        code: {p.key: ("met" if yes(p, day) else "unmet") if within(p, day) else "out" for p in people}
        for code, (within, yes) in SHARES.items()
    }


def indicators(register: Register, townships: Iterable[str], day: date) -> dict[str, object]:
    """Every indicator of the area made of these townships, in the shape the `indicators` command prints."""
    townships = list(townships)
    registered = registered_in(register, townships, day)

    def share(code: str) -> dict[str, object]:
        within, yes = SHARES[code]
        who = [person for person in registered if within(person, day)]
        numerator = sum(yes(person, day) for person in who)
        return {"numerator": numerator, "denominator": len(who), "rate": rate(numerator, len(who), 100)}

    staff = posts(register, townships, day)
    people, _missing = residents(register, townships, day.year)
    result: dict[str, object] = {
        "prevalence": {
            "numerator": len(registered),
            "denominator": people,
            "rate": rate(len(registered), people, 1000),
        },
        **{code: share(code) for code in SHARES if code != "free_sga_of_all"},
        "free_sga": share("free_sga") | {"of_registered": share("free_sga_of_all")},
        "staff_ratio": {
            "numerator": len(registered),
            "denominator": float(staff) if staff % 1 else int(staff),
            "rate": rate(len(registered), staff, 1),
        },
        "registered": len(registered),
        "incident_events": sum(number_of_events(person, day) for person in registered),
    }
    for level in range(6):
        result[f"risk_{level}"] = sum(
            1 for p in registered if (last := last_record(p, day)) is not None and last.level == level
        )
    return result
