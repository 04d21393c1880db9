"""An agency's list handed in: read and looked through without writing any person, then sent under its number."""

import io
import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.services.races import one_at_a_time, refusing
from accounts.terms import Permission
from exchange.models import InboundContent, InboundList, OwnInbound
from exchange.queries.inbound import Sender, last_number, own_list, own_lists, sender, towns_of
from exchange.rules.inbound_kinds import Kind
from exchange.rules.inbound_rows import Reading, fingerprint, read_rows
from exchange.rules.inbound_sequence import AGAIN, period_problem, sequence_problem
from exchange.services.opening import opened
from exchange.services.signatures import signed_by
from exchange.terms import InboundKind, InboundState
from registry.rules.table import TableRefused
from registry.services.importing import read_table

MOST_ROWS = 20_000
SHOWN = 200  # bad rows that are kept by number; beyond that the file is not fit to be sent
ROWS = InboundContent._meta.get_field("rows")


@dataclass(frozen=True)
class Handed:
    """What stands on the form."""

    agency: str
    kind: str
    number: int
    period: str
    gap_because: str = ""


def _read(content: bytes, name: str, sent: Sender, kind: Kind, today: date) -> Reading:
    content, name = opened(content, name)
    try:
        table = read_table(io.BytesIO(content), name=name)
        if len(table.rows) > MOST_ROWS:
            raise Refused(f"一份名册最多 {MOST_ROWS} 行。请分成几份报送。", field="file")
        reading = read_rows(table, kind, towns=towns_of(sent.county), today=today)
    except TableRefused as refusal:
        raise Refused(str(refusal), field="file") from None
    if not reading.total:
        raise Refused("名册里没有人。请核对文件。", field="file")
    if not reading.rows or reading.refused > SHOWN:
        first = reading.refusals[0]
        raise Refused(
            f"{reading.refused} 行不能识别，文件没有收下。第 {first.row} 行“{first.column}”：{first.reason}",
            field="file",
        )
    return reading


def _judge(handed: Handed, sent: Sender, kind: Kind, today: date) -> None:
    """Raises: Refused, at its field."""
    if problem := period_problem(handed.period, kind.rhythm, today):
        raise Refused(problem, field="period")
    last = last_number(sent.agency, sent.county, kind.code)
    if problem := sequence_problem(handed.number, last, handed.gap_because):
        raise Refused(problem, field="gap_because" if handed.number > last else "number")


@transaction.atomic
def draft_list(*, handed: Handed, content: bytes, name: str, by: User, signature: bytes = b"") -> OwnInbound:
    """Look through a file without taking it in: what could be read, what not, whether it follows the last one.

    Nothing is compared with the register: an agency must not learn from a trial whom it holds (security 3.3, note 1).
    What a clerk carries in is signed by its office. The same content again answers the list that it is. Runs as app or
    app_partner. Raises: Denied, NotHere, Refused.
    """
    authorise(by, Permission.SEND_LIST)
    today = timezone.localdate()
    sent, kind = sender(by, today, handed.agency, handed.kind)
    key = signed_by(sent, kind, content, signature, mark=f"{handed.period}-{handed.number}", today=today)
    reading = _read(content, name, sent, kind, today)
    mark = fingerprint(kind.code, handed.period, reading.rows, reading.refusals)
    same = own_lists().filter(agency=sent.agency, county=sent.county, kind=kind.code, fingerprint=mark)
    if (known := same.exclude(state=InboundState.DRAFT).first()) is not None:
        return known
    _judge(handed, sent, kind, today)
    new, box = uuid4(), uuid4()
    refusals = [{"row": one.row, "column": one.column, "reason": one.reason} for one in reading.refusals]
    arguments: list[Any] = [
        new, sent.county.pk, sent.agency.pk, kind.code.value, handed.number, handed.period, mark, handed.gap_because,
        reading.total, json.dumps(refusals, ensure_ascii=False), timezone.now(), box,
        ROWS.seal([row.as_content() for row in reading.rows], box),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchange_draft_list(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s)", arguments
        )
        if not cursor.fetchone()[0]:
            raise NotHere
    facts = {"list": str(new), "rows": reading.total}
    if key is not None:
        InboundList.objects.filter(uuid=new).update(signed_with=key)  # the clerk is no partner: runs as app
        facts["signed_with"] = key.fingerprint
    audit.record("exchange.inbound.drafted", None, by=by, facts=facts)
    return own_list(new)


@transaction.atomic
def send_list(*, uuid: UUID, seen: str, by: User) -> OwnInbound:
    """Hand in what was looked through. `seen`: the fingerprint on the page. A second press finds it sent.

    Source: security T17. Raises: Denied, NotHere, Refused.
    """
    authorise(by, Permission.SEND_LIST)
    row = own_list(uuid)
    if row.state != InboundState.DRAFT and row.fingerprint == seen:
        return row
    if row.drafted_by_id != by.pk or row.fingerprint != seen:
        raise Refused("确认的不是刚才检查的那份名册。请重新上传。")
    one_at_a_time(row.agency.uuid)
    problem = sequence_problem(row.number, last_number(row.agency, row.county, InboundKind(row.kind)), row.gap_because)
    if problem:
        raise Refused(problem)
    again = Refused(AGAIN.format(number=row.number))
    with refusing("inboundlist_content_once", again), connection.cursor() as cursor:
        cursor.execute("SELECT exchange_send_list(%s, %s)", [uuid, timezone.now()])
        if not cursor.fetchone()[0]:
            raise NotHere
    facts = {"list": str(uuid), "kind": row.kind, "number": row.number, "period": row.period}
    audit.record("exchange.inbound.sent", None, by=by, facts=facts)
    return own_list(uuid)
