"""The hand-written matrix as data: what an address answers whom, and what may stand in the answer."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORBIDDEN, NOT_FOUND, NOT_ALLOWED = 403, 404, 405


@cache
def text() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "access_matrix.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Address:
    name: str
    of: str  # patient, visit, alert, account, nothing; empty: no id in the address
    rules: dict[str, dict[str, Any]]

    def answer(self, role: str, method: str, relation: str = "") -> int:
        """What the role gets for the method, about a person in this relation ("" where nobody is named)."""
        rule = self.rules.get(method)
        if not may(role, rule["may"] if rule else self._anyone()):
            return FORBIDDEN
        if rule is None:
            return NOT_ALLOWED
        if self.names_people and relation not in text()["reach"][role]:
            return NOT_FOUND
        return int(rule.get("also", {}).get(relation, rule.get("answer", 200)))

    def _anyone(self) -> str:
        """The widest set that may use the address at all: to those a wrong method is only a wrong method."""
        return max((rule["may"] for rule in self.rules.values()), key=lambda name: len(roles_of(name)))

    @property
    def names_people(self) -> bool:
        return self.of in ("patient", "visit")


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
