"""An import of 100,000 visits against reading the same file, one COPY and one summary statement.

Ours is the command as an administrator runs it: its own process, into a database cloned from the county. The base
reads the same workbook with the same reader, copies its cells into a bare copy of the visits' table and counts the
patient-years from them: no rule, no refusal, no history, no audit. Memory: the most that the command and the process
it forks hold together, what both share counted once, at the whole file against a quarter of it.
"""

import csv
import io
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg2
from django.db import connections
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from accounts.models import User
from accounts.scope import system_scope
from accounts.terms import Role
from followup.models import Visit
from followup.rules.visit_row import COLUMN, ID_COLUMN
from ops.embedded import PROJECT
from ops.postgres import Postgres
from ops.processes import say
from registry.models import Patient
from tests.bench.database import AREA, DATABASE, HOME
from tests.bench.measure import Result

GOAL, MEMORY_GOAL, ROWS, ROUNDS = 5.0, 1.2, 100_000, 3
FILLED = "bench_import"
YEARS_BACK = 6  # before everything that the county has: nobody is corrected, everything is new
FIELDS = (
    "visited_on", "form", "seen", "level", "symptoms", "insight", "sleep", "diet", "self_care", "housework", "work",
    "learning", "social", "locked", "hospital", "lab", "adherence", "side_effect", "effect", "doctor_name",
)  # fmt: skip
INTEGERS = (*FIELDS[5:19], "level")
SUMMARY = """
INSERT INTO base_year SELECT patient, extract(year FROM visited_on)::int AS year, count(*), min(visited_on),
  max(visited_on), (array_agg(level ORDER BY visited_on DESC))[1], (array_agg(adherence ORDER BY visited_on DESC))[1],
  bool_or(adherence IN (1, 2)), bool_or(adherence = 3), count(*) FILTER (WHERE form IN ('1', '2')), max(level)
FROM base_visit GROUP BY 1, 2
ON CONFLICT (patient, year) DO UPDATE SET complete_n = base_year.complete_n + excluded.complete_n
"""


def make_file(rows: int) -> Path:
    """Old visits of the county, moved six years back; made once for a county."""
    path, county = HOME / f"visits-{rows}.xlsx", HOME / "made.json"
    if path.exists() and path.stat().st_mtime > county.stat().st_mtime:
        return path
    say(f"writing a workbook of {rows:,} visits, once")
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([ID_COLUMN, *(COLUMN[name] for name in FIELDS)])
    with system_scope():
        numbers = {p.pk: p.id_number for p in Patient.objects.filter(closed_on=None).exclude(id_index=None)}
        seen: set[tuple[int, str]] = set()
        found = Visit.objects.current().filter(patient__in=list(numbers), lost_reason="").exclude(level=None)
        for visit in found.order_by("patient_id", "visited_on").iterator():
            key = (visit.patient_id, _cell(visit, "visited_on"))
            if key in seen or len(seen) == rows:
                continue
            seen.add(key)
            sheet.append([numbers[visit.patient_id], *(_cell(visit, name) for name in FIELDS)])
    assert len(seen) == rows, f"the county has only {len(seen)} visits to move back"
    book.save(path)
    return path


def _made(rows: int) -> Path:
    """Written by a process of its own: what a process once held counts as the peak of those it starts."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as apart:
        return apart.submit(make_file, rows).result()


def _cell(visit: Visit, name: str) -> str:
    value = getattr(visit, name)
    if name == "visited_on":
        return (
            f"{value.year - YEARS_BACK}-{value.month:02d}-{value.day if value.month != 2 else min(value.day, 28):02d}"
        )
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def ours(server: Postgres, path: Path, by: str) -> tuple[float, int]:
    """Seconds and peak kilobytes of the command with its child, into a fresh clone."""
    server.drop(FILLED)
    server.clone(DATABASE, FILLED)
    environment = {**os.environ, "DATABASE_URL": server.url(FILLED, "app"), "PYTHONWARNINGS": "ignore"}
    start = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "manage.py", "import_visits", str(path), "--by", by],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert command.stdout is not None
    peaks = ThreadPoolExecutor(1).submit(_peak, command)
    said = command.stdout.read()
    status = command.wait()
    seconds = time.perf_counter() - start
    rows = int(path.stem.rsplit("-", 1)[1])
    assert f"created {rows}, updated 0, unchanged 0, refused 0" in said, f"exit {status}: {said[-800:]}"
    return seconds, peaks.result()


def _peak(command: "subprocess.Popen[str]") -> int:
    """The most memory that the command and the process it forks held together; what both share counts once. kB."""
    most = 0
    while command.poll() is None:
        with suppress(OSError):
            children = Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()
            most = max(most, sum(map(_share, [str(command.pid), *children])))
        time.sleep(0.05)
    return most


def _share(pid: str) -> int:
    """A process's own memory and its part of what it shares (PSS). Units: kB."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def base(server: Postgres, path: Path) -> float:
    server.drop("bench_base")
    server.clone(DATABASE, "bench_base")
    connection = psycopg2.connect(server.url("bench_base", "owner"))
    with connection, connection.cursor() as cursor:
        kinds = ", ".join(f"{name} {'int' if name in INTEGERS else 'text'}" for name in FIELDS[1:])
        cursor.execute(f"CREATE TABLE base_visit (id bigserial PRIMARY KEY, patient text, visited_on date, {kinds})")
        cursor.execute("CREATE INDEX ON base_visit (patient, visited_on DESC)")
        cursor.execute(
            "CREATE TABLE base_year (patient text, year int, complete_n int, first_on date, last_on date, last_level int,"
            " last_adherence int, taken bool, not_taken bool, face_n int, highest int, PRIMARY KEY (patient, year))"
        )
    start = time.perf_counter()
    with path.open("rb") as file:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    text = io.StringIO()
    csv.writer(text).writerows(rows[1:])
    text.seek(0)
    with connection, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY base_visit (patient, {', '.join(FIELDS)}) FROM STDIN (FORMAT csv)", text)
        cursor.execute(SUMMARY)
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def bench() -> Result:
    server = Postgres(HOME)
    by = User.objects.filter(
        assignments__role=Role.COUNTY_OFFICE, assignments__division__code=AREA, is_active=True
    ).first()
    assert by, "the bench county has no office"
    connections.close_all()  # a template must have no guests
    whole, quarter = _made(ROWS), _made(ROWS // 4)
    mine, theirs, peaks, small_peaks = [], [], [], []
    for _turn in range(ROUNDS):
        theirs.append(base(server, whole))
        seconds, peak = ours(server, whole, by.username)
        mine.append(seconds)
        peaks.append(peak)
        small_peaks.append(ours(server, quarter, by.username)[1])
    small = max(small_peaks)  # as often as the whole: one look in passing can miss the moment
    middle = ROUNDS // 2
    growth = max(peaks) / small
    facts = {
        "rows": ROWS,
        "peak_mb": max(peaks) // 1024,
        "peak_mb_at_a_quarter": small // 1024,
        "memory_ratio": round(growth, 2),
    }
    too_much = f"{growth:.2f} times the memory of a quarter (goal {MEMORY_GOAL:g})" if growth > MEMORY_GOAL else ""
    return Result(
        name="imports",
        ours_ms=round(sorted(mine)[middle] * 1000),
        base_ms=round(sorted(theirs)[middle] * 1000),
        ours_p95_ms=round(max(mine) * 1000),
        base_p95_ms=round(max(theirs) * 1000),
        ratio=round(sorted(mine)[middle] / sorted(theirs)[middle], 2),
        goal=GOAL,
        rounds=ROUNDS,
        facts=facts,
        broken=too_much,
    )
