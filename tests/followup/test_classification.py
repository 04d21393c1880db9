"""病情分类 and the next date. Clauses: 规范第三版 分类干预 1–3; decisions C22, C23, C26."""

from datetime import date

import pytest

from followup.rules.classification import judge
from followup.rules.facts import Previous, VisitFacts
from followup.rules.policy import CarePolicy

DAY = date(2026, 3, 10)
GOOD = {
    "visited_on": DAY, "form": "2", "seen": ("1",), "level": 0, "insight": 1, "self_care": 1, "housework": 2, "work": 9,
    "learning": 2, "social": 1, "side_effect": 1,
}  # fmt: skip
POLICY = CarePolicy()


def judged(previous: Previous | None = None, **facts: object):
    return judge(VisitFacts(**{**GOOD, **facts}), POLICY, previous)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, 3, id="everything-good"),
        pytest.param({"level": 3}, 1, id="level-3"),
        pytest.param({"level": 4}, 1, id="level-4"),
        pytest.param({"level": 5}, 1, id="level-5"),
        pytest.param({"insight": 3}, 1, id="insight-absent"),
        pytest.param({"severe_side_effect": True, "side_effect": 2}, 1, id="severe-side-effect"),
        pytest.param({"severe_illness": True}, 1, id="severe-illness"),
        pytest.param({"obvious_symptoms": True, "symptoms": (1,)}, 1, id="obvious-symptoms"),
        pytest.param({"level": 1}, 2, id="level-1"),
        pytest.param({"level": 2}, 2, id="level-2"),
        pytest.param({"symptoms": (12,)}, 2, id="any-symptom"),
        pytest.param({"insight": 2}, 2, id="insight-partial"),
        pytest.param({"insight": None}, 2, id="insight-unanswered"),
        pytest.param({"social": 3}, 2, id="social-poor"),
        pytest.param({"work": 3}, 2, id="work-poor"),
        pytest.param({"learning": None}, 2, id="learning-unanswered"),
        pytest.param({"side_effect": 2}, 2, id="any-side-effect"),
        pytest.param({"side_effect": 9}, 3, id="side-effect-not-applicable"),
        pytest.param({"work": 9, "self_care": 2, "social": 2}, 3, id="fair-functions-are-enough"),
        pytest.param({"sleep": 3, "diet": 3}, 3, id="sleep-and-diet-do-not-decide"),
        pytest.param({"hospital": 1, "level": None}, None, id="in-hospital-unassessed"),
        pytest.param({"hospital": 1, "level": 2}, 2, id="in-hospital-assessed"),
        pytest.param({"level": None, "lost_reason": "3"}, None, id="lost"),
    ],
)
def test_class_follows_the_norm(facts, expected):
    assert judged(**facts).stability == expected


@pytest.mark.parametrize(
    ("facts", "due", "words"),
    [
        pytest.param({}, date(2026, 6, 10), "稳定，三个月一次", id="stable"),
        pytest.param({"visited_on": date(2025, 11, 30)}, date(2026, 2, 28), "稳定，三个月一次", id="month-end-clamped"),
        pytest.param({"visited_on": date(2023, 11, 30)}, date(2024, 2, 29), "稳定，三个月一次", id="leap-year"),
        pytest.param({"visited_on": date(2024, 2, 29)}, date(2024, 5, 29), "稳定，三个月一次", id="from-29-february"),
        pytest.param({"visited_on": date(2025, 12, 31)}, date(2026, 3, 31), "稳定，三个月一次", id="over-new-year"),
        pytest.param({"level": 3}, date(2026, 3, 24), "不稳定，两周内复查", id="unstable"),
        pytest.param({"level": 1}, date(2026, 3, 24), "基本稳定，两周内复查", id="fair-first-time"),
        pytest.param(
            {"hospital": 1, "level": None}, date(2026, 6, 10), "住院中，三个月内了解情况", id="in-hospital"
        ),
        pytest.param(
            {"hospital": 1, "level": None, "discharged_on": date(2026, 3, 20)},
            date(2026, 4, 3), "出院后两周内随访", id="discharged-since",
        ),
        pytest.param(
            {"hospital": 1, "level": None, "discharged_on": date(2026, 5, 27)},
            date(2026, 6, 10), "住院中，三个月内了解情况", id="discharged-too-late-to-matter",
        ),
        pytest.param(
            {"hospital": 1, "level": None, "discharged_on": date(2026, 1, 2)},
            date(2026, 6, 10), "住院中，三个月内了解情况", id="an-earlier-stay-says-nothing",
        ),
        pytest.param({"level": None, "lost_reason": "3"}, None, "", id="lost"),
    ],
)  # fmt: skip
def test_next_date_follows_the_class(facts, due, words):
    verdict = judged(**facts)
    assert (verdict.next_due_on, verdict.due_reason) == (due, words)


@pytest.mark.parametrize(
    ("before", "effect", "due", "check"),
    [
        pytest.param((date(2026, 2, 17), 2), 3, date(2026, 4, 10), True, id="21-days-back-unchanged"),
        pytest.param((date(2026, 2, 16), 2), 3, date(2026, 3, 24), False, id="22-days-back"),
        pytest.param((date(2026, 3, 9), 2), 3, date(2026, 4, 10), True, id="the-day-before"),
        pytest.param((date(2026, 3, 10), 2), 3, date(2026, 3, 24), False, id="the-same-day"),
        pytest.param((date(2026, 2, 24), 2), 1, date(2026, 6, 10), True, id="recovered"),
        pytest.param((date(2026, 2, 24), 2), 2, date(2026, 6, 10), True, id="better"),
        pytest.param((date(2026, 2, 24), 2), 4, date(2026, 4, 10), True, id="worse"),
        pytest.param((date(2026, 2, 24), 2), None, date(2026, 4, 10), True, id="effect-unanswered"),
        pytest.param((date(2026, 2, 24), 1), 3, date(2026, 4, 10), True, id="was-unstable"),
        pytest.param((date(2026, 2, 24), 3), 3, date(2026, 3, 24), False, id="was-stable"),
        pytest.param((date(2026, 2, 24), None), 3, date(2026, 3, 24), False, id="was-in-hospital"),
        pytest.param(None, 3, date(2026, 3, 24), False, id="first-record"),
    ],
)
def test_follow_up_check_decides_between_two_weeks_one_and_three_months(before, effect, due, check):
    verdict = judged(Previous(*before) if before else None, level=1, effect=effect)
    assert (verdict.stability, verdict.next_due_on, verdict.is_check) == (2, due, check)


def test_one_month_from_the_end_of_january_is_the_end_of_february():
    verdict = judged(Previous(date(2026, 1, 20), 2), visited_on=date(2026, 1, 31), level=1, effect=3)
    assert verdict.next_due_on == date(2026, 2, 28)


def test_reason_names_the_clause_and_what_is_missing():
    assert judged(level=3).because == "危险性 3 级，属于 3～5 级，为不稳定（规范第三版 分类干预 1）。"
    assert judged(level=1, social=3).because == "危险性 1 级，社会人际交往较差，为基本稳定（规范第三版 分类干预 2）。"
    assert judged(insight=None).because == "自知力没有填，为基本稳定（规范第三版 分类干预 2）。"


def test_a_county_may_set_its_own_days():
    policy = CarePolicy.of({"unstable_days": 7, "stable_months": "2", "suppress_below": 5})
    assert judge(VisitFacts(**{**GOOD, "level": 3}), policy).next_due_on == date(2026, 3, 17)
    assert judge(VisitFacts(**GOOD), policy).next_due_on == date(2026, 5, 10)
