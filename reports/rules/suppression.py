"""Small numbers that could point at a person are hidden, and so is what would give them back.

Source: 小数据保护: fewer than 5 prints "<5", 0 stays 0; where a total would give the cell back, the next smallest is
hidden too, and only the sum of the hidden ones is told, when that is 5 or more.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

SMALL = 5
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it may be shown. `count` is None when it may not."""

    count: int | None
    label: str

    @property
    def is_hidden(self) -> bool:
        return self.count is None


def open_cell(count: int) -> Cell:
    return Cell(count, f"{count:,}")


def one_cell(count: int, below: int = SMALL) -> Cell:
    """A count that stands alone, without parts or a total beside it."""
    return Cell(None, f"<{below}") if 0 < count < below else open_cell(count)


@dataclass(frozen=True, slots=True)
class Hidden(Generic[Key]):
    cells: Mapping[Key, Cell]
    small: tuple[Key, ...]  # hidden because they are small
    guards: tuple[Key, ...]  # hidden so that the small ones cannot be worked out
    hidden_sum: int
    total: Cell

    def explain(self, names: Mapping[Key, str], below: int = SMALL) -> str:
        """One sentence under the table; empty when nothing is hidden."""
        if not self.small:
            return ""
        said = "、".join(names[key] for key in self.small) + f"少于 {below} 人，不显示"
        if self.guards:
            said += "；为防止倒推，" + "、".join(names[key] for key in self.guards) + "一并隐藏"
        return said + (f"。以上合计 {self.hidden_sum:,} 人。" if self.hidden_sum >= below else "。")


def hide_small(counts: Mapping[Key, int], below: int = SMALL) -> Hidden[Key]:
    """Cells of one row or column whose total is printed beside them."""
    small = sorted((key for key, count in counts.items() if 0 < count < below), key=lambda key: counts[key])
    others = sorted((key for key, count in counts.items() if count >= below), key=lambda key: counts[key])
    guards: list[Key] = []
    hidden_sum = sum(counts[key] for key in small)
    while small and others and (len(small) + len(guards) < 2 or hidden_sum < below):
        guards.append(others.pop(0))
        hidden_sum += counts[guards[-1]]
    cells = {key: open_cell(count) for key, count in counts.items()}
    cells |= dict.fromkeys(small, Cell(None, f"<{below}")) | dict.fromkeys(guards, Cell(None, "隐藏"))
    return Hidden(cells, tuple(small), tuple(guards), hidden_sum, one_cell(sum(counts.values()), below))
