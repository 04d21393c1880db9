"""Codes read out or typed by hand: backup codes and one-time codes. Long enough that a keyed digest suffices."""

import secrets
import unicodedata

from accounts.crypto import blind_index

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U
GROUPS, GROUP_LENGTH = 3, 4  # 12 signs: 58 bits


def new_code() -> str:
    """For example K7QM-3XTA-9BWD."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def plain_code(typed: str) -> str:
    """Full-width signs, spaces, dashes and small letters are forgiven."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in folded if sign.isascii() and sign.isalnum())


def code_digest(kind: str, typed: str) -> bytes:
    return blind_index(f"code-{kind}", plain_code(typed))
