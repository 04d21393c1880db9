"""The class of a family from day to day, out of the facts as they changed: what a settlement is made from."""

from collections.abc import Iterable
from datetime import date

from subsidy.rules.eligibility import Facts, judge
from subsidy.rules.life import ClassFrom
from subsidy.rules.schemes import Scheme
from subsidy.terms import Met


def classes_over(changes: Iterable[tuple[date, Facts]], scheme: Scheme) -> tuple[ClassFrom, ...]:
    """`changes`: the day on which any fact became different, with all the facts from then on, in any order.

    Every day on which a version of the scheme begins is judged too. While something is not known, the class that was
    held stays and its money waits; whoever held none gets none until it is found out. Source: practice.md A1; issue 6,
    Build 2 (never retroactively without an offset: what was settled before is compared, see `offsets.py`).
    """
    facts = sorted(changes, key=lambda change: change[0])
    days = {on for on, _ in facts} | {
        one.starts_on for one in scheme.versions if facts and one.starts_on >= facts[0][0]
    }
    found: list[ClassFrom] = []
    for day in sorted(days):
        known = [one for on, one in facts if on <= day][-1]
        verdict = judge(known, scheme, day)
        held = found[-1].class_key if found else ""
        key = held if verdict.met is Met.UNKNOWN else verdict.class_key
        now = ClassFrom(day, key, verdict.met is not Met.UNKNOWN)
        if not found or (found[-1].class_key, found[-1].known) != (now.class_key, now.known):
            found.append(now)
    return tuple(found)
