"""What holds for every life: dates within the norm, windows without gap or overlap, none over without an outcome."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from followup.rules.choice import decide
from followup.rules.classification import judge
from followup.rules.dates import add_months, day_after
from followup.rules.facts import Choice, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.standing import value_on
from followup.rules.windows import Act, Given, Story, windows
from followup.terms import GIVEN_EXCUSES, Outcome, Stability
from registry.terms import ENDING, CareStatus

START = date(2023, 11, 1)
DAYS = st.integers(0, 900).map(lambda n: START + timedelta(days=n))
LEVEL = st.sampled_from([None, 0, 0, 0, 1, 2, 3, 4, 5])
FACTS = st.builds(
    VisitFacts,
    visited_on=DAYS,
    form=st.just("2"),
    level=LEVEL,
    hospital=st.sampled_from([0, 1, 2]),
    discharged_on=st.none() | DAYS,
    insight=st.sampled_from([None, 1, 1, 2, 3]),
    effect=st.sampled_from([None, 1, 2, 3, 4]),
    obvious_symptoms=st.booleans(),
    **{name: st.sampled_from([1, 1, 2, 3]) for name in ("self_care", "housework", "work", "learning", "social")},
).filter(lambda facts: facts.is_complete)
PREVIOUS = st.none() | st.builds(Previous, visited_on=DAYS, stability=st.sampled_from([None, 1, 2, 3]))


@given(FACTS, PREVIOUS, st.sampled_from([None, 1, 2, 3]), st.none() | DAYS)
def test_no_date_that_stands_is_later_than_the_norm_for_its_class(facts, previous, chosen, day):
    policy = CarePolicy()
    decision = decide(facts, judge(facts, policy, previous), Choice(chosen, day, "有理由"), policy, previous)
    if decision.problems:
        return
    assert decision.next_due_on is not None
    assert facts.visited_on < decision.next_due_on <= add_months(facts.visited_on, 3)
    if decision.stability == Stability.UNSTABLE:
        assert decision.next_due_on <= day_after(facts.visited_on, 14)
    if facts.level is not None and facts.level >= 3:
        assert decision.stability == Stability.UNSTABLE


@st.composite
def lives(draw):
    """A story as the services let it come about: nothing before the file, nothing twice on a day."""
    opened = draw(DAYS)
    after = st.integers(1, 700).map(lambda n: opened + timedelta(days=n))
    statuses = draw(st.dictionaries(after, st.sampled_from(list(CareStatus)), max_size=6))
    acts = sorted(draw(st.lists(after, max_size=10)))
    away = draw(st.dictionaries(after, st.sampled_from(GIVEN_EXCUSES), max_size=3))
    stay = draw(st.none() | st.tuples(after, st.none() | st.integers(0, 90)))
    return Story(
        opened,
        statuses=sorted({opened: "managed", **statuses}.items()),
        stays=[] if stay is None else [(stay[0], None if stay[1] is None else stay[0] + timedelta(days=stay[1]))],
        moves=sorted(draw(st.sets(after, max_size=2))),
        acts=[Act(day, day + timedelta(days=draw(st.integers(1, 92))), "", n) for n, day in enumerate(acts)],
        given=[Given(day, code, day + timedelta(days=30)) for day, code in sorted(away.items())],
    ), opened + timedelta(days=draw(st.integers(0, 800)))


@settings(max_examples=100)
@given(lives())
def test_every_living_registered_person_stands_in_exactly_one_window_each_day(life):
    story, today = life
    found = windows(story, today)
    for day in (story.opened_on + timedelta(days=n) for n in range((today - story.opened_on).days + 1)):
        holding = [w for w in found if w.opened_on <= day and (w.closed_on is None or day < w.closed_on)]
        assert len(holding) == (0 if value_on(story.statuses, day) in ENDING else 1), day


@settings(max_examples=100)
@given(lives())
def test_no_window_is_over_without_an_outcome_and_none_has_one_before(life):
    story, today = life
    for window in windows(story, today):
        is_over = window.closed_on is not None or window.due_on < today
        assert bool(window.outcome) == is_over
        assert bool(window.excuse) == (window.outcome == Outcome.EXCUSED)
        assert window.due_on >= window.opened_on
        if window.outcome == Outcome.DONE:
            assert window.closed_on is not None
            assert window.closed_on <= window.due_on


@settings(max_examples=100)
@given(lives())
def test_what_was_over_by_a_day_is_told_the_same_later_unless_a_record_made_it_up(life):
    """Looking later changes an outcome only by what happened in between; past facts alone decide past windows."""
    story, today = life
    then = windows(story, today)
    later = {w.opened_on: w for w in windows(story, today + timedelta(days=200))}
    for window in then:
        now = later[window.opened_on]
        assert (now.opener, now.due_on) == (window.opener, window.due_on)
        if window.closed_on is not None:
            assert now == window
