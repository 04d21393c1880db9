"""What an office does with what it was told of one person: see, sign, open. A partner's request runs as app_partner.

Rows are reached through the functions of migration 0018 only, which check the office, take the officer from the
transaction and write the ledger. A copy of another office and no copy look the same.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import unseal
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import Permission, Purpose
from exchange.models import MyNotice, PersonNoticeCopy
from exchange.rules.items import GROUP_OF
from exchange.rules.person_notices import in_order
from exchange.services.owners_functions import call
from exchange.services.watching import watch_openings
from exchange.terms import DataItem

CONTENT = PersonNoticeCopy._meta.get_field("content")


def see_notices(*, by: User) -> int:
    """The office's list is on an officer's screen: the first such moment of each copy stays. Raises: Denied."""
    authorise(by, Permission.RECEIVE_NOTICE)
    return int(call("exchange_notice_see", timezone.now())[0][0])


@transaction.atomic
def sign_for(*, notice: UUID, by: User) -> str:
    """签收 of the copy ("copy"), or of its end ("end"); "" when that was done before. Raises: Denied, NotHere."""
    authorise(by, Permission.RECEIVE_NOTICE)
    signed, person = call("exchange_notice_sign", notice, timezone.now())[0]
    if person is None:
        raise NotHere
    if signed:
        row = MyNotice.objects.get(uuid=notice)
        audit.record("exchange.person_notice.acknowledged", row, by=by, person=person, facts={"what": signed})
    return str(signed)


def open_notice(*, notice: UUID, by: User, proven: bool) -> list[tuple[DataItem, str]]:
    """Exactly what was told, in order; every reading is a line of the ledger and of the access log.

    [] : not signed for yet, or ended. Source: threats T2, T14. Raises: Denied, TooMany, StepUpNeeded.
    """
    authorise(by, Permission.RECEIVE_NOTICE)
    watch_openings(by=by, proven=proven, cases=[notice])
    rows = call("exchange_notice_open", notice, timezone.now())
    if not rows:
        return []
    sealed, person = rows[0]
    told = in_order(CONTENT.load(unseal(bytes(sealed), label=CONTENT.label, uuid=notice)))
    audit.saw([person], {GROUP_OF[item] for item, _said in told}, Purpose.EXCHANGE)
    return told
