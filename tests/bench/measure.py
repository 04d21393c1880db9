"""Two ways of doing one thing, timed in turn. Only the ratio is worth keeping: the machine's noise hits both."""

import gc
import json
import platform
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from ops.embedded import PROJECT

FOLDER = PROJECT / "var" / "bench"


@dataclass(frozen=True)
class Result:
    """Milliseconds of one turn; `goal` is the largest ratio that passes."""

    name: str
    ours_ms: float
    base_ms: float
    ours_p95_ms: float
    base_p95_ms: float
    ratio: float
    goal: float
    rounds: int
    facts: dict[str, Any] = field(default_factory=dict)
    broken: str = ""  # another goal that was missed, in words

    @property
    def passes(self) -> bool:
        return self.ratio <= self.goal and not self.broken

    def __str__(self) -> str:
        word = "ok" if self.passes else self.broken if self.ratio <= self.goal else "TOO SLOW"
        return (
            f"{self.name}: {self.ratio:.2f} times the base (goal {self.goal:g}), "
            f"{self.ours_ms:.2f} ms against {self.base_ms:.2f} ms, {self.rounds} rounds: {word}"
        )

    def write(self) -> Path:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.name}.json"
        facts = asdict(self) | {
            "passes": self.passes,
            "python": platform.python_version(),
            "at": time.strftime("%F %T"),
        }
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
        return path


def compare(
    name: str,
    ours: Callable[[], object],
    base: Callable[[], object],
    *,
    goal: float,
    rounds: int = 200,
    warm: int = 20,
    facts: dict[str, Any] | None = None,
    worst: bool = False,
) -> Result:
    """Time `ours` and `base` in turn; `worst`: the ratio is that of the 95th percentiles, else of the medians.

    Check before that both give the same answer: a fast wrong one proves nothing.
    """
    for _turn in range(warm):
        ours()
        base()
    mine: list[float] = []
    theirs: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for _turn in range(rounds):
            mine.append(_timed(ours))
            theirs.append(_timed(base))
    finally:
        gc.enable()
    return Result(
        name=name,
        ours_ms=round(median(mine), 4),
        base_ms=round(median(theirs), 4),
        ours_p95_ms=round(quantiles(mine, n=20)[-1], 4),
        base_p95_ms=round(quantiles(theirs, n=20)[-1], 4),
        ratio=round(
            (quantiles(mine, n=20)[-1] / quantiles(theirs, n=20)[-1]) if worst else median(mine) / median(theirs), 4
        ),
        goal=goal,
        rounds=rounds,
        facts=facts or {},
    )


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def peak_of(command: "subprocess.Popen[str]") -> int:
    """The most memory that the command alone held (what it starts beside it is not counted). Units: kB."""
    most = 0
    while command.poll() is None:
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{command.pid}/status").read_text().splitlines()
            most = max(most, next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
        time.sleep(0.05)
    return most
