"""One indicator in parts: by place, diagnosis, level or quarter. The parts of a place, a diagnosis or a level sum to it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from accounts.models import Division
from accounts.queries.places import counties_under
from accounts.terms import DivisionLevel
from registry.terms import DiagnosisCode
from reports.queries.care_facts import relation_sql
from reports.queries.conditions import counted_sql, included_sql, literal
from reports.queries.counts import figures_scope, sum_of
from reports.queries.figures import Figures
from reports.queries.kept import counts_on_days, quarter
from reports.queries.periods import period_sql, place_of
from reports.queries.posts import posts_on
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator
from reports.rules.indicators import BY_TOWNSHIP, PREVALENCE, REGISTERED, STAFF_RATIO
from reports.rules.joint_meetings import HeldIndicator
from reports.rules.months import closed_quarters, quarter_end, quarter_start
from reports.rules.place_indicators import PlaceIndicator
from reports.terms import Breakdown

_COLUMNS = {Breakdown.VILLAGE: "village", Breakdown.DIAGNOSIS: "diagnosis", Breakdown.LEVEL: "last_level"}
Counted = Indicator | PlaceIndicator | HeldIndicator
NO_LEVEL, NO_VILLAGE = "没有等级", "没有登记到村"


@dataclass(frozen=True, slots=True)
class Part:
    """`area` and `as_of` lead to the part's own page; empty where it has none."""

    name: str
    numerator: int
    denominator: int | Decimal | None
    area: str = ""
    as_of: str = ""


def by_place(found: Counted, area: Division, townships: dict[str, Figures]) -> list[Part]:
    """Townships of a county, counties of what lies above it."""
    if area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY):
        return [_county(found, county, townships) for county in counties_under(area)]
    return [_part(found, inside) for inside in townships.values()]


def _county(found: Counted, county: Division, townships: dict[str, Figures]) -> Part:
    inside = [figures for code, figures in townships.items() if code.startswith(county.code)]
    if found is PREVALENCE:
        people = [figures.population.total for figures in inside]
        whole = None if None in people or not people else sum(count or 0 for count in people)
        return Part(county.name, _registered(inside), whole, county.code)
    if found is STAFF_RATIO:
        return Part(
            county.name, _registered(inside), sum((each.posts_held.total for each in inside), Decimal(0)), county.code
        )
    numerator, denominator = sum_of(figures.counts for figures in inside)[found.code]
    return Part(county.name, numerator, denominator, county.code)


def _registered(inside: Iterable[Figures]) -> int:
    return sum(figures.count(REGISTERED.code) for figures in inside)


def _part(found: Counted, inside: Figures) -> Part:
    figure = inside[found.code]
    denominator = figure.denominator if found in BY_TOWNSHIP else inside.counts[found.code][1]
    return Part(inside.area.name, figure.numerator or 0, denominator, inside.area.code)


def by_group(found: Indicator, area: Division, cut: Cut, by: Breakdown) -> list[Part]:
    """By village, diagnosis or level, in one statement. Counts only: read with the widest reach, as the figure is."""
    sql = (
        f"SELECT {_COLUMNS[by]}, count(*) FILTER (WHERE {counted_sql(found, cut)}), "  # noqa: S608
        f"count(*) FILTER (WHERE {included_sql(found, cut)}) FROM ("
        f"SELECT r.*, home.village_id AS village FROM ({relation_sql([found], place_of(area), cut)}) r "
        "JOIN registry_patient home ON home.id = r.patient_id) period GROUP BY 1 ORDER BY 1"
    )
    with figures_scope(cut), connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    if by is Breakdown.VILLAGE:
        return _villages(rows, area)
    names = dict(DiagnosisCode.choices) if by is Breakdown.DIAGNOSIS else {level: f"{level} 级" for level in range(6)}
    return [Part(names.get(key, NO_LEVEL), numerator, denominator) for key, numerator, denominator in rows]


def by_diagnosis(indicators: Sequence[Indicator], area: Division, cut: Cut) -> dict[str, dict[str, int]]:
    """Diagnosis → code → how many are counted, for several indicators in one statement. Counts only, as above."""
    columns = ", ".join(f"count(*) FILTER (WHERE {counted_sql(each, cut)})" for each in indicators)
    sql = f"SELECT diagnosis, {columns} FROM ({relation_sql(indicators, place_of(area), cut)}) period GROUP BY 1"  # noqa: S608
    with figures_scope(cut), connection.cursor() as cursor:
        cursor.execute(sql)
        return {
            row[0]: {each.code: count for each, count in zip(indicators, row[1:], strict=True)}
            for row in cursor.fetchall()
        }


def _villages(rows: Iterable[tuple[int | None, int, int]], area: Division) -> list[Part]:
    """By the home of today. Who has since moved elsewhere counts in no village: the new home is not this area's to know."""
    found = list(rows)
    keys = [key for key, _, _ in found if key is not None]
    villages = Division.objects.filter(code__startswith=area.code).in_bulk(keys)
    parts, others = [], [0, 0]
    for key, numerator, denominator in found:
        if village := villages.get(key or 0):
            parts.append(Part(village.usual_name, numerator, denominator, village.code))
        else:
            others = [others[0] + numerator, others[1] + denominator]
    return [*parts, Part(NO_VILLAGE, others[0], others[1])] if any(others) else parts


def by_quarter(found: Indicator, townships: dict[str, Figures], cut: Cut) -> list[Part]:
    """Each closed quarter of the year as the national system prints it: cumulative from 1 January to its last day."""
    cuts = [Cut(quarter_end(cut.as_of.year, number), cut.today) for number in closed_quarters(cut.as_of)]
    keys = [inside.area.pk for inside in townships.values()]
    return [
        Part(f"第 {each.slot} 季度末（累计）", *numbers, as_of=each.as_of.isoformat())
        for each, numbers in zip(cuts, _on_days(found, keys, cuts), strict=True)
    ]


def _on_days(found: Indicator, keys: list[int], cuts: list[Cut]) -> Iterator[tuple[int, int | Decimal]]:
    """Numerator and denominator of the townships together, day by day."""
    code = REGISTERED.code if found in BY_TOWNSHIP else found.code
    counts = counts_on_days(keys, cuts, [code])
    for cut in cuts:
        numerator, denominator = _sum_of_code(counts[quarter(cut.as_of)].values(), code)
        yield numerator, posts_on(keys, cut.as_of).total if found is STAFF_RATIO else denominator


def _sum_of_code(counts: Iterable[dict[str, tuple[int, int]]], code: str) -> tuple[int, int]:
    pairs = [each[code] for each in counts]
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def quarters_alone(area: Division, cut: Cut) -> list[Part]:
    """每季度危险性评估, each quarter by itself: a level recorded in it, over managed with the file opened before it began."""
    numbers = closed_quarters(cut.as_of)
    if not numbers:
        return []
    columns = []
    for number in numbers:
        owed = f"complete_n >= 1 AND opened_on < {literal(quarter_start(cut.as_of.year, number))}"
        columns += [f"count(*) FILTER (WHERE {owed} AND level_seen_q[{number}])", f"count(*) FILTER (WHERE {owed})"]
    with figures_scope(cut), connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM ({period_sql(place_of(area), cut)} OFFSET 0) period")  # noqa: S608
        row = cursor.fetchone()
    return [Part(f"第 {number} 季度", row[2 * at], row[2 * at + 1]) for at, number in enumerate(numbers)]
