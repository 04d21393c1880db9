"""The health side: what was sent, and what each office did about it."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import saw
from accounts.doors import can, requires, where
from accounts.models import User
from accounts.queries.calendar import work_calendar
from accounts.queries.offices import offices_for
from accounts.queries.policy import policies
from accounts.rules.calendar import WorkCalendar, add_working_days
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import Alert
from exchange.queries.late import Late
from exchange.queries.ledger import ledger_of
from exchange.queries.person_notices import notices_of
from exchange.queries.receipts import (
    OfficeCase,
    alerts_of,
    alerts_within,
    has_unsigned_recall,
    newest_disclosing,
    office_cases,
    patients_with_alerts,
    with_receipts,
)
from exchange.queries.review_gaps import gap_of
from exchange.rules.content import OFFICES
from exchange.rules.deadlines import Patience
from exchange.rules.offices import missing_words
from exchange.terms import CaseStatus
from exchange.views.who import me
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.head import patient_head
from registry.queries.objections import objections_of
from registry.queries.sharing import sharing_of

PAGE = 20
IN_THE_PANEL = 6
GROUPS = (FieldGroup.IDENTITY, FieldGroup.RISK)
SHOWN = {
    "": "全部有效", "silent": "超时未签收", "unanswered": "超时未反馈", "recall": "收回待签收", "review": "待复核",
    "closed": "已解除",
}  # fmt: skip


@dataclass(frozen=True)
class PatientAlerts:
    """One patient's cases over all offices, as one block of the list."""

    patient: Patient
    offices: list[OfficeCase]
    review_by: date | None
    note: str

    @property
    def first(self) -> OfficeCase:
        """An open case speaks for the patient before one that is over and waits for its 签收."""
        return next((office for office in self.offices if office.case.is_open), self.offices[0])

    @property
    def case(self) -> Alert:
        return self.first.case

    @property
    def level(self) -> int | None:
        return self.case.level if self.case.is_open else None

    @property
    def sent_on(self) -> date | None:
        entry = newest_disclosing(self.first)
        return entry.occurred_on if entry else None

    @property
    def wants_review(self) -> bool:
        return self.case.fell_on is None and self.case.status in (CaseStatus.PRELIMINARY, CaseStatus.UNDER_REVIEW)

    @property
    def tone(self) -> str:
        tones = {CaseStatus.PRELIMINARY: "info", CaseStatus.UNDER_REVIEW: "caution", CaseStatus.CONFIRMED: "urgent"}
        return tones.get(CaseStatus(self.case.status), "")


@dataclass(frozen=True)
class Clocks:
    """The county's hours and days, read once for a page. A reach over several counties takes the first one's."""

    now: datetime
    patience: Patience
    review_days: int
    from_level: int
    calendar: WorkCalendar

    @classmethod
    def of(cls, user: User) -> "Clocks":
        now = timezone.localtime()
        county = alerts_within(where(user, Permission.VIEW_ALERT_STATUS)).values_list("duty_county", flat=True).first()
        found, calendar = policies(county or 0, now.date()), work_calendar()
        return cls(
            now,
            Patience.of(found, calendar),
            int(found["psychiatrist_confirms_days"]),
            int(found["alert_from_level"]),
            calendar,
        )

    @property
    def late(self) -> Late:
        return Late(self.patience, self.now)


def _blocks(patients: list[Patient], alerts: QuerySet[Alert], clocks: Clocks) -> list[PatientAlerts]:
    by_patient: dict[int, list[Alert]] = {patient.pk: [] for patient in patients}
    for alert in with_receipts(alerts.filter(patient__in=list(by_patient))):
        by_patient[alert.patient_id].append(alert)
    return [_block(patient, by_patient[patient.pk], clocks) for patient in patients]


def _block(patient: Patient, alerts: list[Alert], clocks: Clocks) -> PatientAlerts:
    open_ones = [alert for alert in alerts if alert.is_open]
    newest = max((alert.opened_at for alert in alerts), default=None)
    shown = [alert for alert in alerts if alert.is_open or has_unsigned_recall(alert)]
    shown = shown or [alert for alert in alerts if alert.opened_at == newest]
    found = office_cases(shown, patience=clocks.patience, now=clocks.now)
    review_by = None
    if found and found[0].case.status == CaseStatus.PRELIMINARY:
        opened = timezone.localdate(found[0].case.opened_at)
        review_by = add_working_days(opened, clocks.review_days, clocks.calendar)
    note = missing_words([(one.case.agency.kind, one.case.agency.division.level) for one in found]) if open_ones else ""
    return PatientAlerts(patient, found, review_by, note)


@requires(Permission.VIEW_ALERT_STATUS)
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    user, clocks = me(request), Clocks.of(me(request))
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    reach = where(user, Permission.VIEW_ALERT_STATUS)
    found = patients_with_alerts(reach, show, late=clocks.late)
    page: Page[Patient] = Paginator(found, PAGE).get_page(request.GET.get("page"))
    blocks = _blocks(list(page.object_list), alerts_within(reach), clocks)
    saw([block.patient.uuid for block in blocks], GROUPS, Purpose.ALERT)
    facts = {
        "blocks": blocks,
        "page": page,
        "filters": [(code, label, code == show) for code, label in SHOWN.items()],
        "silent": patients_with_alerts(reach, "silent", late=clocks.late).count(),
        "recalled": patients_with_alerts(reach, "recall", late=clocks.late).count(),
        "hours": clocks.patience.acknowledge,
        "from_level": clocks.from_level,
        "may_review": can(user, Permission.CONFIRM_RISK),
        "show": show,
    }
    return render(request, "exchange/sent_list.html", facts)


@requires(Permission.VIEW_ALERT_STATUS)
@never_cache
@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """The side panel of the worklist; asks for news by itself and is answered 204 while there are none."""
    user, clocks = me(request), Clocks.of(me(request))
    reach = where(user, Permission.VIEW_ALERT_STATUS)
    patients = list(patients_with_alerts(reach, "", late=clocks.late)[:IN_THE_PANEL])
    blocks = _blocks(patients, alerts_within(reach), clocks)
    state = _state(blocks)
    if request.GET.get("state") == state:
        return HttpResponse(status=204)
    saw([block.patient.uuid for block in blocks], GROUPS, Purpose.ALERT)
    facts = {"blocks": blocks, "poll_url": f"{reverse('exchange:receipts')}?state={state}"}
    return render(request, "exchange/_receipts.html", facts)


def _state(blocks: list[PatientAlerts]) -> str:
    lines = [
        f"{block.patient.uuid}{block.case.status}{block.case.level}"
        + "".join(f"{office.line.bold}{office.line.hint}{len(office.answers)}" for office in block.offices)
        for block in blocks
    ]
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


@requires(Permission.VIEW_ALERT_STATUS)
@never_cache
@require_safe
def patient_tab(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was told about this patient: every office's case with every receipt, and the ledger."""
    user, now = me(request), timezone.localtime()
    groups = [*GROUPS, FieldGroup.TRAIL]
    person = access_patient(user, uuid, Permission.VIEW_ALERT_STATUS, purpose=Purpose.ALERT, groups=groups)
    alerts = with_receipts(alerts_of(person))
    found = policies(person.duty_county, now.date())
    offices = office_cases(alerts, patience=Patience.of(found, work_calendar()), now=now)
    open_ones = [office for office in offices if office.case.is_open]
    facts = {
        "head": patient_head(person, user, now.date()),
        "tab": "alerts",
        "open_cases": open_ones,
        "closed_cases": [office for office in offices if not office.case.is_open],
        "ledger": ledger_of(person.uuid),
        "objections": objections_of(person),
        "sharing": sharing_of(person),
        "may_object": can(user, Permission.EDIT_PATIENT, person),
        "notices": notices_of(person),
        "may_send": can(user, Permission.SEND_NOTICE, person),
        "may_print": can(user, Permission.VIEW_PATIENT_TRAIL, person),
        "gap": gap_of(person, now.date()),
        "note": _note(person, open_ones, from_level=int(found["alert_from_level"])),
        "may_review": bool(open_ones) and can(user, Permission.CONFIRM_RISK, person),
    }
    return render(request, "exchange/patient_alerts.html", facts)


def _note(person: Patient, open_ones: list[OfficeCase], *, from_level: int) -> str:
    """Which office of the township is missing; also where nobody could be told at all."""
    told = [(one.case.agency.kind, one.case.agency.division.level) for one in open_ones]
    if told:
        return missing_words(told)
    if person.closed_on is not None or (person.last_level or 0) < from_level:
        return ""
    there = offices_for(person.duty_township, OFFICES)
    return "" if there else missing_words([])
