from datetime import datetime, timedelta

import pytest

from exchange.rules.numbers import case_number, prefix
from exchange.rules.openings import Limits, Opening
from exchange.rules.shelves import Receipts, Shelf, shelf

NOON = datetime(2026, 10, 9, 12)
BEFORE, AFTER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("is_closed", "waiting", "told_at", "answered_at", "where"),
    [
        pytest.param(False, 1, None, None, Shelf.TO_ACKNOWLEDGE, id="new"),
        pytest.param(False, 1, NOON, AFTER, Shelf.TO_ACKNOWLEDGE, id="news-on-an-answered-case"),
        pytest.param(False, 0, NOON, None, Shelf.TO_ANSWER, id="signed"),
        pytest.param(False, 0, NOON, BEFORE, Shelf.TO_ANSWER, id="answered-before-the-news"),
        pytest.param(False, 0, NOON, NOON, Shelf.ANSWERED, id="answered-the-same-moment"),
        pytest.param(False, 0, NOON, AFTER, Shelf.ANSWERED, id="answered"),
        pytest.param(True, 1, NOON, None, Shelf.TO_ACKNOWLEDGE, id="release-notice"),
        pytest.param(True, 0, NOON, None, Shelf.CLOSED, id="released"),
    ],
)
def test_a_case_lies_on_one_shelf(is_closed, waiting, told_at, answered_at, where):
    assert shelf(Receipts(is_closed, waiting, told_at, answered_at)) == where


@pytest.mark.parametrize(
    ("county", "letters"),
    [("酉阳土家族苗族自治县", "YY"), ("邹城市", "ZC"), ("滕州市", "TZ"), ("中原区", "ZY"), ("甲县", "JX"), ("", "XX")],
)
def test_a_number_begins_with_the_countys_letters(county, letters):
    assert prefix(county) == letters


def test_a_number_has_four_digits_and_then_as_many_as_it_needs():
    assert case_number("酉阳县", 2026, 7) == "YY-2026-0007"
    assert case_number("酉阳县", 2026, 12345) == "YY-2026-12345"


@pytest.mark.parametrize(
    ("people", "what"),
    [(20, Opening.FREE), (21, Opening.WATCHED), (60, Opening.WATCHED), (61, Opening.REFUSED)],
)
def test_opening_many_different_people_is_watched_and_then_refused(people, what):
    assert Limits().verdict(people) == what
