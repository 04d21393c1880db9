"""A difference that a township leaves past its deadline: the county is told, then the commission, each once."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Division
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.rules.calendar import WorkCalendar
from accounts.scope import scope
from accounts.terms import DivisionLevel
from exchange.models import Difference
from exchange.queries.differences import GOING_ON
from exchange.rules.late_differences import passed_by
from exchange.services.failpoints import reached
from exchange.terms import DifferenceState


@dataclass(frozen=True)
class Stage:
    """`rule`: the county's working days beyond the deadline, if any. An answer in time that waits for the county's own
    review is no delay of the township, but it is one for the commission."""

    noted: str
    action: str
    states: tuple[DifferenceState, ...]
    rule: str = ""


STAGES = (
    Stage("late_noted_at", "exchange.difference.late", (DifferenceState.OPEN,)),
    Stage("commission_noted_at", "exchange.difference.commission_told", GOING_ON, "difference_commission_days"),
)


def escalate_differences() -> int:
    """Note every difference that has passed its days, and say how many. Safe to run twice and at once.

    Source: issue 4, Build 6; security 4.3 (county, then commission). Units: working days, county settings.
    """
    noted, today, calendar = 0, timezone.localdate(), work_calendar()
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        with scope(counties=[county]):
            for stage in STAGES:
                noted += _note(stage, county, today, calendar)
        reached("late_committed")
    return noted


@transaction.atomic
def _note(stage: Stage, county: int, today: date, calendar: WorkCalendar) -> int:
    waiting = Difference.objects.filter(
        county=county, state__in=stage.states, due_on__lt=today, **{stage.noted: None}
    )  # fmt: skip
    days = waiting.order_by().values_list("due_on", flat=True).distinct()
    more = int(cast("int", policies(county, today)[stage.rule])) if stage.rule else 0
    late = passed_by(days, today, more=more, calendar=calendar)
    if not late:
        return 0
    rows = list(
        waiting.filter(due_on__in=late).select_for_update(of=("self",), skip_locked=True).select_related("patient")
        .defer("told", "words", "because")
    )  # fmt: skip
    Difference.objects.filter(pk__in=[one.pk for one in rows]).update(**{stage.noted: timezone.now()})
    reached("lateness_noted")
    AuditEvent.objects.bulk_create(
        AuditEvent(**audit.event_facts(
            stage.action, one, by=None, person=one.patient.uuid if one.patient else None,
            facts={"due_on": one.due_on.isoformat()},
        ))
        for one in rows
    )  # fmt: skip
    return len(rows)
