"""The ledger's lines of a package: a line for every person in it, written in blocks, so that memory does not grow with it.

A person may stand in several lists. What each row told is gathered in a temporary table of this transaction (who, and the
names of columns; no cell); one statement makes the lines of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.crypto import blind_index
from accounts.models import User
from accounts.refusals import Refused
from accounts.scope import scope
from exchange.models import Package
from exchange.queries.packages import ToldRow, told_in_blocks
from exchange.terms import LedgerAct
from registry.models import Patient
from registry.queries.objections import disputed_people
from registry.queries.sharing import agreed_among

A = LedgerAct
MOVED = "有人已经转到别的县。请重新准备这个包。"
DISPUTED = "disputed"

_MAKE = """
DROP TABLE IF EXISTS pg_temp.package_told;
CREATE TEMPORARY TABLE package_told (act text, person uuid, item text) ON COMMIT DROP
"""
# A row that tells nothing but that somebody stands there is told all the same: its item is null.
_GATHER = """
INSERT INTO pg_temp.package_told SELECT DISTINCT act, person, item
FROM unnest(%s::text[], %s::uuid[], %s::text[]) AS told(act, person, items)
LEFT JOIN LATERAL unnest(string_to_array(nullif(items, ''), ',')) AS item ON true
"""
_LINES = """
INSERT INTO exchange_disclosure (at, uuid, act, person, recipient, recipient_name, release, fields, basis, citation, actor,
  actor_name, digest)
SELECT %s, gen_random_uuid(), act, person, %s, %s, %s,
  coalesce(array_agg(DISTINCT item COLLATE "C") FILTER (WHERE item IS NOT NULL), '{}'), %s, %s, %s, %s, %s
FROM pg_temp.package_told GROUP BY act, person
"""


def check_marks(row: Package) -> None:
    """Said to the first signer already, who would otherwise sign what the second cannot release. Raises: Refused."""
    late, without = set[UUID](), set[UUID]()
    for block in told_in_blocks(row):
        told = [one for one in block if not one.removed]
        late |= _unmarked(told)
        without |= _not_agreed(row, told)
    _refuse_unmarked(late)
    _refuse_not_agreed(without)


def _not_agreed(row: Package, told: Sequence[ToldRow]) -> set[UUID]:
    """Where consent is the ground: those who do not agree today."""
    people, asks = {one.person for one in told}, row.template.asks
    return people - agreed_among(people, asks, timezone.localdate()) if asks else set()


def _refuse_not_agreed(without: set[UUID]) -> None:
    if without:
        raise Refused(f"准备以后有 {len(without)} 人撤回了同意。请重新准备，把他们从名单里去掉。")


def without_consent(row: Package) -> int:
    """How many people whom a package names do not agree to it today; none where it rests on something else."""
    if not row.template.asks:
        return 0
    found = set[UUID]()
    with scope(counties=[row.county_id]):
        for block in told_in_blocks(row):
            found |= _not_agreed(row, [one for one in block if not one.removed])
    return len(found)


def _unmarked(told: Sequence[ToldRow]) -> set[UUID]:
    return disputed_people({one.person for one in told}) - {one.person for one in told if one.disputed}


def _refuse_unmarked(late: set[UUID]) -> None:
    if late:
        raise Refused(f"准备以后有 {len(late)} 人提出了异议。请重新准备，让这些行带上标记。")


def write_released(row: Package, by: User) -> int:
    """With the second signature. How many lines. Raises: Refused.

    Source: issue 4, Build 3 and 9; 个人信息保护法 §15, §23, §55. Who has withdrawn a consent is not told; who has
    objected since the rows were made must be marked before they leave. Of somebody to be taken out who has moved away,
    the new county keeps the ledger.
    """
    late, without = set[UUID](), set[UUID]()
    _ask(_MAKE)
    for block in told_in_blocks(row):
        told = [one for one in block if not one.removed]
        if not _all_here(told):
            raise Refused(MOVED)
        late |= _unmarked(told)
        without |= _not_agreed(row, told)
        gone = [one for one in block if one.removed]
        here = _here(gone)
        _gather([(A.DISCLOSED, one) for one in told] + [(A.RECALLED, one) for one in gone if one.person in here])
    _refuse_unmarked(late)
    _refuse_not_agreed(without)
    return _write(row, by, row.released_at or timezone.now())  # a release is found again by its moment


def write_recalled(row: Package, by: User) -> int:
    """The whole package is called back; that does not wait for whoever has moved away. How many lines."""
    _ask(_MAKE)
    for block in told_in_blocks(row):
        told = [one for one in block if not one.removed]
        here = _here(told)
        _gather([(A.RECALLED, one) for one in told if one.person in here])
    return _write(row, by, timezone.now())


def _here(rows: Iterable[ToldRow]) -> set[UUID]:
    """Those who are still the county's: the transaction's reach decides."""
    people = {one.person for one in rows}
    return set(Patient.objects.filter(uuid__in=people).values_list("uuid", flat=True)) if people else people


def _all_here(rows: Sequence[ToldRow]) -> bool:
    return _here(rows) == {one.person for one in rows}


def _gather(told: Sequence[tuple[LedgerAct, ToldRow]]) -> None:
    items = [",".join([*one.items, DISPUTED] if one.disputed else one.items) for _act, one in told]
    _ask(_GATHER, [act.value for act, _one in told], [one.person for _act, one in told], items)


def _write(row: Package, by: User, at: datetime) -> int:
    digest, template = blind_index("package.archive", row.archive_sha256), row.template
    told_to = (row.agency.uuid, row.agency.name, row.uuid)
    return _ask(_LINES, at, *told_to, template.basis, template.citation, by.uuid, by.display_name, digest)


def _ask(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)
