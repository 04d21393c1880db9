"""Text from people and files, brought to one form before anything looks at it. The same in form, import and API."""

import re
import unicodedata
from datetime import date

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_WIDTH = {ord(full): ord(half) for full, half in zip("０１２３４５６７８９", "0123456789", strict=True)}
_WIDTH |= {0xFF21 + n: ord("A") + n for n in range(26)} | {0xFF41 + n: ord("a") + n for n in range(26)}
_DATE_MARKS = str.maketrans({"／": "/", "．": ".", "－": "-", "—": "-", "年": "-", "月": "-", "日": ""})


class TextRefused(ValueError):
    """Carries the Chinese sentence; the caller adds field and row."""


def clean_text(raw: object, *, max_length: int = 200, lines: bool = False) -> str:
    """Normal form of a text: NFC, half-width digits and letters, single inner spaces, no outer ones.

    Raises: TextRefused for control characters or more than `max_length` characters.
    """
    text = unicodedata.normalize("NFC", str(raw if raw is not None else ""))
    text = text.replace("\r\n", "\n").strip()
    if _CONTROL.search(text if lines else text.replace("\n", "\x00")):
        raise TextRefused("含有看不见的控制字符，请删去后重新输入。")
    text = text.translate(_WIDTH)
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")) if lines else _SPACES.sub(" ", text)
    if len(text) > max_length:
        raise TextRefused(f"太长：最多 {max_length} 个字，现有 {len(text)} 个。")
    return text


def clean_name(raw: object) -> str:
    """A person's name: no inner spaces between Chinese characters, middle dots unified. Raises: TextRefused."""
    text = clean_text(raw, max_length=50)
    text = re.sub(r"[•・‧∙.．]", "·", text)
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)


def clean_digits(raw: object) -> str:
    """Phone or code: half-width, spaces and hyphens removed. Raises: TextRefused."""
    return re.sub(r"[\s-]", "", clean_text(raw, max_length=60))


def parse_date(raw: object, today: date) -> date:
    """A day as people type it: 2026-03-09, 2026/12/7, 20261207, 1207, 12-7, full-width digits, 年月日.

    Without a year: the latest such day not after today. Raises: TextRefused.
    """
    if isinstance(raw, date):
        return raw
    text = clean_text(raw, max_length=20).translate(_DATE_MARKS).replace("/", "-").replace(".", "-").replace(" ", "")
    wrong = TextRefused("不是一个日期。请写成 2026-03-09，今年的也可以只写 03-09。")
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}-{text[2:]}"
    parts = text.split("-")
    if not all(part.isdecimal() and part.isascii() for part in parts) or len(parts) not in (2, 3):
        raise wrong
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 3:
            return date(*numbers)
        day = date(today.year, *numbers)
        return day if day <= today else date(today.year - 1, *numbers)
    except (ValueError, OverflowError):  # 99999999999-1-1 does not even fit a year
        raise wrong from None
