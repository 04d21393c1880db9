"""Which township misses which target, with how many people: each judged by the plan's own line."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Division
from reports.queries.figures import Figures
from reports.queries.plan_table import computed_value
from reports.rules.indicators import is_sensitive
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow, plan_row
from reports.terms import Kind, Operator, Standing

SHORT = frozenset({Standing.ON_TRACK, Standing.AT_RISK, Standing.FAR})


@dataclass(frozen=True, slots=True)
class TownShort:
    """One township with the targets it does not reach yet, the farthest first."""

    area: Division
    rows: tuple[PlanRow, ...]

    @property
    def late(self) -> tuple[PlanRow, ...]:
        """Those that at the present pace will be missed."""
        return tuple(row for row in self.rows if row.standing is not Standing.ON_TRACK)

    @property
    def missing(self) -> int:
        """People and things together: only to put the worst first."""
        return sum(row.missing or 0 for row in self.rows)


def judged_rows(pack: Pack) -> tuple[str, ...]:
    """Keys of the rows that a township can be judged by: computed, and with a target."""
    return tuple(
        row.key
        for row in pack.rows
        if row.kind is Kind.COMPUTED and any(target.operator is not Operator.REPORT for target in row.targets)
    )


def towns_short(pack: Pack, townships: Mapping[str, Figures], *, open_only: bool = False) -> tuple[TownShort, ...]:
    """Townships that miss a target, the one lacking most first. `open_only`: without the figures small numbers of which
    could point at a person.
    """
    keys = frozenset(judged_rows(pack))
    rows = [row for row in pack.rows if row.key in keys and not (open_only and is_sensitive(row.code))]
    found = []
    for inside in townships.values():
        day = inside.cut.as_of
        each = [plan_row(row, pack.base_year, day, computed_value(row, inside, {})) for row in rows]
        short = [row for row in each if row.standing in SHORT and row.missing]
        short.sort(key=lambda row: -(row.missing or 0))
        if short:
            found.append(TownShort(inside.area, tuple(short)))
    return tuple(sorted(found, key=lambda town: (-len(town.late), -town.missing, town.area.code)))
