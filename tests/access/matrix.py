"""The hand-written matrix as data: what an address answers whom, and what may stand in the answer."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.access.canaries import GROUPS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORBIDDEN, NOT_FOUND = 403, 404


@cache
def text() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "access_matrix.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Address:
    name: str
    of: str  # patient, visit, alert, account, freeze, nothing; empty: no id in the address
    rules: dict[str, dict[str, Any]]

    def answer(self, role: str, method: str, relation: str = "") -> int:
        """What the role gets for the method, about a person in this relation ("" where nobody is named)."""
        rule = self.rules[method]
        if not may(role, rule["may"]):
            return FORBIDDEN
        if self.of == "alert":
            return self._answer_on_case(role, relation, rule)
        if self.names_people and relation not in text()["reach"][role]:
            return NOT_FOUND
        return int(rule.get("also", {}).get(relation, rule.get("answer", 200)))

    def _answer_on_case(self, role: str, relation: str, rule: dict[str, Any]) -> int:
        told = text()["told"][role]
        if relation in told["closed"]:
            return int(rule.get("closed", rule.get("answer", 200)))
        return int(rule.get("answer", 200)) if relation in told["open"] else NOT_FOUND

    def is_open_to(self, role: str) -> bool:
        return any(may(role, rule["may"]) for rule in self.rules.values())

    @property
    def names_people(self) -> bool:
        return self.of in ("patient", "visit", "scan", "alert")


def roles_of(set_name: str) -> frozenset[str]:
    named = text()["sets"][set_name]
    return frozenset(text()["reach"]) if named == ["*"] else frozenset(named)


def may(role: str, set_name: str) -> bool:
    return role in roles_of(set_name)


@cache
def addresses() -> dict[str, Address]:
    return {
        name: Address(name, entry.get("of", ""), {m: entry[m] for m in METHODS if m in entry})
        for name, entry in text()["url"].items()
    }


def allowed_fields(role: str, relation: str) -> frozenset[str]:
    """Fields of a person that may stand in an answer to the role."""
    told = text()["told"].get(role)
    if told is not None:
        return frozenset(told["fields"]) if relation in told["open"] else frozenset()
    if relation not in text()["reach"][role]:
        return frozenset()
    return frozenset(name for name, group in GROUPS.items() if group in text()["sees"][role])
