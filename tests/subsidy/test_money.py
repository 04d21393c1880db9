"""Money: whole fen that add up, and what is not money."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.rules.money import MoneyRefused, fen, nearest, read_yuan, split, yuan

D = Decimal


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_shares_add_up_and_none_is_a_fen_off(whole, parts):
    shares = split(yuan(whole), parts)
    assert sum(map(fen, shares)) == whole
    for share, part in zip(shares, parts, strict=True):
        assert abs(fen(share) - Fraction(whole) * part / sum(parts)) < 1


def test_the_fen_left_over_goes_to_the_largest_remainder():
    assert split(D("100.00"), [1, 1, 1]) == (D("33.34"), D("33.33"), D("33.33"))
    assert split(D("0.05"), [5, 3, 2]) == (D("0.03"), D("0.01"), D("0.01"))
    assert split(D("-100.00"), [1, 1, 1]) == (D("-33.34"), D("-33.33"), D("-33.33"))


@pytest.mark.parametrize("parts", [[], [0, 0], [2, -1]])
def test_nothing_is_shared_between_nobody(parts):
    with pytest.raises(ValueError, match="nobody"):
        split(D(1), parts)


@pytest.mark.parametrize(
    ("exact", "rounded"), [(Fraction(1, 200), "0.01"), (Fraction(1, 201), "0.00"), (Fraction(200 * 17, 31), "109.68")]
)
def test_half_a_fen_goes_up(exact, rounded):
    assert nearest(exact) == D(rounded)


@pytest.mark.parametrize(
    ("raw", "amount"),
    [("200", "200.00"), ("1,800.5", "1800.50"), ("￥２４００元", "2400.00"), (1800, "1800.00"), ("0", "0.00")],
)
def test_an_amount_is_read_as_people_write_it(raw, amount):
    assert read_yuan(raw) == D(amount)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (200.1, "浮点数"), ("两百", "没有看懂"), ("", "没有看懂"), (None, "没有看懂"), ("NaN", "没有看懂"), ("1e400", "超过"),
        ("-0.01", "不能是负数"), ("0.001", "不足一分"), ("24000000", "小数点"), (True, "浮点数"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_said_in_words(raw, said):
    with pytest.raises(MoneyRefused, match=said):
        read_yuan(raw)
