"""Lives as the tables write them: "2025-03-15.. g1 a1", "died 2025-09-10", "2025-06-12 counts failed"."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from registry.rules.stays import Stay
from subsidy.queries.presets import preset
from subsidy.rules.life import Agreement, ClassFrom, DutyWord, Incident, Life, Payee, Stop
from subsidy.rules.schemes import PayClass, Scheme, Version
from subsidy.rules.settlement import Settlement
from subsidy.rules.spans import Span
from subsidy.terms import DutyResult, PartMonth, Per, Role, SchemeKind, StopFrom, StopReason

ALWAYS = date(2000, 1, 1)
FOR_EVER = date(2099, 12, 31)
GUARDIAN = Payee("g1")


def span(text: str) -> Span:
    first, _, last = text.partition("..")
    return Span(date.fromisoformat(first), date.fromisoformat(last) if last else FOR_EVER)


def _end(text: str) -> date | None:
    last = text.partition("..")[2]
    return date.fromisoformat(last) if last else None


def _agreement(line: str) -> Agreement:
    days, *keys = line.split()
    payees = tuple(Payee(key, Role.ASSISTANT if key[0] == "a" else Role.GUARDIAN) for key in keys)
    return Agreement(span(days).first, _end(days), payees)


def _class(line: str) -> ClassFrom:
    day, key = line.split()
    return ClassFrom(date.fromisoformat(day), key.strip("-?"), known="?" not in key)


def _stop(line: str) -> Stop:
    reason, days = line.split()
    return Stop(StopReason(reason), span(days).first, _end(days))


def _duty(line: str) -> DutyWord:
    days, result = line.split()
    return DutyWord(span(days), DutyResult(result))


def _incident(line: str) -> Incident:
    day, *words = line.split()
    counts = True if "counts" in words else False if "not" in words else None
    return Incident(date.fromisoformat(day), counts, "failed" in words)


def life(case: Mapping[str, Any], first_class: str) -> Life:
    return Life(
        agreements=tuple(map(_agreement, case.get("agreements", ["2000-01-01.. g1"]))),
        classes=tuple(map(_class, case.get("classes", [f"2000-01-01 {first_class}"]))),
        stops=tuple(map(_stop, case.get("stops", []))),
        stays=tuple(Stay(span(days).first, _end(days)) for days in case.get("stays", [])),
        duty=tuple(map(_duty, case.get("duty", ["2000-01-01.. passed"]))),
        incidents=tuple(map(_incident, case.get("incidents", []))),
        at_once=tuple(map(date.fromisoformat, case.get("at_once", []))),
    )


def changed(scheme: Scheme, change: Mapping[str, Any]) -> Scheme:
    """The scheme with single rules of its first version set otherwise."""
    version = scheme.versions[0]
    for key, value in change.items():
        if key in StopReason.values:
            stops = {**version.stop.stops, StopReason(key): StopFrom(value)}
            version = replace(version, stop=replace(version.stop, stops=stops))
        elif key == "whole_stay":
            version = replace(version, stop=replace(version.stop, whole_stay=value))
        else:
            kind = {"part_month": PartMonth, "class_from": StopFrom}[key]
            version = replace(version, **{key: kind(value)})
    return replace(scheme, versions=(version,))


def scheme_of(case: Mapping[str, Any]) -> Scheme:
    return changed(preset(case["scheme"]), case.get("change", {}))


def plain(amount: str, starts_on: date = ALWAYS, per: Per = Per.MONTH, **rules: Any) -> Version:
    """A version with one class and nothing else."""
    return Version(starts_on, "试验", (PayClass("standard", "标准", Decimal(amount), per),), **rules)


def scheme(*versions: Version) -> Scheme:
    return Scheme("test", SchemeKind.GUARDIAN_AWARD, "试验补助", "某县", "试验", versions)


def lines_of(found: Settlement) -> list[str]:
    return [f"{one.payee} {one.days_from}..{one.days_to} {one.months}m{one.days}d {one.amount}" for one in found.lines]


def nothing_of(found: Settlement) -> list[str]:
    return [f"{one.days.first}..{one.days.last} {one.reason.value}" for one in found.nothing]


def days_between(first: date, last: date) -> int:
    return (last - first) // timedelta(days=1) + 1
