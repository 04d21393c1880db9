"""What a recipient must be told of rows it already holds: added, corrected, removed, and on what ground."""

from collections.abc import Sequence

from accounts.terms import FieldGroup
from exchange.rules.items import GROUP_OF
from exchange.rules.packages import ENDING
from exchange.terms import ChangeKind, ChangeReason, DataItem, ListKind

L = ListKind
# Lists that say how things stand: who left them is told with the next package. The others are about one period only.
STANDING = frozenset({L.HIGH_RISK, L.AWAY, L.STANDARD, L.ASSISTED, L.CERTIFIED, L.INSURED})
# Told once and true for ever unless the record was wrong: corrected also when newer packages have come since.
PERIODIC = frozenset({L.INCIDENTS, L.NEW, L.ENDED})
BACK = 12  # quarters whose rows are still corrected: three years, as long as an assessment of the exchange holds
HEADS = ("变动", "原因")
# By these a recipient finds the row that it has to take out; nothing else of a person is told again.
KEPT = frozenset({FieldGroup.IDENTITY})
KEPT_ITEMS = frozenset({DataItem.ID_NUMBER, DataItem.ID_MASKED, DataItem.BIRTH_ON})


def removal_reason(kind: ListKind, status_code: str | None) -> ChangeReason:
    """Why a row goes. None: the county has no such file any more. A recipient never learns the new level.

    What was told of one period goes only because it was wrong.

    Source: issue 4, Build 4 (corrections are a delta package); threat T14 (the next file has the removal, not the level).
    """
    if status_code is None:
        return ChangeReason.WITHDRAWN
    if kind in PERIODIC:
        return ChangeReason.CORRECTED
    return ChangeReason.ENDED if status_code in ENDING else ChangeReason.FELL


def removed_cells(items: Sequence[DataItem], cells: Sequence[str]) -> list[str]:
    """A removed row: who it was, nothing of what had been told about that person."""
    return [
        cell if GROUP_OF[item] in KEPT or item in KEPT_ITEMS else "" for item, cell in zip(items, cells, strict=True)
    ]


def change_row(kind: ChangeKind, why: ChangeReason, cells: Sequence[str]) -> list[str]:
    return [str(kind.label), str(why.label), *cells]
