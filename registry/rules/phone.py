"""A phone number as text: digits only, so that search finds it however it was typed."""

import re
import unicodedata

from accounts.rules.text import TextRefused


class PhoneRefused(TextRefused):
    """Not a telephone number; the text says what to do."""


def read_phone(raw: object) -> str:
    """Digits of a mobile or landline number, 7 to 16 of them. Raises: PhoneRefused."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a spreadsheet holds eleven digits exactly
    text = re.sub(r"[\s\-‐-―()]", "", unicodedata.normalize("NFKC", str(raw)))
    text = re.sub(r"^(\+|00)86", "", text)
    if not re.fullmatch(r"\d{7,16}", text):
        raise PhoneRefused("电话应为 7 至 16 位数字，可以带区号和短横。请核对后重填。")
    return text
