"""A courier whom nothing can be trusted to: files are dropped, repeated, held back until others have passed, cut off,
altered. Seeded, so that a bad day can be lived through again.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

FAULTS = {"drop": 3, "repeat": 2, "reorder": 2, "truncate": 3, "alter": 3}  # how often one beside the others


@dataclass(frozen=True)
class File:
    """To which house, and for which of its packages it is a receipt; "" for a package."""

    to: int
    name: str
    content: bytes
    receipt_of: str = ""


@dataclass
class Courier:
    """`most` faults, then it is honest. `share` of the files come to harm."""

    draw: Random
    most: int
    share: float = 0.95
    done: Counter[str] = field(default_factory=Counter)
    late: list[tuple[int, File]] = field(default_factory=list)
    turn: int = 0

    @property
    def is_tired(self) -> bool:
        return self.done.total() >= self.most

    def carry(self, file: File) -> list[File]:
        """What arrives now, in this order: perhaps nothing, perhaps also what was held back before."""
        self.turn += 1
        arriving = self._harmed(file)
        arriving += [one for due, one in self.late if due <= self.turn]
        self.late = [(due, one) for due, one in self.late if due > self.turn]
        return arriving

    def rest(self) -> list[File]:
        """Everything that still lies in the bag."""
        arriving, self.late = [one for _due, one in self.late], []
        self.draw.shuffle(arriving)
        return arriving

    def _harmed(self, file: File) -> list[File]:
        if self.is_tired or self.draw.random() > self.share:
            return [file]
        (fault,) = self.draw.choices([*FAULTS], [*FAULTS.values()])
        self.done[fault] += 1
        if fault == "drop":
            return []
        if fault == "repeat":
            self.late.append((self.turn + self.draw.randint(1, 12), file))  # once more at once, and once much later
            return [file, file]
        if fault == "reorder":
            self.late.append((self.turn + self.draw.randint(1, 12), file))
            return []
        harmed = self._cut(file.content) if fault == "truncate" else self._altered(file.content)
        return [File(file.to, file.name, harmed, file.receipt_of)]

    def harm(self) -> str:
        """What a careless clerk does to a receipt before it is sealed; mostly nothing."""
        if self.is_tired or self.draw.random() > self.share / 4:
            return ""
        harm = self.draw.choice([*FAULTS])
        self.done[f"clerk {harm}"] += 1
        return harm

    def _cut(self, content: bytes) -> bytes:
        return content[: self.draw.randrange(len(content))]

    def _altered(self, content: bytes) -> bytes:
        """One bit, a run of bytes, or a piece written over another; always something else than it was."""
        found = bytearray(content)
        place = self.draw.randrange(len(found))
        way = self.draw.randrange(3)
        if way == 0:
            found[place] ^= 1 << self.draw.randrange(8)
        elif way == 1:
            found[place : place + 16] = self.draw.randbytes(16)
        else:
            found.insert(place, self.draw.randrange(256))
        return bytes(found) if bytes(found) != content else content + b"\0"


def harm_lines(lines: list[list[str]], harm: str, seed: int) -> None:
    draw: Any = Random(seed)
    place = draw.randrange(len(lines))
    if harm == "drop":
        del lines[place]
    elif harm == "repeat":
        lines.append(list(lines[place]))
    elif harm == "reorder":
        draw.shuffle(lines)
    elif harm == "truncate":
        del lines[place + 1 :]
        lines[place][1] = lines[place][1][:1]
    else:
        cell = draw.randrange(2)
        lines[place][cell] = draw.choice(("", "一致", "对不上", lines[place][cell][:-1], lines[place][0] + "1"))
