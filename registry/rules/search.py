"""What a word typed into the search box looks for. Source: security T8: at least two letters, twenty answers."""

import re
from dataclasses import dataclass
from datetime import date

from accounts.rules.text import TextRefused, clean_name
from registry.rules.id_number import IdRefused, normalise, read_id_number
from registry.rules.phone import PhoneRefused, read_phone

LONGEST = 60
SHORTEST = 2


@dataclass(frozen=True)
class Word:
    """`kind`: name, initials, id_number, phone, temporary; "" when nothing can be found by it, `why` says so."""

    kind: str
    text: str = ""
    why: str = ""


NOTHING = "请输入姓名或拼音首字母的前两个字以上，或者完整的身份证号、电话。"


def read_word(raw: str, *, today: date) -> Word:
    """Never raises: a word that cannot be sought is answered in words."""
    if len(raw) > LONGEST:
        return Word("", why="输入太长，找不到这样的人。请只输入姓名、拼音首字母或身份证号。")
    try:
        text = clean_name(raw)
    except TextRefused as refusal:
        return Word("", why=f"输入的内容{refusal}")
    compact = normalise(text)
    if not compact:
        return Word("", why=NOTHING)
    if re.fullmatch(r"L\d{12}", compact):
        return Word("temporary", compact)
    if re.fullmatch(r"[\d+]\d*X?", compact):
        return _number(compact, today)
    if re.fullmatch(r"[A-Za-z]+", text.replace(" ", "").replace("'", "")):
        letters = text.replace(" ", "").replace("'", "").lower()
        return Word("initials", letters) if len(letters) >= SHORTEST else Word("", why=NOTHING)
    return Word("name", text) if len(text) >= SHORTEST else Word("", why=NOTHING)


def _number(compact: str, today: date) -> Word:
    if len(compact) == 11 and compact.isdecimal():
        try:
            return Word("phone", read_phone(compact))
        except PhoneRefused:
            return Word("", why=NOTHING)
    try:
        return Word("id_number", read_id_number(compact, today=today).number)
    except IdRefused as refusal:
        return Word("", why=str(refusal))
