"""Every state machine of the product is walked: no state without a way out or an explicit end."""

from typing import Any

import pytest

from accounts.rules.machine import Fault, Machine, Step, StepRefused, faults
from config.docs.states import drawings, machines
from registry.terms import CareStatus

A, B, C = tuple(CareStatus)[:3]


def drawn(*steps: tuple[Any, Any], ends: frozenset[Any] = frozenset()) -> Machine[Any]:
    arrows = tuple(Step(before, after, "改", None, "test") for before, after in steps)
    return Machine("test", "试验", "none", (A, B, C), frozenset({A}), ends, arrows)


def test_every_state_of_every_machine_has_a_way_out_or_is_an_end() -> None:
    found = {machine.name: faults(machine) for machine in machines()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_names_of_machines_are_their_own() -> None:
    names = [machine.name for machine in machines()]
    assert len(names) == len(set(names))


def test_pages_of_the_machines_are_drawn() -> None:
    assert drawings().count("stateDiagram-v2") == len(list(machines()))


def test_a_sound_machine_has_no_faults() -> None:
    assert faults(drawn((A, B), (B, C), ends=frozenset({C}))) == set()


@pytest.mark.parametrize(
    ("machine", "fault"),
    [
        (drawn((A, B), (A, C), ends=frozenset({C})), (Fault.NO_WAY_OUT, str(B))),
        (drawn((A, B), (B, A), ends=frozenset({C})), (Fault.UNREACHED, str(C))),
        (drawn((A, B), (B, A), (A, C), ends=frozenset({C, B})), (Fault.LEAVES_AN_END, str(B))),
        (drawn((A, B), (B, B), (A, C), ends=frozenset({C})), (Fault.CANNOT_END, str(B))),
        (drawn((A, B), (A, B), (B, C), ends=frozenset({C})), (Fault.TWICE, str(A))),
    ],
)
def test_the_walk_finds_what_is_wrong(machine: Machine[Any], fault: tuple[Fault, str]) -> None:
    assert fault in faults(machine)


def test_a_refused_step_says_what_can_be_done() -> None:
    with pytest.raises(StepRefused, match="现在可以：改"):
        drawn((A, B), (B, C), ends=frozenset({C})).step(A, C)
    with pytest.raises(StepRefused, match="已经办结，没有后续操作。"):
        drawn((A, B), (B, C), ends=frozenset({C})).step(C, A)
