"""One row per person registered on the cut-off day: the columns of PatientPeriod, by either of two ways.

`slots` reads the summary rows (a quarter's end, today), `straight` the dated facts and the visits (any day). Both give
the same columns, so everything above them asks the same questions; a test holds them equal on random histories.
"""

from dataclasses import dataclass
from typing import Literal

from accounts.models import Division
from accounts.terms import DivisionLevel
from registry.terms import ENDING
from reports.queries.conditions import literal
from reports.rules.cut import Cut
from reports.rules.months import quarter_end, quarter_start

COLUMNS = (
    "patient_id", "township", "county", "opened_on", "diagnosis", "complete_n", "max_gap", "first_on", "last_on",
    "prev_on", "last_level", "last_class", "last_adherence", "last_hospital", "any_taken", "any_not_taken", "face_n",
    "level_seen_q", "incident", "high_n",
)  # fmt: skip
_ENDED = ", ".join(f"'{value}'" for value in sorted(ENDING))
_MONTH = "(date_part('year', {0}) * 12 + date_part('month', {0}))"
_SLOTTED = (
    "complete_n", "max_gap", "first_on", "last_on", "last_level", "last_class", "last_adherence", "last_hospital",
    "any_taken", "any_not_taken", "face_n", "incident", "high_n", "township", "county", "diagnosis",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An area of any level as keys of counties or of townships, perhaps narrowed to one village."""

    column: Literal["county", "township"]
    ids: tuple[int, ...]
    village: int | None = None

    @property
    def keys(self) -> str:
        """The keys as an array of the database."""
        return "ARRAY[" + ",".join(map(str, self.ids)) + "]::int[]"


def place_of(area: Division) -> Place:
    if area.level == DivisionLevel.TOWNSHIP:
        return Place("township", (area.pk,))
    if area.level == DivisionLevel.VILLAGE:
        return Place("township", (area.parent_id or 0,), area.pk)
    if area.level == DivisionLevel.COUNTY:
        return Place("county", (area.pk,))
    below = Division.objects.filter(level=DivisionLevel.COUNTY, code__startswith=area.code)
    return Place("county", tuple(below.values_list("pk", flat=True)))


def period_sql(place: Place, cut: Cut) -> str:
    """The relation `period`: a sub-select to stand in a FROM clause. Nothing a person typed goes into it."""
    relation = slots_sql(place, cut) if cut.reads_slots else straight_sql(place, cut)
    if place.village is None:
        return relation
    return (
        f"SELECT r.* FROM ({relation}) r JOIN registry_patient home ON home.id = r.patient_id "  # noqa: S608
        f"WHERE home.village_id = {place.village}"
    )


def slots_sql(place: Place, cut: Cut) -> str:
    """The area of the slot decides, not today's; both ways into the area are indexed (who is here, who was here)."""
    slot = cut.slot
    columns = ", ".join(f"y.{column}[{slot}] AS {column}" for column in _SLOTTED)
    return f"""
        SELECT y.patient_id, y.opened_on, y.prev_on, y.level_seen_q[1:{slot}] AS level_seen_q, {columns}
        FROM followup_patientyear y
        WHERE y.year = {cut.as_of.year} AND y.registered[{slot}]
          AND (y.duty_{place.column} = ANY ({place.keys}) OR y.patient_id = ANY (ARRAY(
                SELECT d.patient_id FROM registry_dutyperiod d
                WHERE d.{place.column}_id = ANY ({place.keys}) AND NOT d.duty_{place.column} = ANY ({place.keys}))))
          AND y.{place.column}[{slot}] = ANY ({place.keys})
    """  # noqa: S608


def straight_sql(place: Place, cut: Cut) -> str:
    """From the dated facts and the visits themselves. The last record of a day is the one entered later.

    Records are read from three months before the year on: nearly everyone's last record of the year before lies there,
    and only for the others it is looked up.
    """
    start, end, before = (literal(day) for day in (cut.year_start, cut.as_of, cut.look_back))
    return f"""
        WITH ever AS MATERIALIZED (
            SELECT DISTINCT d.patient_id FROM registry_dutyperiod d WHERE d.{place.column}_id = ANY ({place.keys})
        ), duty AS (
            SELECT DISTINCT ON (d.patient_id) d.patient_id, d.township_id AS township, d.county_id AS county
            FROM registry_dutyperiod d JOIN ever USING (patient_id)
            ORDER BY d.patient_id, d.starts_on > {end}, abs(d.starts_on - {end})
        ), state AS (
            SELECT DISTINCT ON (s.patient_id) s.patient_id, s.value
            FROM registry_patientstatus s JOIN ever USING (patient_id)
            WHERE s.starts_on <= {end} ORDER BY s.patient_id, s.starts_on DESC
        ), sick AS (
            SELECT DISTINCT ON (d.patient_id) d.patient_id, d.code
            FROM registry_diagnosis d JOIN ever USING (patient_id)
            ORDER BY d.patient_id, d.starts_on > {end}, abs(d.starts_on - {end})
        ), person AS MATERIALIZED (
            SELECT p.id AS patient_id, p.opened_on, duty.township, duty.county, coalesce(sick.code, '') AS diagnosis
            FROM registry_patient p JOIN duty ON duty.patient_id = p.id
            LEFT JOIN state ON state.patient_id = p.id LEFT JOIN sick ON sick.patient_id = p.id
            WHERE p.opened_on <= {end} AND duty.{place.column} = ANY ({place.keys})
              AND (state.value IS NULL OR state.value NOT IN ({_ENDED}))
        ), record AS (
            SELECT v.patient_id, v.visited_on, v.visited_on >= {start} AS counts, v.level, v.stability, v.adherence,
                   v.hospital = 1 IS TRUE AS inside, v.form IN ('1', '2') AND '1' = ANY (v.seen) AS face,
                   v.trouble > 0 OR v.crime > 0 AS incident,
                   lag(v.visited_on) OVER line AS before, lead(v.root_id) OVER line IS NULL AS newest
            FROM followup_visit v JOIN person USING (patient_id)
            WHERE v.is_current AND v.complete AND v.visited_on BETWEEN {before} AND {end}
            WINDOW line AS (PARTITION BY v.patient_id ORDER BY v.visited_on, v.root_id)
        ), summed AS (
            SELECT patient_id, {_sums(cut, start)}
            FROM record GROUP BY patient_id
        )
        SELECT person.patient_id, opened_on, township, county, diagnosis, coalesce(complete_n, 0) AS complete_n,
               coalesce(max_gap, 0) AS max_gap, first_on, last_on, last_level, last_class, last_adherence,
               coalesce(last_hospital, false) AS last_hospital, coalesce(any_taken, false) AS any_taken,
               coalesce(any_not_taken, false) AS any_not_taken, coalesce(face_n, 0) AS face_n,
               coalesce(incident, false) AS incident, coalesce(high_n, 0) AS high_n,
               coalesce(level_seen_q, ARRAY[{", ".join(["false"] * cut.slot)}]) AS level_seen_q,
               coalesce(near_on, (
                   SELECT max(b.visited_on) FROM followup_visit b WHERE b.patient_id = person.patient_id
                     AND b.is_current AND b.complete AND b.visited_on < {before})) AS prev_on
        FROM person LEFT JOIN summed USING (patient_id)
    """  # noqa: S608


def _sums(cut: Cut, start: str) -> str:
    """The columns of one person's records; those before the year only tell the last one before it."""
    in_year, last = "FILTER (WHERE counts)", "FILTER (WHERE counts AND newest)"
    return f"""
        count(*) {in_year}::int AS complete_n, min(visited_on) {in_year} AS first_on, max(visited_on) {in_year} AS last_on,
        max(visited_on) FILTER (WHERE NOT counts) AS near_on,
        (max({_MONTH.format("visited_on")} - {_MONTH.format("before")}) FILTER (WHERE before >= {start}))::int AS max_gap,
        max(level) {last} AS last_level, max(stability) {last} AS last_class, max(adherence) {last} AS last_adherence,
        bool_or(inside) {last} AS last_hospital, bool_or(inside OR adherence = 1 IS TRUE) {in_year} AS any_taken,
        bool_or(NOT inside AND adherence IN (2, 3) IS TRUE) {in_year} AS any_not_taken,
        count(*) FILTER (WHERE counts AND face)::int AS face_n, bool_or(incident) {in_year} AS incident,
        count(*) FILTER (WHERE counts AND level >= 3)::int AS high_n, ARRAY[{_levels(cut)}] AS level_seen_q
    """


def _levels(cut: Cut) -> str:
    """A level recorded in the quarter alone, for each quarter up to the cut-off's own."""
    quarters = [
        f"visited_on BETWEEN {literal(quarter_start(cut.as_of.year, number))} "
        f"AND {literal(quarter_end(cut.as_of.year, number))}"
        for number in range(1, cut.slot + 1)
    ]
    return ", ".join(
        f"coalesce(bool_or(level IS NOT NULL) FILTER (WHERE counts AND {within}), false)" for within in quarters
    )
