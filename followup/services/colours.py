"""Keeping colours equal to the county's table: rises at once, falls as proposals, what goes when the table goes.

Called in the transaction of every fact that counts (records, status, incidents, guardians), and by sweeps for what
time or a new table decides. The patient's row is held.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from followup.models import ColourChange, ColourFall, PatientColour
from followup.queries.colours import InForce, Known, known_of, tables_in_force
from followup.rules.colour_falls import FALL_MACHINE, basis
from followup.rules.colours import Decided, Held, Suggestion, decide, dues, shown, suggest
from followup.terms import ColourWay, FallState
from registry.models import Patient

BATCH = 500
_COLUMNS = (
    "table", "held", "aside", "since", "suggested", "reasons", "village_on", "township_on", "psychiatrist_on",
    "police_on", "seen_police_on",
)  # fmt: skip
# Whom the sweep has to judge: no colour of the table in force yet, or one although none is in force.
_WAITING = """
SELECT p.id FROM registry_patient p LEFT JOIN followup_patientcolour c ON c.patient_id = p.id
WHERE (p.closed_on IS NULL AND p.duty_county = ANY (%s::int[])
       AND (c.id IS NULL OR NOT c.table_id = ANY (%s::bigint[]) OR %s))
   OR (c.id IS NOT NULL AND (p.closed_on IS NOT NULL OR NOT p.duty_county = ANY (%s::int[])))
ORDER BY p.id
"""


def refresh_colours(patients: Sequence[int], *, today: date | None = None, county: int | None = None) -> None:
    """Judge these patients anew. One short statement where their county (`county`, when it is known) keeps no colours.

    Source: 酉阳 十四; issue 3, Follow-up 7 (rising is immediate, falling needs an assessment and an approval).
    """
    keys = list(patients)
    if not keys:
        return
    day = today or timezone.localdate()
    tables = tables_in_force(day, patients=keys, county=county)
    if tables:
        _refresh(known_of(keys, day, lock=True), tables, day)


def _refresh(people: Sequence[Known], tables: dict[int, InForce], day: date) -> None:
    proposed = [one.open_fall for one in people if one.open_fall is not None]
    falls = {row.patient_id: row for row in ColourFall.objects.filter(pk__in=proposed)} if proposed else {}
    returning = last_held(
        [one.key for one in people if one.standing is None and not one.closed and one.county in tables]
    )
    rows, changes, painted = [], [], []
    for one in people:
        row, rule = one.standing, tables.get(one.county)
        if one.closed or rule is None:
            if row is not None:
                changes.append(_change(one, row, ColourWay.END, day))
                painted.append((one.key, ""))
                lapse(falls.get(one.key))
                row.delete()
            continue
        found = suggest(one.facts, rule.table, today=day)
        made, decided = judged(one, row, rule, found, day, before=returning.get(one.key))
        if made is None:
            continue
        if row is None or _differs(row, made):
            rows.append(made)
        if shown(decided.held, rule.table) != one.shown:
            otherwise = ColourWay.BACK if one.key in returning else ColourWay.TABLE
            changes.append(_change(one, made, ColourWay(decided.way or otherwise), day, rule=rule))
            painted.append((one.key, shown(decided.held, rule.table)))
        _propose(one, decided, rule, found, falls.get(one.key))
    _write(rows, changes, painted, {one.key: one.uuid for one in people})


def judged(
    one: Known, row: PatientColour | None, rule: InForce, found: Suggestion, day: date,
    *, before: ColourChange | None = None,
) -> tuple[PatientColour | None, Decided]:  # fmt: skip
    """The row as it should be, unsaved; None where nothing is known and nothing was.

    `before`: of a file that was closed, its last colour: closing and opening again lowers nobody by itself.
    """
    held = Held(row.held, row.aside) if row else Held(before.after if before else "")
    decided = decide(held, found, rule.table)
    if row is None and not decided.held.colour and not decided.held.aside:
        return None, decided
    kept = row is not None and shown(held, rule.table) == shown(decided.held, rule.table)
    since = row.since if row is not None and kept else day
    seen_police = row.seen_police_on if row else None
    made = standing_row(one, rule, decided.held, found, since=since, seen_police=seen_police)
    led = row or before
    if led is not None and found.colour != decided.held.colour:
        made.reasons = led.reasons  # what speaks for less stands on the proposal; here stays what led to the colour
    return made, decided


def last_held(patients: Sequence[int]) -> dict[int, ColourChange]:
    """The last colour of those who have none now but had one: their file was closed, or their county stopped its table."""
    if not patients:
        return {}
    rows = ColourChange.objects.filter(patient__in=patients, aside="").exclude(after="")
    return {row.patient_id: row for row in rows.order_by("patient_id", "-at", "-pk").distinct("patient_id")}


def standing_row(
    one: Known, rule: InForce, held: Held, found: Suggestion, *, since: date, seen_police: date | None
) -> PatientColour:
    owed = dues(held, rule.table, since=since, facts=one.facts, seen_police=seen_police)
    return PatientColour(
        patient_id=one.key, table_id=rule.key, held=held.colour, aside=held.aside, since=since, suggested=found.colour,
        reasons=[reason.value for reason in found.reasons], village_on=owed.village, township_on=owed.township,
        psychiatrist_on=owed.psychiatrist, police_on=owed.police, seen_police_on=seen_police,
    )  # fmt: skip


def _differs(row: PatientColour, made: PatientColour) -> bool:
    names = [f"{name}_id" if name == "table" else name for name in _COLUMNS]
    return any(getattr(row, name) != getattr(made, name) for name in names)


def _change(one: Known, row: PatientColour, way: ColourWay, day: date, *, rule: InForce | None = None) -> ColourChange:
    after = shown(Held(row.held, row.aside), rule.table) if rule else ""
    return ColourChange(
        patient_id=one.key, on=day, before=one.shown, after=after, way=way,
        aside=row.aside if rule else "", reasons=row.reasons if rule else [],
        months=rule.table.incident_months if rule else 0,
    )  # fmt: skip


def _write(
    rows: list[PatientColour], changes: list[ColourChange], painted: list[tuple[int, str]], people: dict[int, UUID]
) -> None:
    if rows:
        PatientColour.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["patient"], update_fields=_COLUMNS
        )
    paint(painted)
    if not changes:
        return
    ColourChange.objects.bulk_create(changes)
    risen = {row.patient_id: row for row in changes if row.way == ColourWay.RISE}
    for key, row in risen.items():
        audit.record(
            "followup.colour.rose", None, by=None, person=people[key],
            facts={"before": row.before, "after": row.after, "reasons": list(row.reasons)},
        )  # fmt: skip
    if others := len(changes) - len(risen):
        audit.record("followup.colour.judged", None, by=None, facts={"people": others})


def paint(painted: Iterable[tuple[int, str]]) -> None:
    """What the patients' rows carry for lists and heads."""
    pairs = list(painted)
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE registry_patient p SET colour = s.colour FROM unnest(%s::bigint[], %s::text[]) AS s (id, colour) "
                "WHERE p.id = s.id AND p.colour <> s.colour",
                [[key for key, _ in pairs], [colour for _, colour in pairs]],
            )


def _propose(one: Known, decided: Decided, rule: InForce, found: Suggestion, fall: ColourFall | None) -> None:
    """A proposal where the facts speak for less; one that they no longer carry lapses."""
    before = decided.held.colour
    if fall is not None and (fall.before, fall.after) != (before, decided.fall):
        lapse(fall)
        fall = None
    if not decided.fall or fall is not None:
        return
    ground = basis(rule.key, one.facts.record, before, decided.fall)
    if ColourFall.objects.filter(patient=one.key, basis=ground).exclude(state=FallState.LAPSED).exists():
        return
    row = ColourFall(
        patient_id=one.key, before=before, after=decided.fall, basis=ground,
        reasons=[reason.value for reason in found.reasons],
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "followup.colour.proposed", row, by=None, person=one.uuid, facts={"before": before, "after": decided.fall}
    )


def lapse(fall: ColourFall | None) -> None:
    if fall is None:
        return
    step = FALL_MACHINE.step(fall.state, FallState.LAPSED)
    fall.state, fall.settled_at = step.after, timezone.now()
    fall.save(update_fields=["state", "settled_at"])
    person = Patient.objects.filter(pk=fall.patient_id).values_list("uuid", flat=True).first()
    audit.record(step.action, fall, by=None, person=person)


@transaction.atomic
def note_joint(*, patient: Patient, on: date, by: User) -> None:
    """A joint visit with the police has taken place: the colour's next one counts from it. Called by exchange."""
    row = PatientColour.objects.filter(patient=patient).first()
    if row is None or (row.seen_police_on is not None and row.seen_police_on >= on):
        return
    row.seen_police_on = on
    row.save(update_fields=["seen_police_on"])
    audit.record("followup.colour.joint", None, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    refresh_colours([patient.pk])


def sweep_colours(today: date | None = None, *, whole: bool = False) -> int:
    """Who waits for a colour: a new table, a new county, a closed file; `whole`: everybody, for what time decides."""
    day = today or timezone.localdate()
    tables = tables_in_force(day)
    counties, keys = list(tables), [rule.key for rule in tables.values()]
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [counties, keys, whole, counties])
        waiting = [key for (key,) in cursor.fetchall()]
    for start in range(0, len(waiting), BATCH):
        with transaction.atomic():
            _refresh(known_of(waiting[start : start + BATCH], day, lock=True), tables, day)
    return len(waiting)
