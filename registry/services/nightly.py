"""What the night sets right or reports: first visits made, journeys that ended by themselves, people without a township."""

from collections import Counter
from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from accounts import audit
from accounts.models import Division
from accounts.rules.machine import Step
from accounts.terms import DivisionLevel
from registry.models import DutyCheck, TemporaryFile, Transfer
from registry.queries.duty import Breach, breaches
from registry.rules.transfers import TRANSFER
from registry.services.notices import tell
from registry.terms import AwayState, CareStatus, NoticeKind, TransferState

S = TransferState


def report_breaches(today: date) -> list[Breach]:
    """Count the people without exactly one township, tell each county office once a night, leave a line in the trail."""
    found = breaches(today)
    audit.record("registry.duty.checked", None, by=None, facts={"breaches": len(found), "on": today.isoformat()})
    wrong = Counter(breach.county for breach in found)
    for place in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None):
        DutyCheck.objects.update_or_create(county=place, checked_on=today, defaults={"breaches": wrong[place.pk]})
    for county, number in wrong.items():
        words = f"夜间检查：{number} 份档案的管辖乡镇不正确，内部编号 {_numbers(found, county)}。请在“更正管辖”里处理。"
        tell(kind=NoticeKind.OTHER, words=words, by=None, to_county=county, href=reverse("registry:duty_breaches"))
    return found


def _numbers(found: list[Breach], county: int) -> str:
    mine = [breach.number for breach in found if breach.county == county]
    return "、".join(mine[:10]) + ("等" if len(mine) > 10 else "")


def settle_transfers(today: date) -> int:
    """Accepted files that were visited since are done; those that went on to a third township end."""
    accepted = Transfer.objects.filter(state=S.ACCEPTED).select_related("patient")
    done = 0
    for row in accepted.filter(
        Q(patient__last_visit_on__gte=F("accepted_on")) | ~Q(patient__duty_township=F("to_township"))
    ).select_for_update(of=("self",)):
        here = row.patient.duty_township == row.to_township_id
        step: Step[TransferState] = TRANSFER.step(row.state, S.DONE if here else S.CLOSED)
        row.state = step.after
        row.done_on = row.patient.last_visit_on if here else None
        row.save(update_fields=["state", "done_on"])
        audit.record(step.action, row, by=None, person=row.person)
        done += 1
    return done


def settle_temporary_files(today: date) -> int:
    """Whoever is no longer away, or lives under another township now, needs no temporary file any more."""
    running = TemporaryFile.objects.exclude(state=AwayState.ENDED)
    over = running.filter(~Q(patient__status=CareStatus.AWAY) | ~Q(patient__duty_township=F("from_township")))
    ended = 0
    for row in over.select_for_update(of=("self",)):
        row.state, row.ended_on = AwayState.ENDED, today
        row.save(update_fields=["state", "ended_on"])
        audit.record("registry.temporary_file.ended", row, by=None, person=row.person)
        ended += 1
    return ended
