"""How much two files look like one person, and why. Weights are 本系统: no norm gives any.

Source: design features A ("name+birth+township scored → show ≤ 5 with the reason of each match"). Units: points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SHOWN = 5
WORTH_A_LOOK = 45  # shown while typing
SUSPECTED = 60  # on the work list
ALMOST_SURE = 80  # opening a second file needs a word


@dataclass(frozen=True)
class Sketch:
    """What is known of a person, as far as it can be compared. None or "": not known."""

    name: str = ""
    pinyin: str = ""
    sex: str = ""
    birth_on: date | None = None
    township: int | None = None
    village: int | None = None
    phone: bytes | None = None  # blind index
    address: str = ""
    guardian: str = ""
    number: bytes | None = None  # blind index of the ID number


@dataclass(frozen=True)
class Likeness:
    score: int
    reasons: tuple[str, ...]


def compare(a: Sketch, b: Sketch) -> Likeness:
    """Points and the reason of each. The same ID number is the same person, whatever else differs.

    Source: design features A, "Duplicate warning while typing". Units: points, at most 100.
    """
    if a.number and a.number == b.number:
        return Likeness(100, ("身份证号相同",))
    found = [*_name(a, b), *_birth(a, b), *_place(a, b), *_contact(a, b), *_against(a, b)]
    score = max(0, min(99, sum(points for points, _reason in found)))
    return Likeness(score, tuple(reason for points, reason in found if points > 0))


def _name(a: Sketch, b: Sketch) -> Iterable[tuple[int, str]]:
    if a.name and a.name == b.name:
        yield 40, "姓名相同"
    elif a.pinyin and a.pinyin == b.pinyin:
        yield 30, "姓名同音"
    elif len(a.name) >= 2 and len(b.name) >= 2 and a.name[0] == b.name[0] and set(a.name[1:]) & set(b.name[1:]):
        yield 10, "同姓，名字有相同的字"


def _birth(a: Sketch, b: Sketch) -> Iterable[tuple[int, str]]:
    if a.birth_on is None or b.birth_on is None:
        return
    one, two = a.birth_on, b.birth_on
    if one == two:
        yield 30, "出生日期相同"
    elif one.year == two.year and (one.month, one.day) == (two.day, two.month):
        yield 20, "出生日期的月和日互换"
    elif one.year == two.year and (one.month == two.month or one.day == two.day):
        yield 12, "出生年份和月份（或日）相同"
    elif (one.month, one.day) == (two.month, two.day) and abs(one.year - two.year) in (1, 10):
        yield 12, "出生月日相同，年份相差 1 或 10 年"
    elif abs(one.year - two.year) > 10:
        yield -25, "出生年份相差很大"


def _place(a: Sketch, b: Sketch) -> Iterable[tuple[int, str]]:
    if a.village and a.village == b.village:
        yield 12, "同一个村（社区）"
    elif a.township and a.township == b.township:
        yield 6, "同一个乡镇（街道）"
    if a.address and a.address == b.address:
        yield 15, "现住详址相同"


def _contact(a: Sketch, b: Sketch) -> Iterable[tuple[int, str]]:
    if a.phone and a.phone == b.phone:
        yield 20, "联系电话相同"
    if a.guardian and a.guardian == b.guardian:
        yield 15, "监护人姓名相同"


def _against(a: Sketch, b: Sketch) -> Iterable[tuple[int, str]]:
    if a.sex and b.sex and a.sex != b.sex:
        yield -30, "性别不同"
    if a.number and b.number:  # both right by their check digits, and not the same
        yield -30, "身份证号不同"
