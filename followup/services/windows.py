"""Keeping the stored windows equal to the rule: after every record, and by sweeps for what time or the register decides.

Locks: the caller holds the patient's row, or is the sweep, whose statement loses nothing to another writer: whoever
comes later computes from what both wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.queries.statements import Planned
from followup.models import Window
from followup.queries.records import Line
from followup.queries.windows import stories_of
from followup.rules.dates import day_after
from followup.rules.windows import Window as Decided
from followup.rules.windows import windows
from followup.services.colours import refresh_colours
from followup.services.staging import stage
from registry.models import Patient

BATCH = 500
UNTOUCHED_DAYS = 31  # more than a record may be late for a window and still make it up (rules.windows.MAKE_UP_DAYS)
_KINDS = {
    "patient_id": "bigint", "opened_on": "date", "opener": "varchar", "opener_root_id": "bigint", "due_on": "date",
    "due_reason": "varchar", "outcome": "varchar", "excuse": "varchar", "closed_on": "date", "closed_root_id": "bigint",
}  # fmt: skip
_NAMES = ", ".join(_KINDS)
_OF_S = ", ".join(f"s.{name}" for name in _KINDS)
_VALUES = ", ".join(name for name in _KINDS if name not in ("patient_id", "opened_on"))
_MINE = ", ".join(f"w.{name.strip()}" for name in _VALUES.split(","))
_THEIRS = ", ".join(f"s.{name.strip()}" for name in _VALUES.split(","))
_PAIRS = ", ".join(f"{name.strip()} = s.{name.strip()}" for name in _VALUES.split(","))
_WRITE_FROM = f"""
changed AS (UPDATE followup_window w SET {_PAIRS}, stale = false FROM s
  WHERE s.patient_id = w.patient_id AND s.opened_on = w.opened_on
    AND (w.stale OR ({_MINE}) IS DISTINCT FROM ({_THEIRS}))),
due AS (UPDATE registry_patient p SET next_due_on = l.due_on, due_reason = l.due_reason
  FROM (SELECT DISTINCT ON (patient_id) * FROM last ORDER BY patient_id, opened_on DESC) l
  WHERE p.id = l.patient_id AND (p.next_due_on, p.due_reason) IS DISTINCT FROM (l.due_on, l.due_reason))
INSERT INTO followup_window ({_NAMES}, stale, duty_township, duty_county, at_township)
SELECT {_OF_S}, false, p.duty_township, p.duty_county, p.duty_township
FROM s JOIN registry_patient p ON p.id = s.patient_id
WHERE NOT EXISTS (SELECT 1 FROM followup_window w WHERE w.patient_id = s.patient_id AND w.opened_on = s.opened_on)
ON CONFLICT (patient_id, opened_on) DO NOTHING
"""  # noqa: S608
_WRITE = f"""
WITH s AS MATERIALIZED (SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _KINDS.values())}) AS s ({_NAMES})),
last AS (SELECT * FROM s),
gone AS (DELETE FROM followup_window w WHERE w.patient_id = ANY (%s::bigint[]) AND w.opened_on >= %s AND NOT EXISTS (
  SELECT 1 FROM s WHERE s.patient_id = w.patient_id AND s.opened_on = w.opened_on)),
{_WRITE_FROM}"""  # noqa: S608
_WRITE_ONE = Planned("windows_of_one", _WRITE)
# Windows of each patient from one day to another, as staged; where the span has no end the last one is the due date.
_WRITE_STAGED = f"""
WITH s AS (SELECT * FROM window_staging),
last AS (SELECT s.* FROM s JOIN span_staging n USING (patient_id) WHERE n.until IS NULL),
gone AS (DELETE FROM followup_window w USING span_staging n
  WHERE w.patient_id = n.patient_id AND w.opened_on >= n.since AND w.opened_on < coalesce(n.until, 'infinity')
    AND NOT EXISTS (SELECT 1 FROM s WHERE s.patient_id = w.patient_id AND s.opened_on = w.opened_on)),
{_WRITE_FROM}"""  # noqa: S608
_FIELDS = ("opener", "opener_root", "due_on", "due_reason", "outcome", "excuse", "closed_on", "closed_root")


@dataclass(frozen=True)
class WindowDifference:
    """A stored window that is not what the facts say; `field` "row": it is missing, or too much."""

    number: int  # the patient's internal number
    opened_on: date
    field: str
    stored: Any
    expected: Any


def refresh_windows(patients: Sequence[int], *, today: date | None = None) -> None:
    """Decide every window of these patients anew and write what differs: three statements for any number.

    The date that the patient's row carries for the worklist is that of the last window, so that list, dashboard and
    windows cannot disagree. It runs after what the record itself writes there.
    """
    keys = list(patients)
    if not keys:
        return
    as_of = today or timezone.localdate()
    found = [(key, w) for key, story in stories_of(keys).items() for w in windows(story, as_of)]
    _write(keys, found, since=date.min)
    refresh_colours(keys, today=as_of)


def refresh_added(lines: Mapping[int, Sequence[Line]], added: Mapping[int, Sequence[Line]]) -> None:
    """The same where records were only added: the windows between the records before and after them.

    `lines`: as `lines_around` answers, the added ones among them. Whoever waits for a sweep is decided as a whole.
    """
    today = timezone.localdate()
    waiting = set(Window.objects.filter(patient__in=list(added), stale=True).values_list("patient_id", flat=True))
    keys = [key for key in added if key not in waiting]
    stories = stories_of(keys, lines)
    rows, spans = [], []
    for key in keys:
        since, until = _between(lines[key], added[key])
        spans.append((key, since or date.min, until))
        rows += [_row(key, w) for w in windows(stories[key], today, since=since, until=until)]
    stage("span_staging", {"patient_id": "bigint", "since": "date", "until": "date"}, spans)
    stage("window_staging", _KINDS, rows)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_STAGED)
    refresh_colours(keys, today=today)
    refresh_windows(sorted(waiting), today=today)


def _between(lines: Sequence[Line], added: Sequence[Line]) -> tuple[date | None, date | None]:
    """Days of the last record before the added ones and of the first after them."""
    first, last = min(line.visited_on for line in added), max(line.visited_on for line in added)
    before = [line.visited_on for line in lines if line.visited_on < first]
    after = [line.visited_on for line in lines if line.visited_on > last]
    return (before[-1] if before else None), (after[0] if after else None)


def refresh_after_record(patient: int, lines: Sequence[Line], day: date, *, today: date, county: int) -> None:
    """The same for one new record among all of the patient's (`lines`, oldest first): what ended a month before its day
    is as it was, and is not compared again."""
    found = windows(stories_of([patient], {patient: lines})[patient], today)
    since = max((w.opened_on for w in found if w.opened_on <= day_after(day, -UNTOUCHED_DAYS)), default=date.min)
    kept = [(patient, w) for w in found if w.opened_on >= since]
    with connection.cursor() as cursor:
        _WRITE_ONE.execute(cursor, [*_columns(kept), [patient], since])
    refresh_colours([patient], today=today, county=county)


def _row(key: int, w: Decided) -> tuple[Any, ...]:
    return (
        key, w.opened_on, str(w.opener), w.opener_root, w.due_on, w.due_reason, str(w.outcome), str(w.excuse),
        w.closed_on, w.closed_root,
    )  # fmt: skip


def _write(keys: list[int], found: Sequence[tuple[int, Decided]], *, since: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*_columns(found), keys, since])


def _columns(found: Sequence[tuple[int, Decided]]) -> list[list[Any]]:
    rows = [_row(key, w) for key, w in found]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _KINDS]


def sweep_stale() -> int:
    """Windows of people whose register changed. Returns the patients decided anew."""
    return _sweep(Window.objects.filter(stale=True))


def sweep_passed(today: date | None = None) -> int:
    """What the night closes: due days that have passed, and whatever else waits."""
    as_of = today or timezone.localdate()
    return _sweep(Window.objects.filter(Q(stale=True) | Q(outcome="", due_on__lt=as_of)), today=as_of)


def _sweep(waiting: Any, *, today: date | None = None) -> int:
    done = 0
    for batch in _batches(sorted(set(waiting.values_list("patient_id", flat=True)))):
        with transaction.atomic():
            keys = list(
                Patient.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .filter(pk__in=batch)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            refresh_windows(keys, today=today)
        done += len(keys)
    return done


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def rebuild_windows(*, check: bool = False) -> list[WindowDifference]:
    """Hold every stored window in the caller's scope against the rule; without `check` also write what differs."""
    found: list[WindowDifference] = []
    keys = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
    for batch in _batches(keys):
        differences = list(_differences(batch))
        found += differences
        if differences and not check:
            with transaction.atomic():
                refresh_windows(batch)
    return found


def _differences(keys: Sequence[int]) -> Iterable[WindowDifference]:
    today = timezone.localdate()
    numbers = dict(Patient.objects.filter(pk__in=keys).values_list("pk", "number"))
    stored = {(row["patient"], row["opened_on"]): row for row in _stored(keys)}
    expected = {
        (key, w.opened_on): {name: getattr(w, name) for name in _FIELDS}
        for key, story in stories_of(keys).items()
        for w in windows(story, today)
    }
    for patient, opened_on in sorted(set(stored) | set(expected)):
        mine, rule = stored.get((patient, opened_on)), expected.get((patient, opened_on))
        if mine is None or rule is None:
            yield WindowDifference(numbers[patient], opened_on, "row", mine is not None, rule is not None)
            continue
        for name in _FIELDS:
            if mine[name] != rule[name]:
                yield WindowDifference(numbers[patient], opened_on, name, mine[name], rule[name])


def _stored(keys: Sequence[int]) -> list[dict[str, Any]]:
    return list(Window.objects.filter(patient__in=keys).values("patient", "opened_on", *_FIELDS))
