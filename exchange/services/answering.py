"""复函: the letter that answers a list prints itself once every difference has been reviewed, and is kept as it was sent.

Source: issue 4, Build 6; ADR 18.
"""

import logging
from collections import Counter
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.crypto import unseal
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere
from accounts.scope import scope
from accounts.services.pdf import make_pdf
from accounts.terms import Permission
from exchange.models import Difference, InboundLetter, InboundList
from exchange.queries.differences import GOING_ON
from exchange.queries.inbound import kinds, own_list
from exchange.rules.answers import told
from exchange.rules.differences import INBOUND
from exchange.rules.periods import period
from exchange.services.failpoints import reached
from exchange.services.letters import sender_of
from exchange.terms import Conclusion, DifferenceState, InboundKind, InboundState, RowClass

CONTENT = InboundLetter._meta.get_field("content")
log = logging.getLogger(__name__)
BROKE = "差异都已办完，复函没有做成，系统会再试。仍不成功请联系系统管理员。"


def answer_due() -> int:
    """From the clock: every compared list of which nothing is open any more. Twice at once is harmless: a list is held."""
    done = 0
    waiting = InboundList.objects.filter(state=InboundState.COMPARED).order_by("compared_at", "pk")
    for pk, county, kind in list(waiting.values_list("pk", "county", "kind")):
        if kinds()[InboundKind(kind)].platform:
            continue  # nobody there reads letters: a platform is followed until its export agrees
        try:
            with scope(counties=[county], route="exchange.answer_lists"):
                done += answer_list(pk)
        except Exception:
            log.exception("list %s not answered", pk)
            InboundList.objects.filter(pk=pk, state=InboundState.COMPARED).update(fault=BROKE)
    return done


@transaction.atomic
def answer_list(pk: int) -> bool:
    """The letter, and the list's last state, in one. False: something is still open, or it is answered.

    Runs in the county's reach. Raises: NotRendered.
    """
    row = InboundList.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if row is None or row.state != InboundState.COMPARED:
        return False
    if Difference.objects.filter(last_inbound=row, state__in=GOING_ON).exists():
        return False
    step = INBOUND.step(row.state, InboundState.ANSWERED)
    row.state, row.answered_at, row.fault = step.after, timezone.now(), ""
    row.save(update_fields=["state", "answered_at", "fault"])
    reached("answer_dated")
    content = make_answer(row)
    letter = InboundLetter.objects.create(inbound=row, content=content, sha256=sha256(content).hexdigest())
    facts = {"kind": row.kind, "number": row.number, "sha256": letter.sha256}
    audit.record(step.action, row, by=None, facts=facts)
    reached("answer_kept")
    return True


def day_of(row: InboundList) -> date:
    """The letter's day: when it is answered, but never before the day on which any answer may go out. Source: ADR 18."""
    answered = timezone.localdate(row.answered_at)
    return max(answered, row.answer_from or answered)


def answer_facts(row: InboundList) -> dict[str, Any]:
    """What stands in the letter: numbers, and the rows that could not be read. Nobody is named."""
    rows = Difference.objects.filter(last_inbound=row, state=DifferenceState.ACCEPTED)
    conclusions: dict[RowClass, dict[Conclusion, int]] = {}
    for found, said, number in rows.order_by("found").values_list("found", "conclusion").annotate(n=Count("pk")):
        conclusions.setdefault(RowClass(found), {})[Conclusion(said)] = number
    twice = Counter(RowClass(one["like"]) for one in row.twice)
    said = told(row.counts, conclusions, twice)
    day = day_of(row)
    return {
        "row": row, "agency": row.agency.name, "sender": sender_of(row.county), "period": period(row.period).label,
        "totals": said.totals, "found": said.found, "county": row.county.usual_name,
        "sent_on": f"{timezone.localtime(row.sent_at):%Y年%-m月%-d日}", "day": f"{day:%Y年%-m月%-d日}",
        "stamp": day.isoformat(), "code": (row.fingerprint[:32], row.fingerprint[32:]),
    }  # fmt: skip


def make_answer(row: InboundList) -> bytes:
    """The PDF; the same facts give the same bytes. Raises: NotRendered."""
    facts = answer_facts(row)
    html = render_to_string("exchange/print/answer.html", facts)
    return make_pdf(html, render_to_string("exchange/print/letter.css", facts)).content


def letter_of(row: InboundList) -> bytes:
    """The county's copy; the list came through a door. Raises: NotHere (not answered yet)."""
    kept = InboundLetter.objects.filter(inbound=row).first()
    if kept is None:
        raise NotHere
    return bytes(kept.content)


@transaction.atomic
def fetch_own_letter(*, uuid: UUID, by: User) -> bytes:
    """The letter for the office that handed the list in. Runs as app or app_partner; each reading stands in the trail.

    Raises: Denied, NotHere (not this office's, or before the day on which it may be read).
    """
    authorise(by, Permission.SEND_LIST)
    row = own_list(uuid)
    with connection.cursor() as cursor:
        cursor.execute("SELECT letter, content FROM exchange_own_letter(%s)", [uuid])
        found = cursor.fetchone()
    if found is None:
        raise NotHere
    facts = {"list": str(uuid), "kind": row.kind, "number": row.number}
    audit.record("exchange.inbound.letter_read", None, by=by, facts=facts)
    content: bytes = CONTENT.load(unseal(bytes(found[1]), label=CONTENT.label, uuid=found[0]))
    return content
