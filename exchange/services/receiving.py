"""回执 of the receiving office: what it says about the rows it was sent. All of a receipt is taken, or nothing.

These run as app_partner: the rows are reached through exchange_receive() only, which checks the office, takes the
officer from the transaction, locks the package and adds up. Another office's package and no package look the same.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from exchange.models import MyPackage, PackageReceiptRow
from exchange.queries.package_receipts import others_of
from exchange.rules.receipts import COLUMNS, Said, Wrong, read_issue, read_lines, wrong_columns
from exchange.services.opening import MOST_BYTES, is_sealed, opened, seal_mark
from exchange.terms import ReceiptWay
from registry.rules.table import Table, TableRefused
from registry.services.importing import read_table

NOTE = PackageReceiptRow._meta.get_field("note")
NAMES = dict(zip(COLUMNS, ("serial", "verdict", "because", "note", "issue"), strict=True))


class ReceiptRefused(Refused):
    """Nothing of the receipt was taken. `wrong`: every sentence with its line."""

    code = "invalid"
    message = "回执没有登记，请按提示改好再交。"

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__()


class ReceiptClosed(Refused):
    status = 409
    code = "closed"
    message = "这个包已经办结或收回，不能再登记回执。有不同的情况请联系县里的信息交换员。"


class ReceiptFormUsed(Refused):
    status = 409
    code = "form_used"
    message = "这个表单号已经用于另一份回执。请换一个表单号再交。"


@dataclass(frozen=True)
class Taken:
    """What came of a receipt: rows that were noted, and how many of them say what a later one has replaced already."""

    rows: int = 0
    older: int = 0

    def __bool__(self) -> bool:
        return self.rows > 0


def accept_all(*, package: MyPackage, form_id: UUID, by: User) -> Taken:
    """全部一致: every row that nothing was said about yet. No rows when nothing was left. Raises as `send_receipt`."""
    return _send(package, form_id, ReceiptWay.ALL, [], None, by)


def send_receipt(
    *,
    package: MyPackage,
    said: Sequence[Said],
    way: ReceiptWay,
    form_id: UUID,
    by: User,
    issued: datetime | None = None,
) -> Taken:
    """A receipt for some rows. No rows when it says nothing new: sent twice it counts once, an earlier one stays.

    `issued`: when it was written, where that is not now; whenever it arrives, a later one has the last word.
    Source: issue 4, Build 5. Raises: Denied, NotHere, ReceiptClosed, ReceiptFormUsed.
    """
    return _send(package, form_id, way, said, issued, by)


def read_rows(*, package: MyPackage, lines: Iterable[tuple[int, Mapping[str, str]]]) -> list[Said]:
    """Raises: ReceiptRefused, with a sentence for every line that is wrong."""
    found = read_lines(lines, package=package.uuid, sent=package.sent, others=others_of(package))
    if found.wrong:
        raise ReceiptRefused(found.wrong)
    return found.said


@dataclass(frozen=True)
class Sheet:
    """A receipt sheet that was handed in. `form_id`: of a sealed file, which is one receipt however often and late it
    comes; None where nothing tells a copy from the same words said once more."""

    said: list[Said]
    form_id: UUID | None
    issued: datetime


def read_file(*, package: MyPackage, file: BinaryIO, name: str) -> Sheet:
    """A receipt sheet, .xlsx or .csv, as it is or encrypted to the county (.age). Raises: ReceiptRefused."""
    was_sealed = is_sealed(name)
    content = file.read(MOST_BYTES + 1)
    try:
        if len(content) > MOST_BYTES:
            raise TableRefused("文件太大，最多 10 MB。请只留回执表的四列。")
        plain, name = opened(content, name)
        table = read_table(io.BytesIO(plain), name=name)
    except (TableRefused, Refused) as refusal:
        raise ReceiptRefused([Wrong(0, str(refusal))]) from None
    said, issued = _lines_of(package, table)
    return Sheet(said, seal_mark(content) if was_sealed else None, issued)


def _lines_of(package: MyPackage, table: Table) -> tuple[list[Said], datetime]:
    if sentence := wrong_columns(table.headers):
        raise ReceiptRefused([Wrong(1, sentence)])
    filled = (
        (row.number, {NAMES[head]: str(cell) for head, cell in row.cells.items() if head in NAMES})
        for row in table.rows
    )
    lines = [
        (number, cells) for number, cells in filled if any(cells.get(name) for name in ("verdict", "because", "note"))
    ]
    if not lines:
        raise ReceiptRefused([Wrong(0, "文件里没有一行填了结果。没有填的行仍是待核对。")])
    marks = ((number, cells.get("issue", "")) for number, cells in lines)
    issued = read_issue(marks, earliest=package.released_at, now=timezone.now())
    if isinstance(issued, Wrong):
        raise ReceiptRefused([issued])
    return read_rows(package=package, lines=lines), issued


@transaction.atomic
def _send(
    package: MyPackage, form_id: UUID, way: ReceiptWay, said: Sequence[Said], issued: datetime | None, by: User
) -> Taken:
    authorise(by, Permission.COLLECT_PACKAGE)
    new, uuids = uuid4(), [uuid4() for _ in said]
    notes = [NOTE.seal(one.note, uuid) if one.note else None for one, uuid in zip(said, uuids, strict=True)]
    row = _receive(
        package.uuid, new, form_id, _digest(way, said), way.value, timezone.now(), issued, [one.serial for one in said],
        [str(one.verdict) for one in said], [one.because for one in said], notes, uuids,
    )  # fmt: skip
    outcome, number, rows, older = row
    if outcome == "none":
        raise NotHere
    if outcome == "closed":
        raise ReceiptClosed
    if outcome == "form_used":
        raise ReceiptFormUsed
    if outcome != "taken":
        return Taken()
    facts = {"number": number, "rows": rows, "older": older, "way": way.value}
    audit.record("exchange.package.receipt", package, by=by, facts=facts)
    return Taken(rows, older)


def _receive(*arguments: Any) -> tuple[str, int, int, int]:
    casts = (
        "uuid",
        "uuid",
        "uuid",
        "varchar",
        "varchar",
        "timestamptz",
        "timestamptz",
        "int[]",
        "varchar[]",
        "varchar[]",
        "bytea[]",
        "uuid[]",
    )
    marks = ", ".join(f"%s::{cast}" for cast in casts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM exchange_receive({marks})", arguments)  # noqa: S608 - casts are ours
        row: tuple[str, int, int, int] = cursor.fetchone()
    return row


def _digest(way: ReceiptWay, said: Sequence[Said]) -> str:
    if way == ReceiptWay.ALL:
        return "all"
    rows = sorted((one.serial, str(one.verdict), one.because, one.note) for one in said)
    return sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
