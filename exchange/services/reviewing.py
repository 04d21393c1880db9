"""The psychiatrist's word: the level stands, or it has fallen. It counts for every office at once."""

from django.db import transaction
from django.utils import timezone

from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from exchange.models import Alert
from exchange.queries.cases import alert_policy, newest_cases
from exchange.rules.absence import LOST
from exchange.rules.cases import CaseEvent
from exchange.rules.content import RiskFacts
from exchange.services.disclosing import Source, Telling
from exchange.services.steps import Batch, close_cases, move
from exchange.terms import ClosedBecause, SourceKind
from followup.queries.incidents import told_open
from followup.rules.plans import GRAVE_LEVEL
from followup.services.plan_levels import follow_level
from registry.models import Patient

HIGHEST_LEVEL = 5


class NothingToReview(Refused):
    message = "这名患者现在没有待处理的预警，不需要复核。请回到名单核对。"


class LevelRefused(Refused):
    """The level lies below what is told to offices: that would be the other decision."""

    def __init__(self, from_level: int) -> None:
        super().__init__(f"确认的等级应在 {from_level} 到 {HIGHEST_LEVEL} 之间。已经降下来的，请选另一项。")


def _open_cases_of(patient: Patient, by: User) -> tuple[Patient, list[Alert]]:
    authorise(by, Permission.CONFIRM_RISK, patient)
    locked = Patient.objects.select_for_update(no_key=True, of=("self",)).select_related("village__parent")
    found = locked.filter(pk=patient.pk).first()
    cases = [case for case in newest_cases(found) if case.is_open] if found else []
    if found is None or not cases:  # moved out of reach meanwhile, or fallen
        raise NothingToReview
    return found, cases


@transaction.atomic
def confirm_level(*, patient: Patient, level: int, because: str, by: User) -> list[Alert]:
    """A psychiatrist confirms the level (or keeps it where a fall was reported).

    Source: decisions B21; 管理治疗工作规范 2018. Units: level 0–5. Raises: Denied, NothingToReview, LevelRefused.
    """
    patient, cases = _open_cases_of(patient, by)
    today = timezone.localdate()
    from_level = alert_policy(patient.duty_county, today).from_level
    if not from_level <= level <= HIGHEST_LEVEL:
        raise LevelRefused(from_level)
    batch, source = Batch(patient, by, because=because), Source.new(SourceKind.DECISION)
    for case in cases:
        before = case.level if case.level != level else None
        moved = move(case, CaseEvent.CONFIRM, level=level, confirmed=(today, by))
        if moved and moved[1]:
            batch.tell(Telling(case, moved[1], source, today, RiskFacts(level, today, before)))
            batch.note(moved[0], case, level=level)
    follow_level(patient, level=level)
    batch.written()
    return cases


@transaction.atomic
def confirm_fall(*, patient: Patient, because: str, by: User) -> list[Alert]:
    """A psychiatrist finds the level below the threshold: every office's case ends, with an open incident if there is one.

    Source: decisions B21. Raises: Denied, NothingToReview.
    """
    patient, cases = _open_cases_of(patient, by)
    today = timezone.localdate()
    batch, source = Batch(patient, by, because=because), Source.new(SourceKind.DECISION)
    follow_level(patient, level=GRAVE_LEVEL - 1)
    if told_open(patient) or patient.status == LOST:  # B21: the cases end with the incident or the search
        for case in cases:
            case.fell_on = today
            moved = move(case, CaseEvent.FALL_HELD)
            if moved and moved[1]:
                batch.tell(Telling(case, moved[1], source, today))
            batch.note("exchange.alert.held", case, on=today.isoformat())
    else:
        close_cases(batch, cases, CaseEvent.FALL, because=ClosedBecause.CONFIRMED_FALL, source=source, on=today)
    batch.written()
    return cases
