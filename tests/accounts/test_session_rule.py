from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.sessions import Ended, SessionPolicy, ended, is_stepped_up

POLICY = SessionPolicy()
START = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen_after", "now_after", "expected"),
    [
        pytest.param(0 * MINUTE, 15 * MINUTE - SECOND, Ended.NOT, id="fifteen-minutes-less-a-second"),
        pytest.param(0 * MINUTE, 15 * MINUTE, Ended.IDLE, id="fifteen-minutes"),
        pytest.param(8 * HOUR - 2 * MINUTE, 8 * HOUR - SECOND, Ended.NOT, id="busy-to-the-last-second"),
        pytest.param(8 * HOUR - 2 * MINUTE, 8 * HOUR, Ended.ABSOLUTE, id="eight-hours-however-busy"),
    ],
)
def test_a_login_ends_when_idle_or_old(seen_after, now_after, expected):
    assert ended(started_at=START, seen_at=START + seen_after, now=START + now_after, policy=POLICY) is expected


@pytest.mark.parametrize(
    ("after", "holds"),
    [
        pytest.param(10 * MINUTE - SECOND, True, id="just-inside"),
        pytest.param(10 * MINUTE, False, id="ten-minutes"),
        pytest.param(-SECOND, False, id="clock-set-back"),
    ],
)
def test_step_up_holds_ten_minutes(after, holds):
    assert is_stepped_up(proven_at=START, now=START + after, policy=POLICY) is holds


def test_nothing_proven_is_not_stepped_up():
    assert is_stepped_up(proven_at=None, now=START, policy=POLICY) is False
