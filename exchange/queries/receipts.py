"""What the health side sees of its alerts: each office's case with its receipts, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet

from accounts.models import Agency
from accounts.reach import Reach, reach_filter
from exchange.models import Alert, AlertEntry, Feedback, Receipt
from exchange.queries.cases import office_order
from exchange.queries.late import Late, unsigned_recalls
from exchange.rules.deadlines import Patience
from exchange.rules.lines import Line, Moments, line
from exchange.terms import RECALLING, Action, CaseStatus, EntryKind
from registry.models import Patient


@dataclass(frozen=True)
class Told:
    """One entry with what the office did about it."""

    entry: AlertEntry
    line: Line


@dataclass(frozen=True)
class Answer:
    """反馈 in words."""

    at: datetime
    by: str
    words: str
    note: str


@dataclass(frozen=True)
class OfficeCase:
    """An office's case: the line of its newest entry stands for it."""

    case: Alert
    told: Sequence[Told]
    answers: Sequence[Answer]

    @property
    def line(self) -> Line:
        return self.told[-1].line

    @property
    def is_silent(self) -> bool:
        return any(told.line.is_silent for told in self.told)


def with_receipts(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    entries = AlertEntry.objects.select_related(
        "receipt", "receipt__acknowledged_by", "receipt__seen_by", "delivery"
    ).order_by("id")
    feedback = Feedback.objects.select_related("given_by").order_by("id")
    return alerts.select_related("agency__division", "patient__village").prefetch_related(
        Prefetch("entries", entries), Prefetch("feedback", feedback)
    )


def office_cases(alerts: Iterable[Alert], *, patience: Patience, now: datetime) -> list[OfficeCase]:
    """From alerts read by with_receipts(); township before county, police before political-legal."""
    ordered = sorted(alerts, key=lambda alert: (office_order(alert.agency), alert.pk))
    return [_office_case(alert, patience, now) for alert in ordered]


def _office_case(alert: Alert, patience: Patience, now: datetime) -> OfficeCase:
    answers, agency = list(alert.feedback.all()), alert.agency
    told_by = partial(line, agency.name, hours=patience.acknowledge, now=now)
    calendar = patience.counted(on_duty=agency.on_duty)
    told = [
        Told(entry, _of_recall(entry, told_by(_moments(entry, answers, now), calendar=calendar)))
        for entry in alert.entries.all()
    ]
    return OfficeCase(alert, told, [_answer(answer) for answer in answers])


def _of_recall(entry: AlertEntry, found: Line) -> Line:
    """Whose 签收 is missing is the notice's that the case or an entry is over, not the alert's."""
    return replace(found, hint=f"解除或收回的通知：{found.hint}") if entry.kind in RECALLING else found


def has_unsigned_recall(alert: Alert) -> bool:
    """The office has not yet said that it knows. From alerts read by with_receipts()."""
    recalls = [entry for entry in alert.entries.all() if entry.kind in RECALLING]
    receipts = [getattr(entry, "receipt", None) for entry in recalls]
    return any(receipt is None or receipt.acknowledged_at is None for receipt in receipts)


def _moments(entry: AlertEntry, answers: Sequence[Feedback], now: datetime) -> Moments:
    receipt, delivery = getattr(entry, "receipt", None), getattr(entry, "delivery", None)
    if receipt is None:
        return Moments(None, None, None, failed=bool(delivery and delivery.failed_at))
    signed = receipt.acknowledged_at
    later = [answer.given_at for answer in answers if signed and answer.given_at >= signed]

    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(now.tzinfo) if at else None

    return Moments(
        local(receipt.delivered_at), local(receipt.seen_at), local(signed), local(later[0] if later else None)
    )


def _answer(row: Feedback) -> Answer:
    did = "、".join(Action(action).label for action in row.actions)
    words = "，".join(word for word in (row.get_met_display(), did, row.get_result_display()) if word)
    return Answer(row.given_at, row.given_by.display_name, words, str(row.note or ""))


def alerts_within(reach: Reach) -> QuerySet[Alert]:
    return Alert.objects.filter(reach_filter(reach))


def patients_with_alerts(reach: Reach, show: str, *, late: Late) -> QuerySet[Patient]:
    """Patients for the list of what was sent: `silent`, `recall` (taken back, not yet signed), `review`, `closed`, or
    all with an open case; newest first."""
    mine = Alert.objects.filter(patient=OuterRef("pk"))
    wanted = {
        "silent": mine.filter(Exists(late.unsigned(Receipt.objects.filter(alert=OuterRef("pk"))))),
        "unanswered": mine.filter(Exists(late.unanswered(Receipt.objects.filter(alert=OuterRef("pk"))))),
        "recall": mine.filter(Exists(unsigned_recalls(Receipt.objects.filter(alert=OuterRef("pk"))))),
        "review": mine.filter(status__in=(CaseStatus.PRELIMINARY, CaseStatus.UNDER_REVIEW)),
        "closed": mine.filter(status=CaseStatus.CLOSED),
    }.get(show, mine.exclude(status=CaseStatus.CLOSED))
    found = Patient.objects.filter(reach_filter(reach, patient="")).filter(Exists(wanted))
    return found.annotate(newest_alert=Max("alerts__id")).order_by("-newest_alert")


def open_agencies(cases: Iterable[OfficeCase]) -> list[Agency]:
    return [found.case.agency for found in cases if found.case.is_open]


def newest_disclosing(case: OfficeCase) -> AlertEntry | None:
    """The entry whose level and date the case stands for."""
    holding = [told.entry for told in case.told if told.entry.level is not None and told.entry.withdrawn_at is None]
    return holding[-1] if holding else None


def ended_by(case: OfficeCase) -> AlertEntry | None:
    last = case.told[-1].entry if case.told else None
    return last if last and last.kind in (EntryKind.CLOSED, EntryKind.WITHDRAWN) else None


def alerts_of(patient: Patient) -> QuerySet[Alert]:
    """Every case of a patient who was fetched through the door."""
    return Alert.objects.filter(patient=patient)
