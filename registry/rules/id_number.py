"""The citizen ID number: check digit, birth date and sex, and every way it is mistyped.

Source: GB 11643-1999 公民身份号码. The area code is not judged: codes change every year and a person keeps theirs.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from accounts.rules.text import TextRefused

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
OLDEST_YEARS = 130

NUMBER_CELL = (
    "身份证号被表格软件存成了数字，末几位可能已经变成 0。请先把这一列的格式设为“文本”，再重新填写完整的 18 位号码。"
)


class IdRefused(TextRefused):
    """The number cannot be one; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class IdNumber:
    number: str  # 18 characters, upper-case X
    birth_on: date
    sex: str  # "1" 男, "2" 女

    @property
    def area(self) -> str:
        return self.number[:6]


def check_digit(first17: str) -> str:
    """Eighteenth character for the first seventeen digits. Source: GB 11643 (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def normalise(raw: str) -> str:
    """Full-width to half-width, lower-case x to X, blanks and dashes out. The same for form, import, search and API."""
    return re.sub(r"[\s\-‐-―_]", "", unicodedata.normalize("NFKC", raw)).upper()


def read_id_number(raw: object, *, today: date) -> IdNumber:
    """Read one ID number. Raises: IdRefused.

    A number cell of a spreadsheet is refused even when it has 18 digits: the last ones are already rounded.
    """
    if isinstance(raw, int | float):
        raise IdRefused(NUMBER_CELL)
    text = normalise(str(raw))
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        raise IdRefused(NUMBER_CELL)
    if re.fullmatch(r"\d{15}", text):
        raise IdRefused("这是 15 位的旧号码。请按现在的身份证填写 18 位号码。")
    if len(text) != 18:
        raise IdRefused(f"身份证号应为 18 位，现在是 {len(text)} 位。请对照证件补齐。")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise IdRefused("身份证号前 17 位应为数字，最后一位是数字或 X。请对照证件改正。")
    if check_digit(text[:17]) != text[17]:
        raise IdRefused("身份证号的校验码不对，可能有一位数字写错。请对照证件核对。")
    return IdNumber(text, _birth(text, today), "1" if int(text[16]) % 2 else "2")


def _birth(text: str, today: date) -> date:
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise IdRefused("身份证号里的出生日期不存在（第 7 至 14 位）。请对照证件核对。") from None
    if born > today:
        raise IdRefused("身份证号里的出生日期晚于今天（第 7 至 14 位）。请对照证件核对。")
    if _age(born, today) > OLDEST_YEARS:
        raise IdRefused("按身份证号计算，年龄超过 130 岁（第 7 至 14 位）。请对照证件核对。")
    return born


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_on(born: date | None, on: date) -> int | None:
    """Age in full years on a day; None when the birth date is unknown."""
    return None if born is None else _age(born, on)
