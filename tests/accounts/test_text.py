"""What people type, brought to one form."""

from datetime import date

import pytest

from accounts.rules.text import TextRefused, clean_digits, clean_name, clean_text, parse_date

TODAY = date(2026, 12, 7)


@pytest.mark.parametrize(
    ("raw", "day"),
    (
        ("2026-12-07", date(2026, 12, 7)),
        ("2026/12/7", date(2026, 12, 7)),
        ("20261207", date(2026, 12, 7)),
        ("1207", date(2026, 12, 7)),
        ("12-7", date(2026, 12, 7)),
        ("１２－７", date(2026, 12, 7)),
        ("2026年12月7日", date(2026, 12, 7)),
        ("1208", date(2025, 12, 8)),
    ),
)
def test_a_date_is_read_as_people_write_it(raw: str, day: date) -> None:
    assert parse_date(raw, TODAY) == day


@pytest.mark.parametrize(
    "raw", ("", "2026-13-01", "2026-02-30", "昨天", "12", "1-2-3-4", "0229x", "٣-٤", "99999999999-1-1")
)
def test_what_is_no_date_is_refused_with_the_way_to_write_it(raw: str) -> None:
    with pytest.raises(TextRefused, match="2026-03-09"):
        parse_date(raw, TODAY)


def test_text_is_normalised_and_control_characters_refused() -> None:
    assert clean_text("　ＡＢ１２  c ") == "AB12 c"
    assert clean_digits("1990 000-0001") == "19900000001"
    assert clean_name("张 三") == "张三"
    assert clean_name("阿依•古丽") == "阿依·古丽"
    for bad in ("a\x00b", "a\x0bb", "a\u202eb"):
        with pytest.raises(TextRefused, match="控制字符"):
            clean_text(bad)


def test_length_counts_and_the_boundary_passes() -> None:
    assert len(clean_text("字" * 200)) == 200
    with pytest.raises(TextRefused, match="最多 200 个字，现有 201 个"):
        clean_text("字" * 201)
