"""The last assessments by level, hidden so that no page gives back what another one hides.

Two totals are printed beside the levels: all assessed people, and those of level 3 and above. So the levels stand in two
groups, each with a total; where the upper total itself is small, it counts as a cell among the lower ones. Who is in
hospital or without a record is told elsewhere too, and is no level.
"""

from collections.abc import Mapping

from reports.rules.suppression import Hidden, hide_small

LOW = ("risk_0", "risk_1", "risk_2")
HIGH = ("risk_3", "risk_4", "risk_5")
IN_HOSPITAL, NO_RECORD = "in_hospital", "no_record"
NAMES = {
    **{f"risk_{level}": f"{level} 级" for level in range(6)},
    IN_HOSPITAL: "住院中，未评",
    NO_RECORD: "年内无记录",
}
_ABOVE = "above"


def levels_of(counts: Mapping[str, int], *, managed: int, registered: int) -> dict[str, int]:
    """Every registered person once: by level, in hospital without one, without a record."""
    found = {code: counts[code] for code in (*LOW, *HIGH)}
    found[IN_HOSPITAL] = managed - sum(found.values())
    found[NO_RECORD] = registered - managed
    return found


def hide_levels(counts: Mapping[str, int], below: int) -> Hidden[str]:
    """`counts` of levels_of(); `total` is that of level 3 and above. `below` 0 hides nothing."""
    high = hide_small({code: counts[code] for code in HIGH}, below)
    low = {code: counts[code] for code in LOW}
    if high.total.is_hidden:
        low[_ABOVE] = sum(counts[code] for code in HIGH)
    lower = hide_small(low, below)
    rest = hide_small({code: counts[code] for code in (IN_HOSPITAL, NO_RECORD)}, 0)
    small = (*(code for code in lower.small if code != _ABOVE), *high.small)
    guards = (*(code for code in lower.guards if code != _ABOVE), *high.guards)
    cells = {code: cell for code, cell in {**lower.cells, **high.cells, **rest.cells}.items() if code != _ABOVE}
    return Hidden(cells, small, guards, sum(counts[code] for code in (*small, *guards)), high.total)
