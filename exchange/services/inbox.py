"""What a receiving office does with what was disclosed to it: see, sign, open, answer.

These run as app_partner: the rows are reached through the functions of migration 0002 only, which check the office,
take the officer from the transaction and write the ledger. A case of another office and no case look the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import unseal
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission, Purpose
from exchange.models import AlertEntry, Feedback, InboxCase
from exchange.rules.feedback import Answer, problems
from exchange.services.owners_functions import call
from exchange.services.watching import watch_openings
from exchange.terms import CONTENT_GROUPS, ContentField

CONTENT = AlertEntry._meta.get_field("content")
NOTE = Feedback._meta.get_field("note")


class AnswerRefused(Refused):
    """`fields`: a sentence for each field that must be mended."""

    code = "invalid"
    message = "反馈还不能保存，请按提示修改。"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__()
        self.fields = fields


class FormUsed(Refused):
    status = 409
    code = "form_used"
    message = "这张反馈表已经用于另一件预警。请从预警列表重新打开这一件，再反馈。"


class NotOpen(Refused):
    status = 409
    code = "not_open"
    message = "这件预警还没有签收，或已经解除，现在不能反馈。请回到预警列表查看。"


@dataclass(frozen=True)
class Opened:
    """An entry's content as it was disclosed, in the template's order."""

    case: UUID
    entry: UUID
    content: dict[str, str]


def see(*, by: User) -> int:
    """The cards of this office are on an officer's screen: the first such moment of each entry stays."""
    authorise(by, Permission.RECEIVE_ALERT)
    return int(call("exchange_see", timezone.now())[0][0])


@transaction.atomic
def acknowledge(*, case: InboxCase, by: User, newest: UUID | None = None) -> int:
    """签收 what lies unsigned of this case, up to the entry `newest`; the first signature stays, a second changes nothing.

    Source: practice notes C. Returns how many entries were signed now. Raises: Denied, NotHere.
    """
    authorise(by, Permission.RECEIVE_ALERT)
    signed, person = call("exchange_acknowledge", case.uuid, timezone.now(), newest)[0]
    if person is None:
        raise NotHere
    if signed:
        audit.record("exchange.alert.acknowledged", case, by=by, person=person, facts={"entries": signed})
    return int(signed)


def open_cases(*, cases: Iterable[InboxCase], by: User, proven: bool = False) -> dict[UUID, list[Opened]]:
    """The disclosed content of signed, open cases; every call is a line of the ledger and of the access log.

    Source: threats T2, T14. `proven`: the officer has just given password and code again. Raises: Denied, TooMany,
    StepUpNeeded (more different people within an hour than the county lets pass).
    """
    authorise(by, Permission.RECEIVE_ALERT)
    wanted = [case.uuid for case in cases]
    if not wanted:
        return {}
    watch_openings(by=by, proven=proven, cases=wanted)
    found: dict[UUID, list[Opened]] = {}
    persons: set[UUID] = set()
    for case, entry, sealed, person in call("exchange_open", wanted, timezone.now()):
        found.setdefault(case, []).append(Opened(case, entry, _unsealed(bytes(sealed), entry)))
        persons.add(person)
    audit.saw(persons, CONTENT_GROUPS, Purpose.ALERT)
    return found


def _unsealed(sealed: bytes, entry: UUID) -> dict[str, str]:
    """Sealing forgets the order of the fields; here they stand as on the page."""
    told = CONTENT.load(unseal(sealed, label=CONTENT.label, uuid=entry))
    return {field.value: told[field.value] for field in ContentField if field.value in told}


@transaction.atomic
def answer(*, case: InboxCase, given: Answer, form_id: UUID, by: User) -> bool:
    """反馈: once per form. False when this form had been saved before.

    Source: practice notes C. Raises: Denied, AnswerRefused (by field), NotOpen, FormUsed.
    """
    authorise(by, Permission.RECEIVE_ALERT)
    if wrong := problems(given, now=timezone.localtime()):
        raise AnswerRefused(wrong)
    new = uuid4()
    sealed = NOTE.seal(given.note, new) if given.note else None
    created, person = call(
        "exchange_answer", case.uuid, new, form_id, given.met, given.met_at, list(given.actions), given.result, sealed,
        timezone.now(),
    )[0]  # fmt: skip
    if person is None:
        raise NotOpen
    if created is None:
        raise FormUsed
    if created:
        facts = {"met": given.met, "actions": list(given.actions), "result": given.result}
        audit.record("exchange.alert.answered", case, by=by, person=person, facts=facts)
    return bool(created)
