"""How long a released package can be fetched, how often, and in which words its recipient sees that."""

from datetime import datetime, timedelta

OFFER_DAYS = 7
REMIND_DAYS = 2  # before the last day somebody rings the recipient
MOST_FETCHES = 3


def offer_ends(opened_at: datetime) -> datetime:
    """Source: issue 4, Build 4; security T16 (a link of seven days)."""
    return opened_at + timedelta(days=OFFER_DAYS)


def fetches_left(most: int | None, used: int) -> int:
    return max(0, (most or 0) - used)


def stem_of(period: str, situation: str, version: int) -> str:
    return f"{period}-{situation}" if version == 1 else f"{period}-{situation}-v{version}"


def file_name(stem: str, number: str) -> str:
    """Of the encrypted file: neutral words, no number of a person. Source: security T6, T40."""
    return f"{stem}-{number}.zip.age"
