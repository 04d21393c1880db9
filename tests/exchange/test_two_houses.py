"""Two installations exchange a quarter in both directions through files that come to harm on the way.

Forty faults here, a thousand in the nightly run (NIGHTLY=1). Whatever the courier does: what was sent is what was
answered and what is open, nothing is taken twice, what is refused is refused in words, and the plain bytes of every
release are the same when they are made again. Source: issue 4, Show 1.
"""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pyrage
import pytest

from ops.processes import dies_with_parent
from ops.pytest_clones import cloned_database
from tests.exchange.courier import FAULTS, Courier, File

PROJECT = Path(__file__).resolve().parents[2]
NIGHTLY = bool(os.environ.get("NIGHTLY"))
MOST = 1000 if NIGHTLY else 40
SEED = int(os.environ.get("COURIER_SEED", "4"))
PATIENCE = 300  # carries of one package, after which something is stuck


class Installation:
    """A process with a database and keys that the other does not have."""

    def __init__(self, number: int, stack: ExitStack) -> None:
        self.number = number
        stack.enter_context(cloned_database())
        environment = {
            **os.environ, "HOUSE": str(number), "PYTHONWARNINGS": "ignore", "SECRET_KEY": secrets.token_hex(40),
            "FIELD_KEYS": f"h{number}:{secrets.token_hex(32)}", "INDEX_KEY": secrets.token_hex(32),
            "EXCHANGE_IDENTITY": str(pyrage.x25519.Identity.generate()),
        }  # fmt: skip
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.exchange.house"], cwd=PROJECT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
        stack.callback(self.child.wait)
        stack.callback(self.child.kill)
        stack.enter_context(self.child.stdout)
        stack.enter_context(self.child.stdin)
        self.packages: dict[int, str] = {}  # version -> uuid
        self.taken = 0  # the other house's newest version that it has

    def begin(self, act: str, **order: Any) -> None:
        self.child.stdin.write(json.dumps({"act": act, **order}) + "\n")
        self.child.stdin.flush()

    def end(self) -> dict[str, Any]:
        answer = json.loads(self.child.stdout.readline())
        assert "broke" not in answer, answer["broke"]
        return answer

    def do(self, act: str, **order: Any) -> dict[str, Any]:
        self.begin(act, **order)
        return self.end()

    @property
    def open(self) -> list[int]:
        """Versions with rows that nothing was said about."""
        return [version for version in self.packages if self.books["sent"][str(version)][-1]]


class Exchange:
    def __init__(self, houses: list[Installation], courier: Courier) -> None:
        self.houses, self.courier = houses, courier
        self.words: set[str] = set()
        self.outcomes: list[str] = []
        self.plain: dict[tuple[int, int], set[str]] = {}

    def both(self, act: str) -> list[dict[str, Any]]:
        for house in self.houses:
            house.begin(act)
        return [house.end() for house in self.houses]

    def round(self) -> None:
        """Each house releases, sometimes twice; the files go until all is answered."""
        for _release in range(1 + (self.courier.draw.random() < 1 / 3)):
            for house, made in zip(self.houses, self.both("release"), strict=True):
                house.packages[made["version"]] = made["package"]
        self.look()
        for _carry in range(PATIENCE):
            for sender, receiver in (self.houses, self.houses[::-1]):
                if sender.open:
                    self.pass_on(sender, receiver, self.courier.draw.choice(sender.open))
            self.look()
            if not any(house.open for house in self.houses):
                return self.compare_archives()
        raise AssertionError("a package was never answered")

    def pass_on(self, sender: Installation, receiver: Installation, version: int) -> None:
        package = sender.packages[version]
        if receiver.taken < version:
            file = sender.do("fetch", package=package)
            if file["renewed"]:
                self.words.add(file["renewed"])
            self.send(File(receiver.number, file["name"], base64.b64decode(file["content"])))
        if receiver.taken >= version:
            seed = self.courier.draw.randrange(1 << 30)
            sheet = receiver.do("receipt", version=version, harm=self.courier.harm(), seed=seed)
            self.send(File(sender.number, sheet["name"], base64.b64decode(sheet["content"]), receipt_of=package))

    def send(self, file: File) -> None:
        for one in self.courier.carry(file):
            self.arrives(one)

    def arrives(self, file: File) -> None:
        house, content = self.houses[file.to - 1], base64.b64encode(file.content).decode()
        if file.receipt_of:
            answer = house.do("take_receipt", package=file.receipt_of, name=file.name, content=content)
        else:
            answer = house.do("take", name=file.name, content=content)
        self.outcomes.append(answer["outcome"])
        if answer["outcome"] == "refused":
            self.words.add(answer["words"])
        elif not file.receipt_of:
            house.taken = max(house.taken, answer["version"])
            self.plain.setdefault((file.to, answer["version"]), set()).add(answer["sha256"])

    def look(self) -> None:
        """What must hold at every moment, in both houses."""
        for house, books in zip(self.houses, self.both("books"), strict=True):
            house.books = books
            for rows, sent, matched, unmatched, refused, pending in books["sent"].values():
                assert rows == sent == matched + unmatched + refused + pending
                assert min(matched, unmatched, refused, pending) >= 0
            for sent, *parts in books["receipts"]:
                assert sent == sum(parts)
            assert [number for number, _rows, _counts in books["lists"]] == list(range(1, house.taken + 1))
            for _number, rows, counts in books["lists"]:
                assert rows == sum(many for name, many in counts.items() if name != "only_ours")
            assert books["doubled"] == []

    def compare_archives(self) -> None:
        """What was signed, what the other house opened, and what comes out when it is made once more."""
        for house, made in zip(self.houses, self.both("again"), strict=True):
            assert made["now"] == made["signed"]
            for version, signed in made["signed"].items():
                assert self.plain[3 - house.number, int(version)] == {signed}


@pytest.fixture
def exchange(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), ExitStack() as stack:
        houses = [Installation(number, stack) for number in (1, 2)]
        found = Exchange(houses, Courier(Random(SEED), MOST))
        first, second = found.both("found")
        houses[0].do("know", **second)
        houses[1].do("know", **first)
        yield found


def test_whatever_the_courier_does_both_houses_agree_in_the_end(exchange):
    courier = exchange.courier
    while not courier.is_tired:
        exchange.round()
    for file in courier.rest():  # what turns up long after everything is answered
        exchange.arrives(file)
    exchange.look()
    exchange.compare_archives()
    assert courier.done.total() >= MOST
    assert all(courier.done[fault] for fault in FAULTS)
    assert {"taken", "known", "refused"} == set(exchange.outcomes)
    assert [words for words in exchange.words if not words.endswith("。")] == []
    for house, other in (exchange.houses, exchange.houses[::-1]):
        assert house.taken == max(other.packages)
        assert len(house.books["clues"]) == 2  # the other's two people who have no file here
        assert house.open == []
