"""Correcting a record: the next version of the same root. The old one stays readable."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Conflict
from accounts.terms import Permission
from followup.models import Visit, VisitRoot
from followup.queries.records import Line, complete_lines, previous_to
from followup.rules.choice import kept_choice
from followup.rules.classification import judge
from followup.rules.facts import FACT_FIELDS, Choice, VisitFacts
from followup.services import consequences
from followup.services.locking import lock_with_prescriptions
from followup.services.plan_levels import correct_level
from followup.services.prescriptions import follow_correction, said
from followup.services.summaries import refresh
from followup.services.visits import Recorded, care_policy, consider, decision_columns
from followup.services.windows import refresh_windows
from followup.terms import Source


class VisitConflict(Conflict):
    """Two people corrected one record. Both texts travel with the refusal, nothing typed is lost."""

    def __init__(self, current: Visit, mine: VisitFacts, choice: Choice) -> None:
        self.current = current
        super().__init__(
            "您打开以后，别人先保存了这次随访。两份内容都在下面，请核对后再保存。",
            theirs=as_text(VisitFacts.of(current), choice_of(current)) | {"version": current.version},
            mine=as_text(mine, choice),
        )


def as_text(facts: VisitFacts, choice: Choice) -> dict[str, Any]:
    """The interface's names and plain values."""
    shown: dict[str, Any] = {}
    for name, value in {**facts.as_columns(), **asdict(choice)}.items():
        shown[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return shown


def choice_of(visit: Visit) -> Choice:
    return Choice(visit.stability, visit.next_due_on, visit.deviation_reason)


@transaction.atomic
def correct_visit(
    *,
    root: VisitRoot,
    version: int,
    facts: VisitFacts,
    by: User,
    choice: Choice | None = None,
    source: Source = Source.FORM,
    as_recorded: bool = False,
    basis_from: int | None = None,
    keep: Collection[str] = (),
) -> Recorded:
    """Write the next version of a record; the same content again writes none.

    `keep`: fields of the choice that the correction does not speak of; they stay as the doctor had chosen them.
    The verdict is judged anew from the corrected facts; verdicts of other records stay (C26).
    Source: design decisions A7. Raises: Denied, VisitRefused, VisitConflict (somebody else saved first, 409).
    """
    patient, choice = root.patient, choice or Choice()
    authorise(by, Permission.CORRECT_VISIT, patient)
    locked = lock_with_prescriptions(patient)
    old = Visit.objects.select_related("root", "patient").get(root=root, is_current=True)
    if old.version != version:
        raise VisitConflict(old, facts, choice)
    today = timezone.localdate()
    policy = care_policy(patient.duty_county, min(facts.visited_on, today))
    lines = complete_lines([patient.pk], but_root=root.pk)
    previous = previous_to(facts.visited_on, lines)
    was = VisitFacts.of(old)
    if keep and was.is_complete:
        choice = _kept(old, was, choice, keep, lines, as_recorded=as_recorded)
    verdict, decision = consider(
        facts, choice, policy, previous, patient, today, as_recorded=as_recorded, basis_from=basis_from
    )
    columns = decision_columns(decision, choice)
    changed = [name for name in FACT_FIELDS if getattr(was, name) != getattr(facts, name)]
    changed += [
        name for name in ("stability", "next_due_on", "deviation_reason") if getattr(old, name) != columns[name]
    ]
    if not changed:
        return Recorded(old, False)
    new = _next_version(old, facts, columns, by, source)
    is_newest = old.visited_on == patient.last_visit_on and not as_recorded
    change = follow_correction(patient, facts, locked.running, by) if is_newest else None
    level_on_file = patient.last_level
    refresh([patient.pk])
    correct_level(patient, before=level_on_file)
    refresh_windows([patient.pk], today=today)
    audit.record(
        "followup.visit.corrected",
        root,
        by=by,
        person=patient.uuid,
        because=verdict.because,
        facts={"on": facts.visited_on.isoformat(), "version": new.version, "changed": changed, **said(change)},
    )
    if facts.in_hospital != was.in_hospital and old.visited_on == patient.last_visit_on:
        consequences.tell_admission(new, facts.in_hospital, by)
    return Recorded(new, True, None if as_recorded else _tell(new, facts, was, lines, by))


def _tell(new: Visit, facts: VisitFacts, was: VisitFacts, lines: Sequence[Line], by: User) -> UUID | None:
    consequences.tell_corrected(new, facts, was, lines, by=by)
    if facts.level is None and was.level is None:
        return None
    earlier = [line for line in lines if line.visited_on <= facts.visited_on]
    level_before = earlier[-1].record.level if earlier else None
    return consequences.tell_risk(new, previous_level=level_before, by=by, corrected=True)


def _kept(
    old: Visit, was: VisitFacts, choice: Choice, keep: Collection[str], lines: Sequence[Line], *, as_recorded: bool
) -> Choice:
    policy = care_policy(old.patient.duty_county, old.visited_on)
    previous = previous_to(old.visited_on, lines)
    verdict = judge(was, policy, previous)
    return kept_choice(
        choice, choice_of(old), keep, was=was, verdict=verdict, policy=policy, previous=previous,
        as_recorded=as_recorded,
    )  # fmt: skip


def _next_version(old: Visit, facts: VisitFacts, columns: dict[str, Any], by: User, source: Source) -> Visit:
    Visit.objects.filter(pk=old.pk, is_current=True).update(is_current=False)
    new = Visit(
        root=old.root,
        patient=old.patient,
        version=old.version + 1,
        duty_township=old.duty_township,
        duty_county=old.duty_county,
        at_township=old.at_township,
        source=source,
        entered_at=timezone.now(),
        entered_by=by,
        **facts.as_columns(),
        **columns,
    )
    new.save(force_insert=True)
    return new
