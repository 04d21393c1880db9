"""谁收到过: what was told of one person to whom and when, in plain words, for the person or guardian. No staff names.

Source: 个人信息保护法 §44, §45, §50; security 3.7 (rights desk): organisation, date, fields, basis; staff are not named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from exchange.models import Disclosure
from exchange.queries.ledger import LABELS
from exchange.terms import LedgerAct

# Acts that an office may do often: those of one day are counted on one line.
COUNTED = {LedgerAct.OPENED: "该单位查看了 {} 次", LedgerAct.COLLECTED: "该单位下载了 {} 次有您信息的名单"}


@dataclass(frozen=True)
class ToldLine:
    """What happened on one day, in plain words; `times`: how many lines of the ledger it stands for."""

    on: date
    act: str
    how: str
    fields: str = ""
    basis: str = ""
    times: int = 1

    @property
    def words(self) -> str:
        return COUNTED[LedgerAct(self.act)].format(self.times) if self.act in COUNTED else self.how


@dataclass
class Recipient:
    """One office: what it was told and when, on which days it looked, what was taken back."""

    name: str
    lines: list[ToldLine] = field(default_factory=list)


def told_of(person: UUID) -> list[Recipient]:
    """Every line of the ledger stands in it; looks of one day are counted together. The caller has passed the door."""
    rows = Disclosure.objects.filter(person=person).order_by("at", "uuid")
    found: dict[UUID, Recipient] = {}
    places: dict[tuple[UUID, date, str, str], int] = {}
    for row in rows.iterator():
        office = found.setdefault(row.recipient, Recipient(row.recipient_name))
        line = _line(row, row.at.astimezone(timezone.get_current_timezone()).date())
        key = (row.recipient, line.on, row.act, line.basis)
        if row.act in COUNTED and key in places:
            before = office.lines[places[key]]
            office.lines[places[key]] = replace(before, times=before.times + 1)
            continue
        places[key] = len(office.lines)
        office.lines.append(line)
    return sorted(found.values(), key=lambda one: one.name)


def _line(row: Disclosure, on: date) -> ToldLine:
    basis = f"{row.get_basis_display()}：{row.citation}" if row.citation else row.get_basis_display()
    if row.act in COUNTED:
        return ToldLine(on, row.act, "", basis=basis)
    if row.act == LedgerAct.RECALLED:
        how = "已通知该单位从名单里移除，不再使用" if row.release else "已通知该单位收回，不再使用"
        return ToldLine(on, row.act, how, basis=basis)
    how = (
        "在定期名单里告知"
        if row.release and row.basis != "emergency"
        else "在紧急情况下用电话告知"
        if row.release
        else "告知"
    )
    return ToldLine(on, row.act, how, in_words(row.fields), basis)


def in_words(fields: Iterable[str]) -> str:
    """Each field once, by its plain name."""
    return "、".join(dict.fromkeys(LABELS.get(one, one) for one in fields if one != "status")) or "只有状态"
