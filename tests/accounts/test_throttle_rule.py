from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.throttle import Attempts, ThrottlePolicy, after_failure, is_held_back, open_again_at, wait_after

POLICY = ThrottlePolicy()
NOON = datetime(2026, 12, 7, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(4, 0, id="fourth-is-free"),
        pytest.param(5, 30, id="fifth-waits"),
        pytest.param(6, 60, id="sixth-twice-as-long"),
        pytest.param(9, 480, id="ninth"),
        pytest.param(10, 900, id="tenth-reaches-the-cap"),
        pytest.param(11, 900, id="no-longer-than-the-cap"),
        pytest.param(5000, 900, id="never-for-good"),
    ],
)
def test_wait_grows_and_is_capped(failures, seconds):
    assert wait_after(failures, POLICY) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("after", "held"),
    [
        pytest.param(timedelta(seconds=29), True, id="second-before"),
        pytest.param(timedelta(seconds=30), False, id="on-the-second"),
        pytest.param(timedelta(seconds=31), False, id="second-after"),
    ],
)
def test_held_back_until_the_wait_is_over(after, held):
    assert is_held_back(Attempts(5, NOON), NOON + after, POLICY) is held


def test_nothing_is_held_back_before_the_first_failure():
    assert open_again_at(Attempts(), POLICY) is None


def test_a_quiet_day_starts_afresh():
    before = NOON + timedelta(hours=24, seconds=-1)
    assert after_failure(Attempts(9, NOON), before, POLICY) == Attempts(10, before)
    assert after_failure(Attempts(9, NOON), NOON + timedelta(hours=24), POLICY) == Attempts(
        1, NOON + timedelta(hours=24)
    )
