"""精防人员 in post on the cut-off day, township by township: the denominator of 专职精防人员与在册患者比."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from accounts.models import Division
from registry.models import StaffMember
from registry.rules.around import in_force


@dataclass(frozen=True, slots=True)
class Posts:
    """Units: per cent of a full-time post, by township key; a township without anybody is not named."""

    percent: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Full-time equivalents."""
        return Decimal(sum(self.percent.values())) / 100

    def only(self, township: Division) -> "Posts":
        held = self.percent.get(township.pk)
        return Posts({township.pk: held} if held else {})


class _Held(NamedTuple):
    slot: UUID
    starts_on: date
    ended: bool
    township: int
    share: int


def posts_on(townships: Iterable[int], day: date) -> Posts:
    rows = StaffMember.objects.filter(township__in=tuple(townships), starts_on__lte=day)
    threads = (_Held(*row) for row in rows.values_list("slot", "starts_on", "ended", "township_id", "share"))
    found: dict[int, int] = {}
    for row in in_force(threads, day):
        found[row.township] = found.get(row.township, 0) + row.share
    return Posts(found)
