"""The doctor's choice beside the rule: decisions C24, C25."""

from datetime import date, timedelta

import pytest

from followup.rules.choice import decide
from followup.rules.classification import judge
from followup.rules.facts import Choice, VisitFacts
from followup.rules.policy import CarePolicy

DAY = date(2026, 3, 10)
POLICY = CarePolicy()
FAIR = VisitFacts(visited_on=DAY, form="2", seen=("1",), level=1)
GRAVE = VisitFacts(visited_on=DAY, form="2", seen=("1",), level=3)
INPATIENT = VisitFacts(visited_on=DAY, form="2", seen=("1",), hospital=1)


def decided(facts, choice, *, as_recorded=False):
    return decide(facts, judge(facts, POLICY), choice, POLICY, None, as_recorded=as_recorded)


@pytest.mark.parametrize(
    ("facts", "choice", "stability", "due"),
    [
        pytest.param(FAIR, Choice(), 2, date(2026, 3, 24), id="as-the-rule-says"),
        pytest.param(FAIR, Choice(1), 1, date(2026, 3, 24), id="graver-is-free"),
        pytest.param(FAIR, Choice(None, date(2026, 3, 11)), 2, date(2026, 3, 11), id="earlier-is-free"),
        pytest.param(FAIR, Choice(None, date(2026, 3, 24)), 2, date(2026, 3, 24), id="the-last-day"),
        pytest.param(FAIR, Choice(3, None, "多年稳定"), 3, date(2026, 6, 10), id="milder-with-reason"),
        pytest.param(INPATIENT, Choice(), None, date(2026, 6, 10), id="inpatient-without-class"),
        pytest.param(INPATIENT, Choice(1), 1, date(2026, 3, 24), id="inpatient-class-is-kept"),
    ],
)
def test_choice_within_the_rule_stands(facts, choice, stability, due):
    decision = decided(facts, choice)
    assert (decision.stability, decision.next_due_on, decision.problems) == (stability, due, ())


@pytest.mark.parametrize(
    ("facts", "choice", "field"),
    [
        pytest.param(FAIR, Choice(3), "deviation_reason", id="milder-without-reason"),
        pytest.param(GRAVE, Choice(2, None, "有理由也不行"), "stability", id="level-3-is-unstable"),
        pytest.param(FAIR, Choice(None, date(2026, 3, 25)), "next_due_on", id="one-day-too-late"),
        pytest.param(FAIR, Choice(3, date(2026, 6, 11), "多年稳定"), "next_due_on", id="later-than-the-chosen-class"),
        pytest.param(FAIR, Choice(None, DAY), "next_due_on", id="the-day-itself"),
    ],
)
def test_choice_against_the_rule_is_refused_by_field(facts, choice, field):
    assert [problem.field for problem in decided(facts, choice).problems] == [field]


@pytest.mark.parametrize(
    ("facts", "choice", "mismatch"),
    [
        pytest.param(FAIR, Choice(2, date(2026, 3, 24)), False, id="as-the-rule"),
        pytest.param(FAIR, Choice(3), True, id="milder"),
        pytest.param(FAIR, Choice(2, date(2026, 3, 25)), True, id="later"),
        pytest.param(FAIR, Choice(1), False, id="graver"),
        pytest.param(GRAVE, Choice(2), True, id="level-3-called-fair"),
    ],
)
def test_a_row_of_the_past_is_kept_and_marked(facts, choice, mismatch):
    decision = decided(facts, choice, as_recorded=True)
    assert (decision.stability, decision.rule_mismatch, decision.problems) == (choice.stability, mismatch, ())


def test_a_date_of_the_past_before_its_own_visit_gives_way_to_the_rule():
    decision = decided(FAIR, Choice(2, DAY - timedelta(days=3)), as_recorded=True)
    assert decision.next_due_on == date(2026, 3, 24)
