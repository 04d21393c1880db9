"""谁收到过: what was told of one person to whom and when, in plain words, for the person or guardian. No staff names.

Source: 个人信息保护法 §44, §45, §50; security 3.7 (rights desk): organisation, date, fields, basis; staff are not named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone

from exchange.models import Disclosure
from exchange.queries.ledger import LABELS
from exchange.terms import LedgerAct


@dataclass(frozen=True)
class ToldLine:
    on: date
    words: str
    fields: str = ""
    basis: str = ""


@dataclass
class Recipient:
    """One office: what it was told and when, on which days it looked, what was taken back."""

    name: str
    lines: list[ToldLine] = field(default_factory=list)


def told_of(person: UUID) -> list[Recipient]:
    """Every line of the ledger stands in it; looks of one day are counted together. The caller has passed the door."""
    rows = Disclosure.objects.filter(person=person).order_by("at", "uuid")
    found: dict[UUID, Recipient] = {}
    looks: dict[tuple[UUID, date], int] = {}
    for row in rows.iterator():
        office = found.setdefault(row.recipient, Recipient(row.recipient_name))
        on = row.at.astimezone(timezone.get_current_timezone()).date()
        if row.act == LedgerAct.OPENED:
            key = (row.recipient, on)
            looks[key] = looks.get(key, 0) + 1
            if looks[key] == 1:
                office.lines.append(ToldLine(on, LOOKED))
            continue
        office.lines.append(_line(row, on))
    for uuid, office in found.items():
        office.lines = [_counted(line, looks.get((uuid, line.on), 1)) for line in office.lines]
    return sorted(found.values(), key=lambda one: one.name)


LOOKED = "该单位查看"


def _counted(line: ToldLine, times: int) -> ToldLine:
    return ToldLine(line.on, f"{LOOKED}了 {times} 次") if line.words == LOOKED else line


def _line(row: Disclosure, on: date) -> ToldLine:
    basis = f"{row.get_basis_display()}：{row.citation}" if row.citation else row.get_basis_display()
    if row.act == LedgerAct.RECALLED:
        return ToldLine(on, "已通知该单位收回，不再使用", basis=basis)
    how = (
        "在定期名单里告知"
        if row.release and row.basis != "emergency"
        else "在紧急情况下用电话告知"
        if row.release
        else "告知"
    )
    return ToldLine(on, how, in_words(row.fields), basis)


def in_words(fields: Iterable[str]) -> str:
    """Each field once, by its plain name."""
    return "、".join(dict.fromkeys(LABELS.get(one, one) for one in fields if one != "status")) or "只有状态"
