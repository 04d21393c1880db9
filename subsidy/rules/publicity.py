"""公示清册: a masked name, the village, the amount, and nothing else; or only counts where the place publishes no names.

Source: practice.md A4.7 (蕲春 2025: 15,000 records with ID and bank numbers), A1 康乐 (amounts and counts, no names).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from subsidy.rules.money import ZERO

HIDDEN = "**"


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the notice. `name` is masked already."""

    name: str
    village: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Notice:
    """Without names there are no rows either: a village with one family would name it."""

    rows: tuple[Published, ...]
    count: int
    total: Decimal


def mask_for_notice(name: str) -> str:
    """张三丰 -> 张**: the surname's first character, and always two marks, so that not even the length is told.

    Source: practice.md A4.7. `registry.rules.masking` is for colleagues and keeps the length; this is for the street.
    """
    plain = name.strip()
    return plain[:1] + HIDDEN if plain else HIDDEN


def notice(paid: Sequence[tuple[str, str, Decimal]], *, names: bool) -> Notice:
    """`paid`: payee, village, amount. One row per payee; where the place publishes no names, count and total alone.

    The rows are in order of village, name and amount, so that no other order (level, date, number) shows through.
    """
    rows = [Published(mask_for_notice(name), village, amount) for name, village, amount in paid] if names else []
    rows.sort(key=lambda row: (row.village, row.name, row.amount))
    return Notice(tuple(rows), len(paid), sum((amount for _, _, amount in paid), ZERO))
