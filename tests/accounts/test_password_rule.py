from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.passwords import PasswordOwner, PasswordPolicy, has_expired, problems
from accounts.services.passwords import known_passwords

OWNER = PasswordOwner("ranqihua", "冉启华")
POLICY = PasswordPolicy()
SHORT = "密码至少要 12 个字符，现在是 11 个。"
KINDS = "密码要含大写字母、小写字母、数字、其他符号中的 3 种。"
NAME = "密码里不要含用户名。"
KNOWN = "这个密码太常见，容易被猜中。请换几个互不相关的词或字母数字。"


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        pytest.param("thyme-Lanter9", (), id="thirteen-signs-three-kinds"),
        pytest.param("thyme-Lamp-9", (), id="exactly-twelve"),
        pytest.param("thyme-Lam-9", (SHORT,), id="eleven"),
        pytest.param("thyme-lanterns", (KINDS,), id="two-kinds"),
        pytest.param("西山的雨yu落在第9月的夜里", (), id="chinese-counts-as-other-sign"),
        pytest.param("my-RanQiHua-2041", (NAME,), id="holds-the-username"),
        pytest.param("P@ssw0rd12345", (KNOWN,), id="common-word-in-disguise"),
        pytest.param("12Weisheng@2026", (KNOWN,), id="pinyin-of-the-trade"),
        pytest.param("1qaz2WSX3edc", (KNOWN,), id="keyboard-columns"),
        pytest.param("Qwertyuiop12!", (KNOWN,), id="keyboard-row"),
        pytest.param("Aa111111111111", (KNOWN,), id="one-digit-many-times"),
        pytest.param("admin@Admin2026", (KNOWN,), id="two-stems"),
        pytest.param("thyme\x00Lantern-9", ("密码里有不可见的控制字符，请重新输入。",), id="nul"),
        pytest.param("aB3-" * 33, ("密码最多 128 个字符。",), id="longer-than-any-person-types"),
    ],
)
def test_a_password_is_refused_with_its_reasons(password, expected):
    assert problems(password, OWNER, known_passwords(), POLICY) == expected


def test_composition_and_age_can_be_switched_off():
    plain = PasswordPolicy(min_kinds=1, max_age_days=0)
    assert problems("thyme-lanterns", OWNER, known_passwords(), plain) == ()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert has_expired(changed_at=long_ago, now=long_ago + timedelta(days=5000), policy=plain) is False


@pytest.mark.parametrize(
    ("days", "seconds", "expected"),
    [
        pytest.param(90, 0, False, id="ninetieth-day"),
        pytest.param(90, 1, True, id="a-second-after"),
    ],
)
def test_a_password_lives_ninety_days(days, seconds, expected):
    born = datetime(2026, 9, 1, tzinfo=UTC)
    now = born + timedelta(days=days, seconds=seconds)
    assert has_expired(changed_at=born, now=now, policy=POLICY) is expected


def test_the_known_list_is_small_and_in_the_compared_form():
    known = known_passwords()
    assert 1000 <= len(known) <= 1500
    assert [word for word in known if word != word.lower().strip()] == []
