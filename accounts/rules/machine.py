"""A state machine as one table: what may follow what, who may move it and which word the trail writes.

Every machine of the product is a module-level `Machine` in some app's `rules`; `bin/manage print_docs` draws them all
into docs/states.md and one test walks them: no state without a way out or an explicit end.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from accounts.refusals import Refused
from accounts.terms import Permission


class Labelled(Protocol):
    """A member of some app's TextChoices: a code with a Chinese label."""

    @property
    def label(self) -> Any: ...

    @property
    def value(self) -> Any: ...


S = TypeVar("S", bound=Labelled)


class StepRefused(Refused):
    """The machine has no such step. The text says what is the case now and what could be done."""


class StepOver(StepRefused):
    """The page of a step that can no longer be taken was opened. `back`: where what became of it is to be read."""

    def __init__(self, message: str, *, back: str) -> None:
        super().__init__(message)
        self.back = back


@dataclass(frozen=True)
class Step(Generic[S]):
    """One arrow. `who` None: the system moves it (a clock, or another fact), never a person by hand."""

    before: S
    after: S
    verb: str  # what the button says, in Chinese
    who: Permission | None
    action: str  # the audit's word
    needs_reason: bool = False

    def demand(self, reason: str | None, *, field: str, sentence: str = "") -> None:
        """A step that needs a reason is not taken without one. Raises: Refused, at `field`."""
        if self.needs_reason and not reason:
            raise Refused(sentence or f"请写明{self.verb}的原因。", field=field)


@dataclass(frozen=True)
class Machine(Generic[S]):
    """A closed table. `ends`: states that stay; every other state has a way out."""

    name: str  # English, for the document's anchor
    label: str
    source: str
    states: tuple[S, ...]  # tuple(TheChoices)
    starts: frozenset[S]
    ends: frozenset[S]
    steps: tuple[Step[S], ...]

    def step(self, before: str, after: str) -> Step[S]:
        """The arrow between two states. Raises: StepRefused, in words."""
        was, new = self._state(before), self._state(after)
        for found in self.steps:
            if found.before is was and found.after is new:
                return found
        if was is new:
            raise StepRefused(f"{self.label}现在已经是“{was.label}”。")
        ways = "、".join(step.verb for step in self.from_state(before))
        rest = f"现在可以：{ways}。" if ways else "已经办结，没有后续操作。"
        raise StepRefused(f"{self.label}不能从“{was.label}”变为“{new.label}”。{rest}")

    def over(self, before: str, *afters: S, verb: str = "") -> str:
        """Why nobody can take any of these steps by hand now, in words; empty while somebody can.

        Source: 本系统 (an old link, the back button, a second tab). `verb` names the act where no step of this table does.
        """
        ways = [step for step in self.from_state(before) if step.who is not None]
        if any(step.after in afters for step in ways):
            return ""
        named = verb or next((step.verb for step in self.steps if step.after in afters and step.who is not None), "")
        rest = (
            f"现在可以：{'、'.join(dict.fromkeys(step.verb for step in ways))}。"
            if ways
            else "已经办结，没有后续操作。"
        )
        return f"{self.label}现在是“{self._state(before).label}”，不能再办“{named}”。{rest}"

    def _state(self, code: str) -> S:
        return next(state for state in self.states if state.value == code)

    def from_state(self, before: str) -> tuple[Step[S], ...]:
        return tuple(step for step in self.steps if step.before.value == before)


class Fault(StrEnum):
    """What is wrong with a drawing."""

    NO_WAY_OUT = "a state without a way out that is no end"
    LEAVES_AN_END = "an end with a way out"
    UNREACHED = "a state that no path from a start reaches"
    CANNOT_END = "a state from which no end can be reached"
    TWICE = "two arrows between the same states"


def faults(machine: Machine[Any]) -> set[tuple[Fault, str]]:
    """Walk the whole table. A machine that runs for ever (no ends) only has to be connected."""
    steps = [(step.before, step.after) for step in machine.steps]
    found = {(Fault.TWICE, str(before)) for before, after in steps if steps.count((before, after)) > 1}
    forward = _reached(machine.starts, steps)
    back = _reached(machine.ends, [(after, before) for before, after in steps])
    for state in machine.states:
        leaves = any(before == state for before, _ in steps)
        if not leaves and state not in machine.ends:
            found.add((Fault.NO_WAY_OUT, str(state)))
        if leaves and state in machine.ends:
            found.add((Fault.LEAVES_AN_END, str(state)))
        if state not in forward:
            found.add((Fault.UNREACHED, str(state)))
        if machine.ends and state not in back:
            found.add((Fault.CANNOT_END, str(state)))
    return found


def _reached(begin: frozenset[S], steps: list[tuple[S, S]]) -> set[S]:
    seen, queue = set(begin), deque(begin)
    while queue:
        here = queue.popleft()
        for before, after in steps:
            if before == here and after not in seen:
                seen.add(after)
                queue.append(after)
    return seen
