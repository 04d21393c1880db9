"""What is shown of a name or number to someone who must not see all of it."""

import re

_PHONE = re.compile(r"(?<!\d)\d(?:[- ]?\d){6,}(?!\d)")


def mask_name(name: str) -> str:
    """冉启明 -> 冉＊明, 冉明 -> 冉＊. The length stays, so that two people of one surname can be told apart."""
    if len(name) <= 2:
        return name[:1] + "＊"
    return name[0] + "＊" * (len(name) - 2) + name[-1]


def mask_id(number: str | None) -> str:
    """First six and last four: 500242********1246."""
    if not number:
        return ""
    if len(number) < 12:
        return "*" * len(number)
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def mask_phone(number: str | None) -> str:
    """First three and last four: 199****1952. A short number keeps its last two only."""
    if not number:
        return ""
    if len(number) < 10:
        return "*" * (len(number) - 2) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_phones(text: str) -> str:
    """The same for every number that stands in words: 冉启芳 199****0012."""
    return _PHONE.sub(lambda found: mask_phone(re.sub(r"\D", "", found[0])), text)
