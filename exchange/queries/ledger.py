from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exchange.models import Disclosure
from exchange.rules.items import header
from exchange.terms import SHEET, Advice, ContentField, DataItem, LedgerAct

# What a line can name: columns of a file, the sheet of a joint visit, an alert's fields, what was said on the telephone.
LABELS = {
    **{item.value: header(item) for item in DataItem}, **SHEET, **dict(Advice.choices), **dict(ContentField.choices),
    "status": "状态", "disputed": "异议标记",
}  # fmt: skip


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger in words."""

    at: datetime
    act: str
    recipient: str
    actor: str
    fields: str
    basis: str
    is_recall: bool


def ledger_of(person: UUID, limit: int = 100) -> list[LedgerLine]:
    """Who was told what about this person, newest first. The caller has passed the door to the person."""
    rows = Disclosure.objects.filter(person=person).order_by("-at", "-uuid")[:limit]
    return [
        LedgerLine(
            at=row.at,
            act=row.get_act_display(),
            recipient=row.recipient_name,
            actor=row.actor_name,
            fields="、".join(LABELS.get(field, field) for field in row.fields),
            basis=f"{row.get_basis_display()}：{row.citation}" if row.citation else row.get_basis_display(),
            is_recall=row.act == LedgerAct.RECALLED,
        )
        for row in rows
    ]
