"""What the county does with a card or a notice that found no township: back to it, on to another place, or the end."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.services.papers import Paper, held_paper, lay_with_county, step
from registry.terms import CardState, Held

# A discharge notice's states bear the same codes.
AT_COUNTY, SENT, ELSEWHERE = CardState.AT_COUNTY.value, CardState.SENT.value, CardState.ELSEWHERE.value


@transaction.atomic
def hold_paper(*, paper: Paper, because: Held, reason: str, by: User) -> Paper:
    """退回县级: the address is wrong and could not be found, or the number is not the township's to settle.

    Source: 管理治疗工作规范 2018 地址不详的退回县级精防机构. Raises: Denied, NotHere, Refused.
    """
    row = held_paper(paper, by, Permission.RECEIVE_CARD)
    lay_with_county(row, because)
    step(row, AT_COUNTY, by, reason=reason, because=str(because))
    return row


@transaction.atomic
def address_paper(*, paper: Paper, township: Division, by: User) -> Paper:
    """改派: the county names the township; its five days begin anew. Raises: Denied, NotHere, Refused."""
    row = held_paper(paper, by, Permission.ADDRESS_CARD)
    if township.parent_id != row.county_id:
        raise Refused("请选择本县的乡镇（街道）。", field="to")
    row.township, row.sent_on, row.held_because = township, timezone.localdate(), Held.NOTHING
    step(row, SENT, by, township=township.code)
    return row


@transaction.atomic
def end_paper_elsewhere(*, paper: Paper, reason: str, by: User) -> Paper:
    """The person is on the register of another county, which was told. Raises: Denied, NotHere, Refused."""
    row = held_paper(paper, by, Permission.ADDRESS_CARD)
    step(row, ELSEWHERE, by, reason=reason)
    return row
