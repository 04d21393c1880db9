from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exchange.rules.clocks import clock, day_words, is_silent, moment_words, span_words

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "now", "verb", "words", "tone", "share"),
    [
        ("2026-10-09 08:20", 24, "2026-10-09 09:40", "签收", "还有 22 小时 40 分：明天 08:20 前签收", "ok", 94),
        ("2026-10-08 17:05", 24, "2026-10-09 09:40", "签收", "还有 7 小时 25 分：今天 17:05 前签收", "soon", 31),
        ("2026-10-06 16:20", 72, "2026-10-09 09:40", "反馈", "还有 6 小时 40 分：今天 16:20 前反馈", "soon", 9),
        ("2026-10-08 08:20", 24, "2026-10-09 08:20", "签收", "还有 0 分：今天 08:20 前签收", "soon", 0),
        ("2026-10-08 08:20", 24, "2026-10-09 08:21", "签收", "已超过 1 分：应在今天 08:20 前签收", "late", 0),
        ("2026-12-30 08:20", 24, "2027-01-02 08:20", "签收", "已超过 2 天：应在 2026-12-31 08:20 前签收", "late", 0),
    ],
)
def test_a_clock_says_what_is_left_and_until_when(start, hours, now, verb, words, tone, share):
    found = clock(at(start), hours=hours, now=at(now), verb=verb)
    assert (found.words, found.tone, found.share) == (words, tone, share)


@pytest.mark.parametrize(("minutes", "silent"), [(24 * 60, False), (24 * 60 + 1, True)])
def test_silence_begins_after_the_last_minute(minutes, silent):
    start = at("2026-10-08 08:20")
    assert is_silent(start, hours=24, now=start + timedelta(minutes=minutes)) is silent


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 分"), (59, "59 分"), (60, "1 小时"), (61, "1 小时 1 分"), (1440, "1 天"), (1500, "1 天 1 小时")],
)
def test_spans_in_words(minutes, words):
    assert span_words(timedelta(minutes=minutes)) == words


def test_days_and_moments_in_words():
    now = at("2026-10-09 09:40")
    days = [day_words((now + timedelta(days=n)).date(), now.date()) for n in (-2, -1, 0, 1, 2)]
    assert days == ["10-07", "昨天", "今天", "明天", "10-11"]
    assert moment_words(at("2026-10-09 08:20"), now) == "今天 08:20"
