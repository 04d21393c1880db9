"""The visits file. The past goes in by sets of 5,000; the last days one by one, so that alerts are raised.

Source: import files of the outside contract; design decisions A9, C25. Idempotent: the same file again creates nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import Permission, Purpose
from followup.doors import GROUPS
from followup.models import Visit
from followup.queries.care_rules import CareRules
from followup.rules.checks import Setting, problems, remarks, remarks_on
from followup.rules.checks_by_column import days_of, suspects
from followup.rules.choice import Problem
from followup.rules.dates import day_after
from followup.rules.facts import FACT_FIELDS, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.visit_columns import CHOICE_FIELDS, VisitColumns, VisitFile
from followup.rules.visit_row import (
    COLUMN,
    COLUMNS,
    REQUIRED_COLUMNS,
    VisitReader,
    VisitRow,
    fields_of,
)  # fmt: skip
from followup.services.corrections import correct_visit
from followup.services.refusals import VisitRefused
from followup.services.visit_bulk import record_all
from followup.services.visit_order import in_writing_order, read_rows
from followup.services.visits import record_visit
from followup.terms import Source, Stability
from registry.doors import patients_for
from registry.models import Patient
from registry.rules.table import RowRefusal, Table, check_columns
from registry.services.identity import id_index
from registry.services.importing import ImportResult, blocks, in_block
from registry.services.lanes import in_lanes

ROUTE = "import_visits"
DIFFERS = "与系统里同一次随访的记录不同，没有改。要按文件更正，导入时勾选“按文件更正”。"
REMARKED = ("self_harm", "suicide_attempt", "crime")  # in the order of remarks_on
_Key = tuple[int, date, str]  # patient, day, form of a record


@dataclass(frozen=True, slots=True)
class _Known:
    """What an import keeps of a patient for the whole file: his row is read again under the lock."""

    key: int
    uuid: UUID


@dataclass
class _Run:
    """What stays the same for every block of one file."""

    by: User
    today: date
    table: Table
    fields: frozenset[str]
    accept: bool = True
    result: ImportResult = field(default_factory=ImportResult)
    over_time: dict[int, CareRules] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = VisitReader(self.table.rows.headers, self.today)
        self.file = VisitFile(self.table.rows.lines, self.reader)

    def policy(self, county: int) -> CarePolicy:
        return self.rules(county).on(self.today)

    def rules(self, county: int) -> CareRules:
        if county not in self.over_time:
            self.over_time[county] = CareRules(county, self.today)
        return self.over_time[county]

    def recent_from(self, patient: Patient) -> date:
        """What is dated before, more than 7 days ago, is kept as recorded and tells nobody."""
        return day_after(self.today, -self.policy(patient.duty_county).alert_late_days)

    def is_old(self, patient: Patient, day: date) -> bool:
        return day < self.recent_from(patient)

    def row(self, index: int) -> VisitRow:
        rows = self.table.rows
        found = self.reader.read(rows.numbers[index], rows.lines[index])
        if found is None:
            raise LookupError("only rows that can be read come here")
        return found

    def refuse(self, row: VisitRow, found: Sequence[Problem]) -> None:
        self.result.refuse([_refusal(row, problem) for problem in found])

    def remark(self, row: VisitRow, problem: Problem) -> None:
        self.result.refusals.append(_refusal(row, problem, remark=True))


def import_visits(
    *, table: Table, by: User, dry_run: bool = False, accept: bool = True, lanes: int = 1
) -> ImportResult:
    """Import a visits file as `by`, in so many processes at once. `accept`: a row that differs from the record corrects
    it; else it is held back.

    Raises: Denied, TableRefused (before any row).
    """
    authorise(by, Permission.IMPORT_REGISTER)
    check_columns(table, known=COLUMNS, required=REQUIRED_COLUMNS)
    run = _Run(by, timezone.localdate(), table, fields_of(table.headers), accept)
    read = read_rows(table, run.file, run.result, run.today)
    with scope(by, route=ROUTE):
        patients = _patients(read.people, by)
    keys, known = in_writing_order(read, {who: known.key for who, known in patients.items()}, table, run.result)
    del read
    parts = _parts(keys, known, 1 if connection.in_atomic_block else lanes)

    def write(number: int) -> ImportResult:
        return _write_part(parts[number], patients, replace(run, result=ImportResult()), dry_run)

    for found in in_lanes(write, len(parts)) if len(parts) > 1 else [write(0)]:
        run.result.add(found)
    return run.result


def _write_part(known: Sequence[int], patients: dict[str, _Known], run: _Run, dry_run: bool) -> ImportResult:
    for block in blocks(known):
        with scope(run.by, route=ROUTE):
            in_block(lambda block=block: _write(block, patients, run), dry_run=dry_run)  # type: ignore[misc]
    return run.result


def _parts(keys: Sequence[int], known: Sequence[int], lanes: int) -> list[Sequence[int]]:
    """The rows in as many runs, none of which parts a patient's rows."""
    cuts = [0]
    for lane in range(1, lanes):
        at = lane * len(keys) // lanes
        while 0 < at < len(keys) and keys[at] == keys[at - 1]:
            at += 1
        if cuts[-1] < at < len(keys):
            cuts.append(at)
    return [known[start:end] for start, end in zip(cuts, [*cuts[1:], len(keys)], strict=True)]


def _patients(numbers: Collection[str], by: User) -> dict[str, _Known]:
    """Patients of the file for whom the importer may record, by ID number: seeing them masked is not enough."""
    by_index = {bytes(index): number for number in numbers if (index := id_index(number))}
    rows = patients_for(by, Permission.RECORD_VISIT).filter(id_index__in=list(by_index))
    found = {
        by_index[bytes(index or b"")]: _Known(key, uuid)
        for index, key, uuid in rows.values_list("id_index", "pk", "uuid")
    }
    audit.saw((patient.uuid for patient in found.values()), GROUPS, Purpose.IMPORT)
    return found


def _write(block: Sequence[int], patients: dict[str, _Known], run: _Run) -> None:
    """One transaction: corrections, then the past by sets, then the last days one by one."""
    rows = run.file.rows(block)
    keys = [patients[person].key for person in rows.persons]
    locked = {p.pk: p for p in Patient.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk")}
    people = [locked[key] for key in keys]
    there = _already_there(list(locked), rows)
    aside, fresh, other = set(), [], []
    for at in _one_by_one(rows, people, there, run):
        row, patient = run.row(block[at]), people[at]
        visit = there.get((patient.pk, row.facts.visited_on, row.facts.form))
        wrong = problems(row.facts, Setting(run.today, patient.birth_on, patient.closed_on))
        aside.add(at)
        if wrong:
            run.refuse(row, wrong)
        elif visit is not None and _same(row, visit, run.fields):
            run.result.counts.unchanged += 1
        elif visit is not None:
            other.append((row, visit))
        elif run.is_old(patient, row.facts.visited_on):
            aside.remove(at)
        else:
            fresh.append((row, patient))
    for row, visit in other:
        if run.accept:
            _correct(row, visit, run)
        else:
            _hold(row, visit, run)
    _record_old(rows.without(aside), [person for at, person in enumerate(people) if at not in aside], run)
    for row, patient in fresh:
        _record_fresh(row, patient, run)


def _one_by_one(rows: VisitColumns, people: Sequence[Patient], there: dict[_Key, Visit], run: _Run) -> list[int]:
    """Places of the rows that may be wrong, stand already, or belong to the last days."""
    who = {patient.pk: patient for patient in people}
    allowed = {key: days_of(run.today, p.birth_on, p.closed_on) for key, p in who.items()}
    recent = {key: run.recent_from(patient) for key, patient in who.items()}
    keys = [patient.pk for patient in people]
    days = list(rows.of("visited_on"))
    found = suspects(rows, [allowed[key] for key in keys], run.today)
    found.update([at for at, (key, day) in enumerate(zip(keys, days, strict=True)) if day >= recent[key]])
    if there:
        places = enumerate(zip(keys, days, rows.of("form"), strict=True))
        found.update([at for at, place in places if place in there])
    return sorted(found)


def _already_there(keys: Collection[int], rows: VisitColumns) -> dict[_Key, Visit]:
    """Current records of these patients with a day and form of these rows."""
    days = set(rows.of("visited_on"))
    of_patients = Visit.objects.current().filter(patient__in=keys, visited_on__range=(min(days), max(days)))
    places = of_patients.values_list("pk", "visited_on")
    found = of_patients.filter(pk__in=[key for key, day in places if day in days]).select_related("root__patient")
    return {(visit.patient_id, visit.visited_on, visit.form): visit for visit in found.order_by("root_id")}


def _compared(row: VisitRow, fields: frozenset[str]) -> list[str]:
    """What the row says: the columns of its file; an empty 随访医生 is no statement."""
    return [
        name for name in FACT_FIELDS if name in fields and not (name == "doctor_name" and not row.facts.doctor_name)
    ]


def _same(row: VisitRow, visit: Visit, fields: frozenset[str]) -> bool:
    was = VisitFacts.of(visit)
    choice = row.choice
    return (
        all(getattr(was, name) == getattr(row.facts, name) for name in _compared(row, fields))
        and choice.stability in (None, visit.stability)
        and choice.next_due_on in (None, visit.next_due_on)
        and choice.deviation_reason in ("", visit.deviation_reason)
    )


def _hold(row: VisitRow, visit: Visit, run: _Run) -> None:
    """What differs from the record is left as it is and said cell by cell, for somebody to decide."""
    was = VisitFacts.of(visit)
    run.result.counts.unchanged += 1
    names = [name for name in _compared(row, run.fields) if getattr(was, name) != getattr(row.facts, name)]
    for name in names:
        run.remark(row, Problem(name, DIFFERS))
    if not names:  # only the class, the day or the reason of a deviation
        run.remark(row, Problem("stability", DIFFERS))


def _correct(row: VisitRow, visit: Visit, run: _Run) -> None:
    said = {name: getattr(row.facts, name) for name in _compared(row, run.fields)}
    facts = VisitFacts.of(visit).changed(**said)
    try:
        written = correct_visit(
            root=visit.root,
            version=visit.version,
            facts=facts,
            by=run.by,
            choice=row.choice,
            keep=[name for name in CHOICE_FIELDS if name not in run.fields],
            source=Source.IMPORT,
            as_recorded=run.is_old(visit.root.patient, row.facts.visited_on),
        )
    except Refused as refusal:
        run.refuse(row, _problems_of(refusal))
        return
    if written.created:
        run.result.counts.updated += 1
        _note(row, facts, written.visit.rule_mismatch, run)
    else:
        run.result.counts.unchanged += 1


def _record_old(rows: VisitColumns, people: Sequence[Patient], run: _Run) -> None:
    judged = record_all(rows, people, {p.duty_county: run.rules(p.duty_county) for p in people}, by=run.by)
    run.result.counts.created += len(rows)
    noted = {at for at, mismatch in enumerate(judged.rule_mismatch) if mismatch}
    if rows.has(*REMARKED):
        noted.update([at for at, said in enumerate(rows.each(("level", *REMARKED))) if remarks_on(*said)])
    for at in sorted(noted):
        row = run.row(rows.rows[at])
        _note(row, row.facts, judged.rule_mismatch[at], run, judged.says[at])


def _record_fresh(row: VisitRow, patient: Patient, run: _Run) -> None:
    try:
        record_visit(
            patient=patient,
            facts=row.facts,
            form_id=uuid4(),
            by=run.by,
            choice=row.choice,
            source=Source.IMPORT,
            policy=run.policy(patient.duty_county),
        )
    except Refused as refusal:
        run.refuse(row, _problems_of(refusal))
        return
    run.result.counts.created += 1
    _note(row, row.facts, False, run)


def _note(row: VisitRow, facts: VisitFacts, mismatch: bool, run: _Run, says: int | None = None) -> None:
    """Remarks on a row that is in. `says`: the class by the rule, where the difference is one from it."""
    for remark in remarks(facts):
        run.remark(row, remark)
    if mismatch:
        rule = f"：规则为{Stability(says).label}" if says else ""
        run.remark(row, Problem("stability", f"分类或下次日期与规则不符{rule}，已按原记录保存并标记。"))


def _problems_of(refusal: Refused) -> Sequence[Problem]:
    if isinstance(refusal, VisitRefused):
        return refusal.problems
    return [Problem(refusal.field, refusal.message)]


def _refusal(row: VisitRow, problem: Problem, *, remark: bool = False) -> RowRefusal:
    value = getattr(row.facts, problem.field, None) or getattr(row.choice, problem.field, None)
    if isinstance(value, bool):  # a tick: as the cell said it
        value = int(value)
    shown = ";".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
    return RowRefusal(row.number, COLUMN.get(problem.field, ""), shown[:100], problem.message, remark)
