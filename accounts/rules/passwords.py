"""What a password must be. ASVS strength (length, known passwords) below, the assessor's composition and age on top."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

_DISGUISES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_EDGES = re.compile(r"^[^a-z]+|[^a-z]+$")
_RUN = re.compile(r"(.)\1{3,}")
_WALKS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WALK_LENGTH = 5


@dataclass(frozen=True)
class PasswordPolicy:
    """Units: characters, kinds of character, days. Source: GB/T 22239-2019 8.1.4.1 a); ASVS 5.0 6.2.

    Composition and age go against ASVS 6.2.5 and 6.2.10, which the Chinese assessor demands: both are settings.
    """

    min_length: int = 12
    max_length: int = 128
    min_kinds: int = 3
    max_age_days: int = 90


@dataclass(frozen=True)
class PasswordOwner:
    username: str = ""
    display_name: str = ""


def problems(password: str, owner: PasswordOwner, known: frozenset[str], policy: PasswordPolicy) -> tuple[str, ...]:
    """Every reason against a new password, as the sentences shown; empty when it may be used."""
    found = []
    if len(password) < policy.min_length:
        found.append(f"密码至少要 {policy.min_length} 个字符，现在是 {len(password)} 个。")
    if len(password) > policy.max_length:
        found.append(f"密码最多 {policy.max_length} 个字符。")
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        found.append("密码里有不可见的控制字符，请重新输入。")
    if kinds(password) < policy.min_kinds:
        found.append(f"密码要含大写字母、小写字母、数字、其他符号中的 {policy.min_kinds} 种。")
    lowered = password.lower()
    if len(owner.username) >= 3 and owner.username.lower() in lowered:
        found.append("密码里不要含用户名。")
    if is_known(password, known):
        found.append("这个密码太常见，容易被猜中。请换几个互不相关的词或字母数字。")
    return tuple(found)


def kinds(password: str) -> int:
    """How many of capital, small letter, digit and other sign occur; a Chinese character counts as other sign."""
    return sum(
        (
            any("A" <= sign <= "Z" for sign in password),
            any("a" <= sign <= "z" for sign in password),
            any("0" <= sign <= "9" for sign in password),
            any(not (sign.isascii() and sign.isalnum()) for sign in password),
        )
    )


def is_known(password: str, known: frozenset[str]) -> bool:
    """A listed password, also behind digits, signs and the usual disguises, or one long run along the keyboard."""
    lowered = unicodedata.normalize("NFKC", password).lower()
    cores = {lowered, _EDGES.sub("", lowered)}  # "P@ssw0rd12345!": the tail goes before the disguises are read
    cores |= {core.translate(_DISGUISES) for core in cores}
    forms = cores | {re.sub(r"[^a-z0-9]", "", core) for core in cores} | {re.sub(r"[^a-z]", "", core) for core in cores}
    if any(form in known for form in forms if len(form) >= 4):
        return True
    rest = _RUN.sub("", lowered)
    for walk in _WALKS:
        rest = _without_walk(rest, walk)
    return len(rest) < 4


def _without_walk(text: str, walk: str) -> str:
    for length in range(len(walk), _WALK_LENGTH - 1, -1):
        for start in range(len(walk) - length + 1):
            text = text.replace(walk[start : start + length], "")
    return text


def has_expired(*, changed_at: datetime, now: datetime, policy: PasswordPolicy) -> bool:
    """The ninetieth day still counts; 0 switches the age rule off."""
    return policy.max_age_days > 0 and now - changed_at > timedelta(days=policy.max_age_days)
