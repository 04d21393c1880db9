"""An assessment was saved or corrected: what it means for each office's case, in the visit's transaction."""

from uuid import UUID

from django.utils import timezone

from accounts.models import Agency, User
from accounts.queries.offices import offices_for
from exchange.models import Alert, AlertEntry
from exchange.queries.assessments import as_assessment, level_before, newest_visit
from exchange.queries.cases import alert_policy, case_facts, has_open_case, newest_cases, office_order, told_about
from exchange.rules.absence import keeps_open
from exchange.rules.assessing import AlertPolicy, Assessment, Decision, decide
from exchange.rules.cases import CaseEvent, step
from exchange.rules.content import OFFICES, RiskFacts
from exchange.services.disclosing import Source, Telling
from exchange.services.past_cases import withdraw_from_past
from exchange.services.steps import Batch, move, open_cases, take_back
from exchange.terms import DISCLOSING, CaseStatus, ClosedBecause, EntryKind, SourceKind
from followup.models import Visit
from followup.queries.incidents import told_open
from registry.models import Patient


def assess(*, visit: Visit, previous_level: int | None, by: User, corrected: bool = False) -> UUID | None:
    """Raise, join, lower or close the cases of every office concerned; the township police's open case comes back.

    Source: decisions B19–B21. The caller holds the patient's lock and the transaction; nothing is committed here.
    A plain visit of a patient without a case costs one query.
    """
    quiet = not corrected and not has_open_case(visit.patient)
    if quiet and not visit.level:
        return None
    today = timezone.localdate()
    policy = alert_policy(visit.patient.duty_county, today)
    if quiet and (visit.level or 0) < policy.from_level:
        return None
    cases = newest_cases(visit.patient)
    patient = Patient.objects.select_related("village__parent").get(pk=visit.patient_id)
    if not corrected and patient.closed_on is not None and not any(case.is_open for case in cases):
        return None
    return _Assessing(visit, patient, cases, policy, by=by, corrected=corrected).run(previous_level)


class _Assessing:
    """One assessment over all offices; what is the same for them is read once."""

    def __init__(
        self, visit: Visit, patient: Patient, cases: list[Alert], policy: AlertPolicy, *, by: User, corrected: bool
    ) -> None:
        self.visit, self.patient, self.policy, self.corrected, self.by = visit, patient, policy, corrected, by
        self.held: bool | None = None
        self.cases = {case.agency_id: case for case in cases}
        self.source = Source(SourceKind.VISIT, visit.root.uuid, visit.version)
        self.changed = as_assessment(visit, by)
        self.newest_visit = newest_visit(patient)
        self.newest = self._newest()
        self.batch = Batch(patient, by, because=f"{visit.visited_on} 随访评估")

    def _newest(self) -> Assessment | None:
        if self.newest_visit is None or self.newest_visit.root_id == self.visit.root_id:
            return self.changed if self.newest_visit else None
        return as_assessment(self.newest_visit, self.newest_visit.entered_by)

    def run(self, previous_level: int | None) -> UUID | None:
        self.previous = {self.source.uuid: previous_level}
        if self.corrected:
            self._tell_past()
        told = told_about(self.cases.values(), self.visit.root.uuid)
        opening: dict[CaseEvent, list[Agency]] = {}
        today = timezone.localdate()
        for agency in self._offices():
            case = self.cases.get(agency.pk)
            decision = decide(
                self.changed, self.newest, case_facts(case, told.get(case.pk) if case else None),
                corrected=self.corrected, today=today, policy=self.policy,
            )  # fmt: skip
            if case is not None and case.is_open:
                self._apply(case, decision)
            elif decision.event is not None:
                opening.setdefault(decision.event, []).append(agency)
        for event, agencies in opening.items():
            self._open(event, agencies)
        self.batch.written()
        return self._answer()

    def _offices(self) -> list[Agency]:
        """Offices with an open case, and those of the township when somebody may have to be told anew."""
        found = {case.agency_id: case.agency for case in self.cases.values() if case.is_open}
        if self.newest is not None and self.newest.level >= self.policy.from_level and self.patient.closed_on is None:
            for agency in offices_for(self.patient.duty_township, OFFICES):
                found.setdefault(agency.pk, agency)
        return sorted(found.values(), key=office_order)

    def _answer(self) -> UUID | None:
        still = [case for case in self.cases.values() if case.is_open]
        return min(still, key=lambda case: office_order(case.agency)).uuid if still else None

    def _tell_past(self) -> None:
        holds = (self.changed.level, self.changed.on) if self.changed is not None else None
        withdraw_from_past(
            self.batch, kind=SourceKind.VISIT, told=self.source.uuid, source=self.source, on=self.visit.visited_on,
            holds=holds,
        )  # fmt: skip

    # what a decision writes

    def _open(self, event: CaseEvent, agencies: list[Agency]) -> None:
        found, about = step(None, event), self.newest
        if found is None or found.tells is None or about is None:
            return
        confirmed = (about.on, self.by) if found.after == CaseStatus.CONFIRMED else None
        made = open_cases(self.patient, agencies, status=found.after, level=about.level, confirmed=confirmed)
        for case in made:
            self.cases[case.agency_id] = case
            self.batch.tell(self._telling(case, found.tells, about))
            self.batch.note(found.action, case, level=about.level, on=about.on.isoformat())

    def _apply(self, case: Alert, decision: Decision) -> None:
        if decision.event in (CaseEvent.FALL, CaseEvent.FALL_REPORTED):
            self._fall(case, decision)
            return
        taken = take_back(case, self.source) if decision.withdraw else 0
        if decision.event == CaseEvent.CONFIRM:
            self._end_review(case)
        elif taken:
            self.batch.tell(Telling(case, EntryKind.WITHDRAWN, self.source, self.visit.visited_on))
            self.batch.note("exchange.alert.withdrawn", case)
            self._say_what_still_holds(case)
        elif decision.tell and decision.about is not None:
            self._rise(case, decision.event, decision.about)

    def _fall(self, case: Alert, decision: Decision) -> None:
        because = ClosedBecause.CORRECTED if decision.withdraw else ClosedBecause.FELL
        event = decision.event or CaseEvent.FALL
        if self._is_held():
            if (
                event == CaseEvent.FALL
                and case.fell_on is None
                and (self.newest is not None and self.newest.by_psychiatrist)
            ):
                case.fell_on = self.visit.visited_on  # closes with the incident
            if decision.withdraw:
                take_back(case, self.source)
            event = CaseEvent.FALL_HELD
        moved = move(case, event, because=because)
        if moved is None or moved[1] is None:
            return
        kind = EntryKind.WITHDRAWN if decision.withdraw and not case.is_open else moved[1]
        self.batch.tell(Telling(case, kind, self.source, self.visit.visited_on))
        self.batch.note(moved[0], case, because=because.value)

    def _is_held(self) -> bool:
        """An open confirmed incident or a search keeps every office's case open, asked once and only when one would end."""
        if self.held is None:
            stability = self.newest_visit.stability if self.newest_visit else None
            self.held = keeps_open(self.patient.status, stability) or told_open(self.patient)
        return self.held

    def _rise(self, case: Alert, event: CaseEvent | None, about: Assessment) -> None:
        if self.corrected:
            take_back(case, self.source)  # what was said of this record before
        confirmed = (about.on, self.by) if event == CaseEvent.RISE_CONFIRMED else None
        moved = move(case, event, level=about.level, confirmed=confirmed) if event else None
        action, kind = moved or ("exchange.alert.raised_again", EntryKind.RAISED_AGAIN)
        self.batch.tell(self._telling(case, kind or EntryKind.RAISED_AGAIN, about))
        self.batch.note(action, case, level=about.level, on=about.on.isoformat())

    def _end_review(self, case: Alert) -> None:
        """The record that had lowered the level was wrong: the confirmed level stands again."""
        if self.newest is None:
            return
        moved = move(case, CaseEvent.CONFIRM, level=self.newest.level)
        if moved is None:
            return
        self.batch.tell(Telling(case, EntryKind.CONFIRMED, self.source, self.newest.on, self._risk(self.newest)))
        self.batch.note(moved[0], case, level=self.newest.level)

    def _say_what_still_holds(self, case: Alert) -> None:
        """An open case never stands without a statement: the newest assessment is told when nothing else is left."""
        left = AlertEntry.objects.filter(alert=case, kind__in=DISCLOSING, withdrawn_at=None)
        if self.newest is None or left.exists():
            return
        case.level = self.newest.level
        case.save(update_fields=["level"])
        self.batch.tell(self._telling(case, EntryKind.RAISED_AGAIN, self.newest))

    def _telling(self, case: Alert, kind: EntryKind, about: Assessment) -> Telling:
        source = Source(SourceKind.VISIT, about.source, about.version)
        return Telling(case, kind, source, about.on, self._risk(about))

    def _risk(self, about: Assessment) -> RiskFacts:
        if about.source not in self.previous:
            visit = self.newest_visit
            self.previous[about.source] = level_before(self.patient, visit) if visit else None
        return RiskFacts(about.level, about.on, self.previous[about.source])
