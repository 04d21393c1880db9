"""单人告知 in the demo county: one sent and signed for, one that waits for the second signature, one the system asks for."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from django.db.models import QuerySet

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import Role
from config.demo.staff import DemoAccount
from exchange.models import MyNotice, PersonNotice
from exchange.services.my_notices import open_notice, sign_for
from exchange.services.person_notices import fingerprint, send_notice, sendable
from registry.models import Patient
from registry.services.status import set_status

WHO = (Role.TOWNSHIP_WORKER, Role.TOWNSHIP_POLICE)
WENT_MISSING = "连续三次未访到，家属不知去向。"


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    """How many notices there are. In the first township of the county; nothing where nobody fits."""
    first: dict[str, User] = {}
    for account in accounts:
        if account.role in WHO and account.role not in first:
            first[account.role] = User.objects.select_related("agency__division").get(username=account.username)
    worker, police = first[Role.TOWNSHIP_WORKER], first[Role.TOWNSHIP_POLICE]
    with scope(worker):
        _send(worker, "lost_report", _lost(worker, today, ago=2), "连续三次未访到，请协助查找。", today)
        _send(worker, "urgent", _people(worker).filter(last_level__gte=3).first(), "持械在村口，家属劝不住。", today)
        _lost(worker, today, ago=1)
        made = PersonNotice.objects.count()
    _signed(police)
    return made


def _people(worker: User) -> QuerySet[Patient]:
    rows = Patient.objects.visible_to(worker).filter(status="managed", closed_on=None)
    return rows.order_by("pk")


def _lost(worker: User, today: date, *, ago: int) -> Patient | None:
    """Somebody of a low level who has been lost since then; the system asks for the written report."""
    person = _people(worker).filter(last_level__lt=3).last()
    if person is not None:
        on = today - timedelta(days=ago)
        set_status(patient=person, value="lost", on=on, by=worker, reason=WENT_MISSING)
        person.refresh_from_db()
    return person


def _send(worker: User, situation: str, person: Patient | None, because: str, today: date) -> None:
    if person is None:
        return
    ready = [one for one in sendable(person, situation, by=worker) if one.template is not None]
    if ready:
        send_notice(
            patient=person, situation=situation, agencies=[one.agency.uuid for one in ready], because=because,
            seen=fingerprint(situation, ready).hex(), form_id=uuid4(), by=worker,
        )  # fmt: skip


def _signed(police: User) -> None:
    with scope(police):
        row = MyNotice.objects.filter(agency_id=police.agency_id, acknowledged_at=None, ended_at=None).first()
        if row is not None:
            sign_for(notice=row.uuid, by=police)
            open_notice(notice=row.uuid, by=police, proven=False)
