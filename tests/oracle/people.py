"""Random people for a county: rows of a patients file, with the edges that break careless counting."""

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

Row = dict[str, str]
NOWHERE = "999999"  # an area code that was never assigned
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗冉田彭白石覃单仇"
GIVEN = "建国秀英志强桂兰晓明玉梅文华德福春燕海龙丽娟正云天佑永芳"
DIAGNOSES = ("01", "02", "03", "04", "05", "06", "07", "08", "99")
RELATIONS = "1234569"
ETHNICITIES = ("汉族", "土家族", "苗族", "满族", "")


@dataclass
class Place:
    township: str
    villages: list[str]


def id_number(born: date, serial: int) -> str:
    body = f"{NOWHERE}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def edge_day(rng: random.Random, first: date, last: date) -> date:
    """A day in [first, last]; every third time the first or last day of a month or quarter."""
    picked = first + timedelta(days=rng.randrange((last - first).days + 1))
    kind = rng.randrange(6)
    if kind == 0:
        picked = picked.replace(day=monthrange(picked.year, picked.month)[1])
    elif kind == 1:
        picked = picked.replace(day=1, month=rng.choice((1, 4, 7, 10)))
    return min(max(picked, first), last)


class PeopleMaker:
    """Draws people one by one; the same seed and the same day give the same people."""

    def __init__(self, rng: random.Random, places: list[Place], today: date) -> None:
        self.rng, self.today = rng, today
        self.places = places
        self.serial = 0

    def person(self) -> Row:
        rng = self.rng
        self.serial += 1
        born = edge_day(rng, date(1940, 1, 1), date(2006, 12, 31))
        opened = self._opened()
        diagnosed = opened - timedelta(days=rng.choice((0, 0, 3, 40, 400)))
        place = rng.choice(self.places)
        row = {
            "姓名": rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2)))),
            "身份证号": id_number(born, self.serial % 1000),
            "现住地区划代码": rng.choice([place.township, *place.villages] if rng.random() < 0.2 else place.villages),
            "户籍地区划代码": rng.choice((place.township, place.villages[0], "")),
            "现住详址": f"{self.serial}组{rng.randrange(1, 300)}号",
            "户籍详址": "",
            "联系电话": f"1990000{rng.randrange(10_000):04d}" if rng.random() < 0.9 else "",
            "民族": rng.choice(ETHNICITIES),
            "户别": rng.choice(("1", "2")),
            "监护人姓名": "",
            "与患者关系": "",
            "监护人电话": "",
            "初次发病日期": (diagnosed - timedelta(days=rng.randrange(1, 900))).isoformat(),
            "确诊日期": diagnosed.isoformat(),
            "确诊医院": "县精神卫生中心",
            "诊断": rng.choices(DIAGNOSES, (55, 6, 4, 12, 6, 10, 3, 2, 2))[0],
            "知情同意": rng.choice(("1", "1", "1", "0")),
            "知情同意日期": opened.isoformat(),
            "建档日期": opened.isoformat(),
            "经济状况": rng.choice(("1", "2", "2")),
            "既往危险性": rng.choice(("0", "1", "2", "")),
            "既往住院次数": str(rng.randrange(4)),
            "死亡日期": "",
            "死亡原因": "",
            "迁出日期": "",
            "排除日期": "",
            "无证件原因": "",
        }
        if rng.random() < 0.6:
            row |= {
                "监护人姓名": rng.choice(SURNAMES) + rng.choice(GIVEN),
                "与患者关系": rng.choice(RELATIONS),
                "监护人电话": f"1990000{rng.randrange(10_000):04d}",
            }
        if rng.random() < 0.12:
            self._end(row, opened)
        if self.serial % 400 == 37:
            row |= {"身份证号": "", "无证件原因": "流浪乞讨人员，身份待核实"}
        return row

    def _opened(self) -> date:
        """Old files, files of the last two years, and a few opened this month, after some of the cut-off dates."""
        rng, today = self.rng, self.today
        kind = rng.randrange(10)
        if kind < 5:
            return edge_day(rng, date(today.year - 6, 1, 1), date(today.year - 2, 12, 31))
        if kind < 9:
            return edge_day(rng, date(today.year - 1, 1, 1), today - timedelta(days=60))
        return edge_day(rng, today - timedelta(days=59), today)

    def _end(self, row: Row, opened: date) -> None:
        rng = self.rng
        earliest = max(opened + timedelta(days=1), date(self.today.year - 1, 6, 1))
        if earliest > self.today:
            return
        ended = edge_day(rng, earliest, self.today)
        kind = rng.choice(("死亡日期", "死亡日期", "迁出日期", "排除日期"))
        row[kind] = ended.isoformat()
        later = ended + timedelta(days=20)
        if kind == "迁出日期" and later <= self.today and rng.random() < 0.3:
            row["死亡日期"] = later.isoformat()  # died after moving away
        if row["死亡日期"]:
            row["死亡原因"] = rng.choice("123456")
