"""Status moves, days that can be, and the first facts of a file."""

from datetime import date, timedelta

import pytest

from registry.rules.lifecycle import TRANSITIONS, Life, MoveRefused, check_day, closed_on, transition
from registry.rules.person import PersonFacts, check_person, differences
from registry.rules.plan import first_facts
from registry.terms import ENDING, CareStatus

TODAY = date(2026, 11, 24)
OPENED, BORN = date(2024, 5, 6), date(1980, 5, 6)
DAY = timedelta(days=1)


def test_every_pair_of_living_statuses_moves_and_every_ending_comes_back_only_to_managed():
    living = [s for s in CareStatus if s not in ENDING]
    allowed = {(a, b) for a, b in TRANSITIONS}
    assert {(a, b) for a in living for b in living if a != b} <= allowed
    assert {(a, b) for a, b in allowed if a in ENDING} == {
        *((a, CareStatus.MANAGED) for a in ENDING),
        (CareStatus.MOVED_OUT, CareStatus.DEAD),
    }


@pytest.mark.parametrize(
    ("before", "after"), (("dead", "admitted"), ("dead", "moved_out"), ("managed", "managed"), ("excluded", "dead"))
)
def test_a_move_outside_the_table_is_refused_in_words(before, after):
    with pytest.raises(MoveRefused, match="状态"):
        transition(before, after)


@pytest.mark.parametrize(
    ("day", "closed", "says"),
    (
        pytest.param(TODAY, None, "", id="today"),
        pytest.param(TODAY + DAY, None, "晚于今天", id="tomorrow"),
        pytest.param(OPENED, None, "", id="first-day"),
        pytest.param(OPENED - DAY, None, "建档日期", id="day-before-the-file"),
        pytest.param(BORN - DAY, None, "出生日期", id="before-birth"),
        pytest.param(date(2025, 3, 1), date(2025, 3, 2), "", id="day-before-the-end"),
        pytest.param(date(2025, 3, 2), date(2025, 3, 2), "已结束", id="day-of-the-end"),
        pytest.param(date(2025, 3, 3), date(2025, 3, 2), "已结束", id="day-after-the-end"),
    ),
)
def test_check_day(day, closed, says):
    life = Life(OPENED, BORN, closed)
    if not says:
        check_day(day, life, today=TODAY, what="日期")
        return
    with pytest.raises(MoveRefused, match=says):
        check_day(day, life, today=TODAY, what="日期")


@pytest.mark.parametrize(
    ("rows", "wanted"),
    (
        ([(1, "managed")], None),
        ([(1, "managed"), (5, "dead")], 5),
        ([(1, "managed"), (3, "moved_out"), (5, "dead")], 3),
        ([(1, "managed"), (3, "moved_out"), (5, "managed")], None),
        ([(1, "managed"), (3, "moved_out"), (5, "managed"), (9, "excluded")], 9),
        ([(1, "dead")], 1),
    ),
)
def test_closed_on_is_the_first_day_of_the_last_run_off_the_register(rows, wanted):
    found = closed_on([(date(2025, 1, n), value) for n, value in rows])
    assert found == (date(2025, 1, wanted) if wanted else None)


WHOLE = PersonFacts(
    name="甲", id_number="x", birth_on=BORN, residence_code="990001001001", diagnosed_on=OPENED, diagnosis="01",
    opened_on=OPENED,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    (
        ({}, None),
        ({"name": None}, "name"),
        ({"id_number": None}, "id_number"),
        ({"id_number": None, "no_id_reason": "未办理"}, None),
        ({"onset_on": OPENED}, None),
        ({"onset_on": OPENED + DAY}, "diagnosed_on"),
        ({"onset_on": BORN - DAY}, "onset_on"),
        ({"opened_on": TODAY, "diagnosed_on": TODAY}, None),
        ({"opened_on": TODAY + DAY}, "opened_on"),
        ({"died_on": OPENED}, None),
        ({"died_on": OPENED - DAY}, "died_on"),
        ({"death_cause": "1"}, "died_on"),
        ({"consent_on": OPENED}, "consent"),
        ({"guardian_phone": "19900000001"}, "guardian_name"),
    ),
    ids=str,
)
def test_check_person_names_the_field(change, field):
    assert [p.field for p in check_person(WHOLE.merged(change), today=TODAY)] == ([field] if field else [])


def test_first_facts_hold_from_the_opening_and_the_graver_of_two_endings_on_a_day_stands():
    plan = first_facts(WHOLE.merged({"guardian_name": "乙", "consent": False, "poor": True}))
    assert [(r.starts_on, r.value) for r in plan.statuses] == [(OPENED, "managed")]
    assert (plan.diagnosis_from, plan.guardian_from, plan.consent_from, plan.economy_from) == (OPENED,) * 4
    both = first_facts(WHOLE.merged({"moved_out_on": OPENED + DAY, "died_on": OPENED + DAY, "death_cause": "2"}))
    assert [(r.starts_on, r.value, r.death_cause) for r in both.statuses] == [
        (OPENED, "managed", ""),
        (OPENED + DAY, "dead", "2"),
    ]
    assert (both.status, both.closed_on) == ("dead", OPENED + DAY)


def test_differences_keep_what_was_not_said_and_clear_only_what_a_form_showed():
    before = WHOLE.merged({"phone": "19900000001", "guardian_name": "乙"})
    assert differences(before, PersonFacts(name="甲", residence_code="990001001")) == {}
    assert differences(before, PersonFacts(name="丙")) == {"name": "丙"}
    assert differences(before, PersonFacts(), clearable=frozenset({"phone"})) == {"phone": None}
