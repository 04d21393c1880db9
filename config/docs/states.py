"""docs/states.md: every state machine of the product, drawn from its table in `rules`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from accounts.rules.machine import Machine

APPS = ("accounts", "registry", "followup", "exchange", "rehab", "subsidy", "reports")
HEAD = "# States\n\nDrawn from the tables in `rules` by `bin/manage print_docs`; tests walk and compare them.\n"


def machines() -> Iterator[Machine[Any]]:
    """Every module-level Machine of every app's `rules`, by app and module."""
    for app in APPS:
        try:
            package = import_module(f"{app}.rules")
        except ModuleNotFoundError:
            continue
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
            module = import_module(f"{app}.rules.{found.name}")
            yield from (value for value in vars(module).values() if isinstance(value, Machine))


def drawings() -> str:
    return "\n".join([HEAD, *(_drawing(machine) for machine in machines())])


def _drawing(machine: Machine[Any]) -> str:
    names = {state: f"s{index}" for index, state in enumerate(machine.states)}
    lines = [f"    {names[state]}: {state.label}" for state in machine.states]
    lines += [f"    [*] --> {names[state]}" for state in machine.states if state in machine.starts]
    lines += [f"    {names[step.before]} --> {names[step.after]}: {step.verb}" for step in machine.steps]
    lines += [f"    {names[state]} --> [*]" for state in machine.states if state in machine.ends]
    rows = "\n".join(
        f"| {step.before.label} | {step.verb} | {step.after.label} | {step.who or '系统'} | `{step.action}` |"
        for step in machine.steps
    )
    drawn = "\n".join(lines)
    return (
        f"## {machine.name} · {machine.label}\n\n{machine.source}\n\n```mermaid\nstateDiagram-v2\n{drawn}\n```\n\n"
        f"| 从 | 做什么 | 到 | 谁 | 记录 |\n|---|---|---|---|---|\n{rows}\n"
    )
