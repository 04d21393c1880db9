"""The events behind 肇事肇祸案（事）件数, person by person: the registered ones whom 肇事肇祸率 counts, by township of duty."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Division
from accounts.reach import Reach
from registry.models import Patient
from reports.queries.care_facts import CONFIRMED, HAPPENED, relation_sql
from reports.queries.conditions import counted_sql
from reports.queries.people import Whose, who
from reports.queries.periods import Place
from reports.rules.care_indicators import INCIDENTS
from reports.rules.cut import Cut
from reports.rules.incident_events import Event, Recorded, Told, events_of

# Also what lies before the year: an incident of December may be the one that January's record speaks of.
_RECORDS = """
    SELECT v.patient_id, v.visited_on, v.trouble, v.crime,
           (SELECT max(w.visited_on) FROM followup_visit w
            WHERE w.patient_id = v.patient_id AND w.is_current AND w.visited_on < v.visited_on)
    FROM followup_visit v
    WHERE v.patient_id = ANY (%(people)s) AND v.is_current AND (v.trouble > 0 OR v.crime > 0) AND v.visited_on <= %(day)s
    ORDER BY v.visited_on, v.root_id
"""
_INCIDENTS = f"""
    SELECT n.patient_id, {HAPPENED}, n.trouble, n.crime, n.dead FROM followup_incident n
    WHERE n.patient_id = ANY (%(people)s) AND {CONFIRMED} AND {HAPPENED} <= %(day)s ORDER BY n.happened_at, n.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine(Whose):
    """One event and whose it is."""

    event: Event


@dataclass(frozen=True, slots=True)
class PersonsEvent:
    patient: int
    township: int
    event: Event


def events_in(place: Place, cut: Cut) -> list[PersonsEvent]:
    """Every event of the year up to the day, by township and day. Three statements; reads with the reach that is open."""
    townships = _people(place, cut)
    records: dict[int, list[Told]] = defaultdict(list)
    incidents: dict[int, list[Recorded]] = defaultdict(list)
    asked: dict[str, Any] = {"people": list(townships), "day": cut.as_of}
    if townships:
        with connection.cursor() as cursor:
            cursor.execute(_RECORDS, asked)
            for patient, on, trouble, crime, before in cursor.fetchall():
                records[patient].append(Told(on, trouble, crime, before))
            cursor.execute(_INCIDENTS, asked)
            for patient, on, trouble, crime, dead in cursor.fetchall():
                incidents[patient].append(Recorded(on, trouble, crime, dead))
    found = [
        PersonsEvent(patient, township, event)
        for patient, township in townships.items()
        for event in events_of(records[patient], incidents[patient], cut.year_start, cut.as_of)
    ]
    return sorted(found, key=lambda each: (each.township, each.event.on, each.patient))


def _people(place: Place, cut: Cut) -> dict[int, int]:
    """The people whom 肇事肇祸率 counts, with the township of duty on the day."""
    sql = (
        f"SELECT patient_id, township FROM ({relation_sql([INCIDENTS], place, cut)}) period "  # noqa: S608
        f"WHERE {counted_sql(INCIDENTS, cut)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def event_counts(place: Place, cut: Cut) -> dict[int, int]:
    """How many by township. Reads with the reach that is open: see figures_scope."""
    found: dict[int, int] = defaultdict(int)
    for each in events_in(place, cut):
        found[each.township] += 1
    return found


def event_lines(events: Iterable[PersonsEvent], *, named: Reach) -> list[EventLine]:
    """One page of events, with whose they are; who lives outside `named` is masked."""
    page = list(events)
    patients = Patient.objects.select_related("village").in_bulk({each.patient for each in page})
    towns = dict(Division.objects.filter(pk__in={each.township for each in page}).values_list("pk", "name"))
    return [
        EventLine(event=each.event, township=towns.get(each.township, ""), **who(patients[each.patient], named))
        for each in page
    ]
