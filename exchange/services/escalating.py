"""An office that does not sign or answer: the county is told, then the commission, each once and never after a 签收."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Division
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.scope import scope
from accounts.terms import DivisionLevel
from exchange.models import Alert, Receipt
from exchange.queries.late import Late, untold
from exchange.rules.deadlines import Patience
from exchange.services.disclosing import Source, Telling
from exchange.services.failpoints import reached
from exchange.services.following import whole
from exchange.services.steps import Batch
from exchange.terms import EntryKind, SourceKind
from registry.models import Patient

SEARCHED_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Stage:
    """One stage: which receipts are late for it, the column that notes it, the audit's word, the hours it speaks of."""

    late: Callable[[Late, QuerySet[Receipt]], QuerySet[Receipt]]
    noted: str
    action: str
    hours: Callable[[Patience], int]
    tells_county_body: bool = False


STAGES = (
    Stage(Late.unsigned, "silent_noted_at", "exchange.alert.unanswered", lambda p: p.acknowledge, True),
    Stage(Late.long_unsigned, "commission_noted_at", "exchange.alert.commission_told", lambda p: p.commission),
    Stage(Late.unanswered, "answer_noted_at", "exchange.alert.no_feedback", lambda p: p.answer),
)


def escalate_silence() -> int:
    """Note every entry that has passed a county's hours, and say how many. Safe to run twice and at once.

    Source: security 4.3 (24 h without 签收 → county, 48 h → commission); issue 4. Units: hours, county settings.
    """
    noted = 0
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        with scope(counties=[county]):
            late = Late(Patience.of(policies(county, timezone.localdate()), work_calendar()), timezone.localtime())
            since = late.now - SEARCHED_BACK
            found = [
                (stage, receipt)
                for stage in STAGES
                for receipt in untold(stage.late(late, Receipt.objects.all()), stage.noted, since=since)
            ]
        for stage, receipt in found:
            with scope(counties=[county]):
                noted += _note(stage, receipt, late)
            reached("silence_committed")
    return noted


def _note(stage: Stage, receipt: Receipt, late: Late) -> bool:
    """One entry, one stage, one transaction. False: signed or answered meanwhile, or another worker was faster."""
    if not Patient.objects.select_for_update(no_key=True).filter(pk=receipt.patient_id).exists():
        return False  # moved out of the county: its new one will see
    mine = Receipt.objects.filter(pk=receipt.pk, **{stage.noted: None})
    if not mine.select_for_update().exists() or not stage.late(late, mine).exists():
        return False
    mine.update(**{stage.noted: late.now})
    alert = Alert.objects.select_related("agency__division").get(pk=receipt.alert_id)
    person = Patient.objects.values_list("uuid", flat=True).get(pk=receipt.patient_id)
    facts = {"agency": str(alert.agency.uuid), "hours": stage.hours(late.patience)}
    audit.record(stage.action, alert, by=None, person=person, facts=facts)
    reached("silence_noted")
    if stage.tells_county_body:
        _tell_county_body(alert, receipt)
    return True


def _tell_county_body(alert: Alert, receipt: Receipt) -> None:
    """The county's body of the silent office's kind hears it as an entry of its own case, without content."""
    place = alert.agency.division
    if place.level != DivisionLevel.TOWNSHIP or not alert.is_open:
        return
    bodies = Alert.objects.filter(patient=alert.patient_id, agency__kind=alert.agency.kind).open()
    case = bodies.filter(agency__division=place.parent_id).select_related("agency", "county").first()
    if case is None:
        return
    batch = Batch(whole(alert.patient), None, because="超过期限没有签收")
    source = Source(SourceKind.SILENCE, receipt.entry.uuid)
    batch.tell(Telling(case, EntryKind.ESCALATED, source, timezone.localdate()))
    batch.note("exchange.alert.escalated", case, office=str(alert.agency.uuid))
    batch.written()
    reached("escalation_told")
