"""The hand-worked histories: facts to class, due date, reason, windows, loss. See README.md beside this file."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from followup.rules.attempts import loss_prompt
from followup.rules.choice import decide
from followup.rules.classification import judge
from followup.rules.facts import Choice, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.windows import Act, Given, Story, windows
from tests.followup.conftest import good

HERE = Path(__file__).parent
CLASSES = {"不稳定": 1, "基本稳定": 2, "稳定": 3, "无": None}
LISTS = {"seen", "symptoms", "rehab"}
DATES = {"discharged_on", "died_on"}
CASES = [
    pytest.param(case, id=f"{path.stem}:{case['id']}")
    for path in sorted(HERE.glob("*.toml"))
    for case in tomllib.loads(path.read_text())["case"]
]


@dataclass
class Entered:
    facts: VisitFacts
    class_: int | None
    due_on: date
    words: str
    mismatch: bool


@dataclass
class Life:
    """The visits of a case as they were entered, each judged by what was known then."""

    entered: list[Entered] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def before(self, day: date) -> Previous | None:
        earlier = [e for e in self.entered if e.facts.visited_on < day]
        last = max(earlier, key=lambda e: e.facts.visited_on, default=None)
        return Previous(last.facts.visited_on, last.class_, last.facts.level) if last else None


def _answers(line: str) -> tuple[VisitFacts, Choice, bool]:
    day, *rest = line.split()
    said = dict(part.split("=", 1) for part in rest)
    choice = Choice(
        int(said.pop("choose")) if "choose" in said else None,
        date.fromisoformat(said.pop("date")) if "date" in said else None,
        said.pop("because", ""),
    )
    old = bool(said.pop("old", ""))
    return good(date.fromisoformat(day), **{name: _value(name, text) for name, text in said.items()}), choice, old


def _value(name: str, text: str) -> Any:
    if text == "-":
        return None
    if name in DATES:
        return date.fromisoformat(text)
    if name in LISTS:
        return tuple(part if name == "seen" else int(part) for part in text.split(","))
    return text if name == "form" else int(text)


def _policy(case: dict[str, Any], day: date) -> CarePolicy:
    start, _, setting = case.get("policy", "").partition(" ")
    if not setting or day < date.fromisoformat(start):
        return CarePolicy()
    key, value = setting.split("=")
    return CarePolicy.of({key: value})


def live(case: dict[str, Any]) -> Life:
    life = Life()
    for line in case.get("visits", []):
        facts, choice, old = _answers(line)
        policy = _policy(case, facts.visited_on)
        previous = life.before(facts.visited_on)
        verdict = judge(facts, policy, previous)
        decision = decide(facts, verdict, choice, policy, previous, as_recorded=old)
        if decision.problems:
            life.refused.append(decision.problems[0].field)
            continue
        assert decision.next_due_on is not None
        words = f"{verdict.because} {verdict.short} {decision.due_reason}"
        life.entered.append(Entered(facts, decision.stability, decision.next_due_on, words, decision.rule_mismatch))
    return life


def _dated(lines: list[str]) -> list[list[str]]:
    return [line.split() for line in lines]


def story(case: dict[str, Any], life: Life) -> Story:
    opened = date.fromisoformat(case.get("opened", "2025-03-01"))
    statuses = {opened: "managed"} | {date.fromisoformat(d): value for d, value in _dated(case.get("statuses", []))}
    stays = [[date.fromisoformat(day) for day in line] for line in _dated(case.get("stays", []))]
    given = [
        Given(date.fromisoformat(day), reason, date.fromisoformat(until))
        for day, reason, until in _dated(case.get("given", []))
    ]
    by_day = sorted(life.entered, key=lambda e: e.facts.visited_on)
    return Story(
        opened,
        statuses=sorted(statuses.items()),
        stays=[(stay[0], stay[1] if len(stay) > 1 else None) for stay in stays],
        moves=[date.fromisoformat(day) for day in case.get("moves", [])],
        acts=[Act(e.facts.visited_on, e.due_on, e.words, n) for n, e in enumerate(by_day)],
        given=given,
    )


def _said(window: Any, like: str) -> str:
    became = str(window.outcome) or "open"
    became += f":{window.excuse}" if window.excuse else ""
    return f"{window.opener} {window.due_on:%m-%d} {became}" if " " in like else became


@pytest.mark.parametrize("case", CASES)
def test_a_history_comes_out_as_worked_by_hand(case: dict[str, Any]) -> None:
    assert case["clause"]
    if "tries" in case:
        found = loss_prompt([(date.fromisoformat(day), reason) for day, reason in _dated(case["tries"])], CarePolicy())
        assert (found is None) == (case["lost"] == "no")
        assert found is None or case["lost"] in found.because
        assert found is None or len(found.evidence) == len(case["tries"])
        return
    life = live(case)
    assert life.refused == ([case["refused"]] if "refused" in case else [])
    if "class" in case:
        last = life.entered[-1]
        assert (last.class_, last.due_on) == (CLASSES[case["class"]], date.fromisoformat(case["due"]))
        assert case.get("why", "") in last.words
        assert last.mismatch == case.get("mismatch", False)
    told = story(case, life)
    days = [told.opened_on, *(e.facts.visited_on for e in life.entered)]
    found_windows = windows(told, date.fromisoformat(case["today"]) if "today" in case else max(days))
    expected = case["windows"].split(", ")
    assert [_said(w, like) for w, like in zip(found_windows, expected, strict=True)] == expected
    if "dues" in case:
        assert [w.due_on.isoformat() for w in found_windows] == case["dues"]


def test_there_are_two_hundred_and_no_name_twice() -> None:
    names = [case.values[0]["id"] for case in CASES]
    assert len(names) >= 200
    assert len(names) == len(set(names))
