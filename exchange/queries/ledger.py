from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exchange.models import Disclosure
from exchange.terms import ContentField, LedgerAct

LABELS = {**dict(ContentField.choices), "status": "状态"}


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
