"""Patients drawn from a seed: the same seed, area and day give the same county, row for row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random

from config.demo import names
from config.demo.chance import dice, weighted
from config.demo.facts import Made, Person, Township

# Shares per thousand of the register, near what county reports print.
DIAGNOSES = {"01": 712, "06": 112, "04": 72, "05": 56, "02": 14, "03": 8, "07": 12, "08": 6, "99": 8}
COURSES = {"calm": 850, "restless": 115, "difficult": 35}
INTAKES = {"regular": 800, "spotty": 110, "none": 50, "not_needed": 40}
EDUCATION = {"80": 40, "70": 38, "60": 10, "40": 5, "30": 3, "90": 4}
MARITAL = {"10": 32, "20": 46, "30": 8, "40": 14}
EMPLOYMENT = {"3": 60, "4": 25, "6": 6, "8": 5, "1": 3, "7": 1}
RELATIONS = {"1": 30, "2": 38, "3": 14, "4": 13, "5": 4, "6": 1}
DANGER = {"0": 700, "1": 150, "2": 85, "3": 48, "4": 13, "5": 4}
HOSPITALS = ("县精神卫生中心", "县人民医院精神科", "市精神卫生中心")
DEATH_CAUSES = {"1": 78, "2": 8, "4": 10, "5": 3, "6": 1}
DEATHS_A_YEAR, MOVES_A_YEAR, EXCLUSIONS_A_YEAR = 0.020, 0.006, 0.002
LEFT_ALONE = 0.02
FIRST_TOWNS = 3  # where the demo's people work
ALWAYS_LEFT_ALONE = (2, 7)  # of each of those, so that no worker's list begins empty
YEAR = 365.25
PER_MILLE = (4.6, 5.4)  # registered people per thousand residents

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_AREAS, _SLOTS = 29, 17  # 29 keeps the known counties apart, so that two counties never share a number


def id_number(area: int, birth_on: date, sex: str, slot: int) -> str:
    """A valid number in the area 999999, which was never given out; `slot` 0 to 16 tells people of one day apart."""
    order = ((area % _AREAS) * _SLOTS + slot) * 2 + (1 if sex == "1" else 0)
    body = f"999999{birth_on:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def make_people(*, area: str, towns: Sequence[Township], patients: int, years: int, seed: int, today: date) -> Made:
    """`patients` files spread over the townships by their number of villages, and the population to match."""
    home = _homes(towns, patients, dice(area, seed, "homes"))
    taken: set[str] = set()
    people: list[Person] = []
    met = dict.fromkeys((town.code for town in towns[:FIRST_TOWNS]), 0)
    for index, town in enumerate(home):
        one = _person(dice(area, seed, index), index, int(area), town, taken, years, today)
        if town.code in met:
            one = replace(one, left_alone=one.left_alone or met[town.code] in ALWAYS_LEFT_ALONE)
            met[town.code] += 1
        people.append(one)
    return Made(tuple(people), tuple(_population(towns, people, years, today, dice(area, seed, "census"))))


def _homes(towns: Sequence[Township], patients: int, draw: Random) -> list[Township]:
    """The first townships get twice their share."""
    weights = [max(1, len(town.villages)) * (2 if place < FIRST_TOWNS else 1) for place, town in enumerate(towns)]
    return draw.choices(towns, weights, k=patients) if towns else []


def _person(draw: Random, index: int, area: int, town: Township, taken: set[str], years: int, today: date) -> Person:
    sex = "1" if draw.random() < 0.52 else "2"
    birth_on = today - timedelta(days=int(draw.triangular(17, 88, 51) * YEAR))
    number = next(n for slot in count() if (n := id_number(area, birth_on, sex, slot % _SLOTS)) not in taken)
    taken.add(number)
    onset_on = min(birth_on + timedelta(days=int(draw.triangular(14, 55, 24) * YEAR)), today - timedelta(days=400))
    opened_on = _opened(draw, onset_on, years, today)
    diagnosed_on = onset_on + (opened_on - onset_on) * draw.random()
    ends = _ends(draw, opened_on, years, today)
    facts = {
        "姓名": names.full_name(draw, sex),
        "身份证号": number,
        "初次发病日期": onset_on.isoformat(),
        "确诊日期": diagnosed_on.isoformat(),
        "建档日期": opened_on.isoformat(),
        **_home_facts(draw, town),
        **_social_facts(draw, area),
        **_guardian(draw),
        **_illness(draw, number),
        **ends,
    }
    ends_on = next((date.fromisoformat(ends[key]) for key in ("死亡日期", "迁出日期", "排除日期") if key in ends), None)
    return Person(
        index, town.code, number, birth_on, sex, opened_on, ends_on, facts["诊断"], weighted(draw, COURSES),
        weighted(draw, INTAKES), draw.random() < LEFT_ALONE, facts,
    )  # fmt: skip


def _opened(draw: Random, onset_on: date, years: int, today: date) -> date:
    """Most files are older than the years shown; about six in a hundred are opened in each of them."""
    window = int(years * YEAR)
    back = draw.randint(20, window) if draw.random() < min(0.06 * years, 0.5) else draw.randint(window, window + 3000)
    return max(today - timedelta(days=back), onset_on + timedelta(days=30))


def _ends(draw: Random, opened_on: date, years: int, today: date) -> dict[str, str]:
    """Death, removal or exclusion inside the years shown; drawn always, so that one's fate shifts nobody's draws."""
    chance, when, cause = draw.random(), draw.random(), weighted(draw, DEATH_CAUSES)
    first = max(opened_on + timedelta(days=60), today - timedelta(days=int(years * YEAR)))
    if first >= today - timedelta(days=10):
        return {}
    day = (first + (today - timedelta(days=10) - first) * when).isoformat()
    limit = DEATHS_A_YEAR * years
    if chance < limit:
        return {"死亡日期": day, "死亡原因": cause}
    if chance < (limit := limit + MOVES_A_YEAR * years):
        return {"迁出日期": day}
    return {"排除日期": day} if chance < limit + EXCLUSIONS_A_YEAR * years else {}


def _home_facts(draw: Random, town: Township) -> dict[str, str]:
    village = draw.choice(town.villages)
    address = f"{village.name}{draw.randint(1, 9)}组{draw.randint(1, 220)}号"
    return {
        "现住地区划代码": village.code,
        "现住详址": address,
        "户籍地区划代码": village.code if draw.random() < 0.93 else town.code,
        "户籍详址": address,
        "联系电话": f"1990000{draw.randint(0, 9999):04d}",
    }


def _social_facts(draw: Random, area: int) -> dict[str, str]:
    local = draw.random()
    minority = "土家族" if local < 0.55 else "苗族" if local < 0.85 else "汉族"
    return {
        "民族": minority if area == 500242 else "满族" if local < 0.03 else "汉族",
        "户别": "2" if draw.random() < 0.82 else "1",
        "文化程度": weighted(draw, EDUCATION),
        "婚姻状况": weighted(draw, MARITAL),
        "就业情况": weighted(draw, EMPLOYMENT),
        "经济状况": "1" if draw.random() < 0.42 else "2",
    }


def _guardian(draw: Random) -> dict[str, str]:
    sex = draw.choice("12")
    return {
        "监护人姓名": names.full_name(draw, sex),
        "与患者关系": weighted(draw, RELATIONS),
        "监护人电话": f"1990000{draw.randint(0, 9999):04d}",
    }


def _illness(draw: Random, number: str) -> dict[str, str]:
    admissions = min(int(draw.expovariate(0.7)), 12)
    facts = {
        "诊断": weighted(draw, DIAGNOSES),
        "确诊医院": draw.choice(HOSPITALS),
        "知情同意": "0" if draw.random() < 0.04 else "1",
        "既往危险性": weighted(draw, DANGER),
        "既往关锁": "3" if draw.random() < 0.03 else "1",
        "既往住院次数": str(admissions),
    }
    if draw.random() < 0.38:  # ID number, kind 6 (精神), grade: the form of the real certificate
        facts["残疾证号"] = f"{number}6{draw.randint(1, 4)}"
    return facts


def _population(
    towns: Sequence[Township], people: Sequence[Person], years: int, today: date, draw: Random
) -> list[dict[str, str]]:
    """Residents by township and year, so that the reported prevalence comes out near five per thousand."""
    rows = []
    for town in towns:
        living = sum(1 for one in people if one.township == town.code and one.ends_on is None)
        now = max(1, living) * 1000 / draw.uniform(*PER_MILLE)
        for year in range(today.year - years, today.year + 1):
            drift = 1 + 0.004 * (today.year - year)
            rows.append({"区划代码": town.code, "年份": str(year), "常住人口": str(round(now * drift))})
    return rows
