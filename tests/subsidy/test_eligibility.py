"""Who is entitled: the hand-worked table, and what the sheet says to somebody who is not."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.queries.presets import preset
from subsidy.rules.eligibility import PAPERS, Fact, Facts, judge
from subsidy.terms import Met, Need

TABLE = Path(__file__).parents[1] / "cases" / "subsidy" / "eligibility.toml"
CASES = [pytest.param(case, id=case["id"]) for case in tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]]
OWN = {"level": "level", "six": "six_kinds", "incident": "incident_ever", "assistants": "assistants"}
ON = date(2026, 3, 1)


def facts_of(line: str) -> Facts:
    own: dict[str, Any] = {}
    needs: dict[Need, Fact[bool]] = {}
    for part in line.split():
        name, raw = part.split("=")
        value = None if raw == "-" else int(raw)
        if name in OWN:
            whole = name in {"level", "assistants"}
            own[OWN[name]] = Fact(value if whole or value is None else bool(value), ON, "随访记录")
        else:
            needs[Need(name)] = Fact(None if value is None else bool(value), ON, "核对")
    return Facts(**own, needs=needs)


@pytest.mark.parametrize("case", CASES)
def test_entitled_as_worked_out_by_hand(case):
    assert case["clause"]
    found = judge(facts_of(case["facts"]), preset(case["scheme"]), date.fromisoformat(case.get("on", "2026-03-01")))
    assert (found.met.value, found.class_key) == (case["met"], case.get("class", ""))
    if "paper" in case:
        assert found.papers == (case["paper"],)


def test_the_sheet_says_which_fact_was_used_and_where_it_comes_from():
    found = judge(facts_of("level=2 incident=0 registered=1 agreement=1 assistants=2"), preset("zoucheng-2019"), ON)
    assert [one.words for one in found.criteria] == [
        "在册登记的严重精神障碍患者：符合（2026-03-01，核对）。",
        "签订监护协议（责任书）：符合（2026-03-01，核对）。",
        "协助监护人不少于 2 名：现有 2 名（2026-03-01，随访记录），符合。",
        "有奖监护（有其一即可）：危险性评估要求 3 级及以上，现为 2 级（2026-03-01，随访记录）；"
        "有肇事肇祸行为：否（2026-03-01，随访记录）。不符合。",
    ]
    assert found.words.startswith("按现有资料不符合有奖监护的条件")


def test_every_need_names_its_paper():
    assert set(PAPERS) == set(Need)


@given(
    st.dictionaries(st.sampled_from(list(Need)), st.sampled_from([None, True, False])), st.sampled_from([None, 0, 3])
)
def test_finding_out_more_never_turns_a_yes_into_unknown(known, level):
    """A verdict that stands with something unknown stands whatever the unknown turns out to be."""
    scheme = preset("weicheng")
    facts = Facts(level=Fact(level), needs={need: Fact(value) for need, value in known.items()})
    before = judge(facts, scheme, ON).met
    for rest in (True, False):
        full = {need: Fact(known.get(need) if known.get(need) is not None else rest) for need in Need}
        incident = Facts(level=Fact(level if level is not None else 3 * rest), incident_ever=Fact(rest), needs=full)
        after = judge(incident, scheme, ON).met
        assert after is not Met.UNKNOWN
        assert before in (Met.UNKNOWN, after)
