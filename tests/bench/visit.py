"""Saving a visit in full against a bare ORM insert of the same row, with the same history trigger and commit.

Full: the form read and checked, the rule, root and version, the patient's row, the year's summary, audit, outbox, in
one durable transaction. Bare: one row of the visits table, nothing else; its root stands ready before the clock runs.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from accounts.scope import scope, system_scope
from followup.forms.visit import VisitEntry, initial_of
from followup.models import Visit, VisitRoot
from followup.rules.checks import Setting
from followup.rules.facts import Drug, VisitFacts
from followup.services.rebuild import rebuild_summaries
from followup.services.visits import care_policy, place_of, record_visit
from registry.models import Patient
from tests.bench.measure import Result, compare
from tests.bench.worklist import busiest_township, worker_of

GOAL, AIM, ROUNDS, WARM = 6.0, 4.0, 300, 20


def calm_facts() -> VisitFacts:
    """An ordinary visit: level 1, nobody to be told."""
    return VisitFacts(
        visited_on=timezone.localdate(), form="2", seen=("1",), level=1, symptoms=(11,), insight=2, sleep=1, diet=1,
        self_care=1, housework=1, work=2, learning=2, social=2, locked=1, hospital=0, lab=1, adherence=1, side_effect=1,
        effect=2, referral=1, drugs=(Drug(name="利培酮", morning="1", evening="2"),), doctor_name="冉医生",
    )  # fmt: skip


def posted(facts: VisitFacts) -> dict[str, Any]:
    """What the browser sends for these facts."""
    values = {name: value for name, value in initial_of(facts).items() if value not in (None, "", (), False)}
    values |= {"visited_on": facts.visited_on.isoformat(), "symptoms": list(facts.symptoms), "seen": list(facts.seen)}
    return values


def _patients(by: User) -> Iterator[Patient]:
    with scope(by):
        open_files = list(Patient.objects.visible_to(by).open().filter(last_level__lt=3).order_by("pk"))
    return cycle(open_files)


def bench() -> Result:
    town, _due = busiest_township()
    by = worker_of(town)
    patients = _patients(by)
    facts = calm_facts()
    today = timezone.localdate()

    def ours() -> Visit:
        patient = next(patients)
        data = posted(facts) | {"form_id": str(uuid4())}
        with scope(by):
            policy = care_policy(patient.duty_county, today)
            form = VisitEntry(data, setting=Setting(today, patient.birth_on, patient.closed_on), policy=policy)
            assert form.is_valid(), form.errors
            return record_visit(
                patient=patient,
                facts=form.facts(),
                choice=form.choice(),
                form_id=form.cleaned_data["form_id"],
                by=by,
                policy=policy,
                basis_from=policy.alert_from_level,
            ).visit

    like = ours()
    row = {f.attname: getattr(like, f.attname) for f in Visit._meta.concrete_fields if f.name not in ("id", "complete")}
    roots = _roots(by, patients, WARM + ROUNDS)

    def base() -> Visit:
        root = next(roots)
        with scope(by):
            return Visit.objects.create(**row | {"root_id": root.pk, "patient_id": root.patient_id})

    made = {"aim": AIM, "level": facts.level}
    result = compare("visit", ours, base, goal=GOAL, rounds=ROUNDS, warm=WARM, facts=made)
    with system_scope():
        rebuild_summaries()  # no summary knew of the bare rows, and nobody may delete a visit
    return result


def _roots(by: User, patients: Iterator[Patient], number: int) -> Iterator[VisitRoot]:
    """Made outside the clock: the base writes the visit's own row only."""
    with scope(by):
        made = [
            VisitRoot.objects.create(patient=patient, form_id=uuid4(), entered_by=by, **place_of(patient))
            for patient, _n in zip(patients, range(number), strict=False)
        ]
    return iter(made)
