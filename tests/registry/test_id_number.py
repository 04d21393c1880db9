"""The ID number as it is typed, copied and mangled. Source: GB 11643."""

from datetime import date

import pytest

from registry.rules.id_number import IdRefused, age_on, check_digit, read_id_number

TODAY = date(2026, 11, 24)


def number(born: str = "19800506", order: str = "121") -> str:
    body = f"999999{born}{order}"
    return body + check_digit(body)


GOOD = number()
WITH_X = next(n for n in (number(order=f"{i:03d}") for i in range(1, 200, 2)) if n.endswith("X"))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    (
        pytest.param(GOOD, GOOD, id="as-printed"),
        pytest.param(f"  {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}\t", GOOD, id="spaces"),
        pytest.param(WITH_X.lower(), WITH_X, id="lower-case-x"),
        pytest.param(WITH_X[:-1] + "ｘ", WITH_X, id="full-width-x"),
        pytest.param("".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in GOOD), GOOD, id="full-width-digits"),
        pytest.param(f"{GOOD[:6]}-{GOOD[6:14]}-{GOOD[14:]}", GOOD, id="dashes"),
    ),
)
def test_every_way_of_typing_gives_one_number(typed, wanted):
    found = read_id_number(typed, today=TODAY)
    assert (found.number, found.birth_on, found.sex) == (wanted, date(1980, 5, 6), "1")


def test_even_order_is_a_woman():
    assert read_id_number(number(order="122"), today=TODAY).sex == "2"


@pytest.mark.parametrize(
    ("typed", "says"),
    (
        pytest.param(float(GOOD[:17] + "0"), "数字", id="number-cell"),
        pytest.param(999999198005061, "数字", id="whole-number-cell"),
        pytest.param("9.99999198005061E+17", "数字", id="number-shown-as-text"),
        pytest.param("999999800506121", "15 位", id="old-number"),
        pytest.param(GOOD[:-1], "18 位", id="one-short"),
        pytest.param("", "18 位", id="empty"),
        pytest.param(GOOD[:5] + "A" + GOOD[6:], "前 17 位", id="letter-inside"),
        pytest.param("X" * 18, "前 17 位", id="only-x"),
        pytest.param(GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"), "校验码", id="wrong-check-digit"),
        pytest.param(number("19800230"), "不存在", id="30-february"),
        pytest.param(number("20230229"), "不存在", id="29-february-of-a-common-year"),
        pytest.param(number("20261125"), "晚于今天", id="born-tomorrow"),
        pytest.param(number("18951123"), "130 岁", id="131-years"),
    ),
)
def test_what_cannot_be_a_number_is_refused_with_its_remedy(typed, says):
    with pytest.raises(IdRefused) as refusal:
        read_id_number(typed, today=TODAY)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_born_today_and_130_years_ago_are_accepted():
    assert read_id_number(number("20261124"), today=TODAY).birth_on == TODAY
    assert read_id_number(number("18961124"), today=TODAY).birth_on == date(1896, 11, 24)
    assert read_id_number(number("18951125"), today=TODAY).birth_on == date(1895, 11, 25)  # 131 tomorrow


@pytest.mark.parametrize(
    ("on", "years"), ((date(2026, 5, 5), 45), (date(2026, 5, 6), 46), (date(2026, 5, 7), 46)), ids=str
)
def test_age_turns_on_the_birthday(on, years):
    assert age_on(date(1980, 5, 6), on) == years
