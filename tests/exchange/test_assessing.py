"""What an assessment means for one office's case, with the boundary day and the day after."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from exchange.rules.assessing import NOTHING, AlertPolicy, Assessment, CaseFacts, Told, decide
from exchange.rules.cases import CaseEvent
from exchange.terms import CaseStatus, ClosedBecause

TODAY = date(2026, 12, 7)
POLICY = AlertPolicy()
V1, V2 = uuid4(), uuid4()
NEVER = CaseFacts()
PRELIMINARY = CaseFacts(CaseStatus.PRELIMINARY)
CONFIRMED = CaseFacts(CaseStatus.CONFIRMED, confirmed_on=TODAY - timedelta(days=3))
REVIEW = CaseFacts(CaseStatus.UNDER_REVIEW, confirmed_on=TODAY - timedelta(days=3))


def made(level, days_ago=0, source=V1, version=1, **more):
    return Assessment(source, version, TODAY - timedelta(days=days_ago), level, **more)


def said(changed, newest, case, *, corrected=False, policy=POLICY):
    return decide(changed, newest, case, corrected=corrected, today=TODAY, policy=policy)


@pytest.mark.parametrize(
    ("level", "days_ago", "raises"),
    [(2, 0, False), (3, 0, True), (5, 0, True), (3, 7, True), (3, 8, False), (5, 400, False)],
    ids=["below", "at-the-threshold", "highest", "seven-days-ago", "eight-days-ago", "history"],
)
def test_a_first_assessment_raises_from_level_three_within_seven_days(level, days_ago, raises):
    one = made(level, days_ago)
    decision = said(one, one, NEVER)
    assert (decision.event, decision.tell) == ((CaseEvent.RISE, True) if raises else (None, False))


def test_the_threshold_is_the_countys():
    one = made(3)
    assert said(one, one, NEVER, policy=AlertPolicy(from_level=4)) == NOTHING


def test_a_psychiatrists_own_assessment_is_confirmed_at_once():
    one = made(4, by_psychiatrist=True)
    assert said(one, one, NEVER).event == CaseEvent.RISE_CONFIRMED


def test_a_late_entry_behind_a_newer_low_one_raises_nothing():
    assert said(made(4, 3), made(1, 1, V2), NEVER) == NOTHING


def test_every_further_high_assessment_is_told():
    one = made(3, 0, V2)
    decision = said(one, one, PRELIMINARY)
    assert (decision.event, decision.tell, decision.about) == (CaseEvent.RISE, True, one)


def test_an_older_high_one_is_told_but_moves_nothing():
    older = made(4, 3)
    decision = said(older, made(3, 1, V2), PRELIMINARY)
    assert (decision.event, decision.tell, decision.about) == (None, True, older)


def test_a_low_one_closes_a_preliminary_case():
    low = made(2, 0, V2)
    assert said(low, low, PRELIMINARY).event == CaseEvent.FALL_REPORTED


def test_an_older_low_one_closes_nothing():
    assert said(made(1, 5), made(3, 1, V2), PRELIMINARY) == said(made(1, 5), made(3, 1, V2), CONFIRMED)
    assert said(made(1, 5), made(3, 1, V2), PRELIMINARY).event is None


@pytest.mark.parametrize(
    ("needs", "psychiatrist", "event"),
    [
        (True, False, CaseEvent.FALL_REPORTED),
        (True, True, CaseEvent.FALL),
        (False, False, CaseEvent.FALL),
    ],
)
def test_who_may_end_a_confirmed_case_is_a_setting(needs, psychiatrist, event):
    low = made(1, 0, V2, by_psychiatrist=psychiatrist)
    assert said(low, low, CONFIRMED, policy=AlertPolicy(fall_needs_psychiatrist=needs)).event == event


@pytest.mark.parametrize(("days_ago", "event"), [(3, CaseEvent.FALL_REPORTED), (4, None)])
def test_a_low_one_older_than_the_confirmation_questions_nothing(days_ago, event):
    low = made(1, days_ago, V2)
    assert said(low, low, CONFIRMED).event == event


def test_a_correction_of_other_answers_tells_nothing_new():
    one = made(3, 1, version=2)
    told = CaseFacts(CaseStatus.PRELIMINARY, Told(one.on, one.level))
    assert said(one, one, told, corrected=True).tell is False
    assert said(one, one, told, corrected=True).event is None


@pytest.mark.parametrize("days_ago", [1, 40])
def test_a_corrected_level_is_told_however_late(days_ago):
    one = made(4, days_ago, version=2)
    told = CaseFacts(CaseStatus.PRELIMINARY, Told(one.on, 3))
    assert said(one, one, told, corrected=True).tell is True


def test_a_correction_below_the_threshold_takes_back():
    one = made(1, 1, version=2)
    told = CaseFacts(CaseStatus.PRELIMINARY, Told(one.on, 4))
    decision = said(one, one, told, corrected=True)
    assert (decision.event, decision.withdraw) == (CaseEvent.FALL_REPORTED, True)


def test_a_correction_that_takes_the_level_away_takes_back():
    told = CaseFacts(CaseStatus.PRELIMINARY, Told(TODAY, 4))
    decision = said(None, None, told, corrected=True)
    assert (decision.event, decision.withdraw) == (CaseEvent.FALL_REPORTED, True)


def test_one_of_two_high_ones_taken_back_leaves_the_case_open():
    told = CaseFacts(CaseStatus.PRELIMINARY, Told(TODAY, 4))
    decision = said(made(1, 2, version=2), made(3, 1, V2), told, corrected=True)
    assert (decision.event, decision.withdraw, decision.tell) == (None, True, False)


def test_taking_back_the_fall_ends_the_review():
    decision = said(made(3, 1, V2, 2), made(3, 1, V2, 2), REVIEW, corrected=True)
    assert decision.event == CaseEvent.RISE
    decision = said(made(1, 9, V2, 2), made(3, 1), REVIEW, corrected=True)
    assert decision.event == CaseEvent.CONFIRM


def closed(because, told=None):
    return CaseFacts(CaseStatus.CLOSED, told, because)


def test_a_closed_case_opens_anew_at_the_next_high_one():
    one = made(3)
    assert said(one, one, closed(ClosedBecause.FELL)).event == CaseEvent.RISE
    assert said(one, one, closed(ClosedBecause.CONFIRMED_FALL)).event == CaseEvent.RISE


def test_what_a_psychiatrist_ended_is_not_reopened_by_a_correction_of_other_answers():
    one = made(3, 2, version=2)
    ended = closed(ClosedBecause.CONFIRMED_FALL, Told(one.on, 3))
    assert said(one, one, ended, corrected=True) == NOTHING
    assert said(made(4, 2, version=2), made(4, 2, version=2), ended, corrected=True).event == CaseEvent.RISE


def test_a_corrected_low_one_lets_the_high_one_before_it_rise_again():
    high = made(4, 3)
    decision = said(made(1, 5, V2, 2), high, closed(ClosedBecause.FELL), corrected=True)
    assert (decision.event, decision.about) == (CaseEvent.RISE, high)
    assert said(made(1, 5, V2, 2), high, closed(ClosedBecause.FELL)) == NOTHING
    assert said(made(1, 5, V2, 2), high, closed(ClosedBecause.CONFIRMED_FALL), corrected=True) == NOTHING
