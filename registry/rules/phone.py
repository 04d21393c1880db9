"""A phone number as text: digits only, so that search finds it however it was typed."""

import re
import unicodedata

from accounts.rules.text import TextRefused

MOBILE = re.compile(r"1[3-9]")  # no landline begins so: area codes begin with 0, local numbers with 2 to 8
MOBILE_DIGITS = 11


class PhoneRefused(TextRefused):
    """Not a telephone number; the text says what to do."""


def read_phone(raw: object) -> str:
    """Digits of a mobile (11) or landline number (7 to 16 with area and extension). Raises: PhoneRefused."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a spreadsheet holds eleven digits exactly
    text = re.sub(r"[\s\-‐-―()]", "", unicodedata.normalize("NFKC", str(raw)))
    text = re.sub(r"^(\+|00)86", "", text)
    if not re.fullmatch(r"\d{7,16}", text):
        raise PhoneRefused("电话应为 7 至 16 位数字，可以带区号和短横。请核对后重填。")
    if MOBILE.match(text) and len(text) != MOBILE_DIGITS:
        raise PhoneRefused(f"手机号应为 {MOBILE_DIGITS} 位，现在是 {len(text)} 位。请核对后重填。")
    return text
