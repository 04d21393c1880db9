"""Random follow-up rows: rhythms that keep or just miss the three months, attempts, hospital stays, two on a day."""

import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from .people import Row, edge_day

SOCIAL = ("个人生活料理", "家务劳动", "生产劳动及工作", "学习能力", "社会人际交往")
COLUMN_NAMES = """
危险性 目前症状 自知力 睡眠 饮食 个人生活料理 家务劳动 生产劳动及工作 学习能力 社会人际交往
轻度滋事 肇事 肇祸 其他危害行为 自伤 自杀未遂 关锁情况 住院情况 末次出院日期 实验室检查
用药依从性 药物不良反应 治疗效果 是否转诊 转诊原因 转诊机构 随访分类 下次随访日期 失访原因 随访医生
症状明显 不良反应严重 躯体疾病严重 偏离原因 用药1
"""


def month_step(day: date, months: int, rng: random.Random) -> date:
    """So many calendar months later, often on the first or the last day: 2 January to 30 April is three apart."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, rng.choice((1, min(day.day, last), last, rng.randrange(1, last + 1))))


class VisitMaker:
    def __init__(self, rng: random.Random, today: date) -> None:
        self.rng, self.today = rng, today

    def of(self, person: Row, about: int) -> Iterator[Row]:
        """The records of one person, about so many, in the order of their dates."""
        rng = self.rng
        first, last = self._span(person)
        if first > last:
            return
        day = edge_day(rng, max(first, last - timedelta(days=95 * about + 30)), last)
        for _turn in range(about):
            if day > last:
                day = edge_day(rng, first, last)
            row = self.row(person["身份证号"], day)
            yield row
            if rng.random() < 0.06:  # a second contact on the same day, in another form
                again = self.row(person["身份证号"], day)
                again["随访形式"] = "3" if row["随访形式"] != "3" else "2"
                yield again
            day = month_step(day, rng.choices((0, 1, 2, 3, 4, 5), (1, 3, 4, 9, 2, 1))[0], rng)
            if day <= last and rng.random() < 0.05:
                day = edge_day(rng, first, last)  # entered out of order

    def _span(self, person: Row) -> tuple[date, date]:
        """From a little before the file was opened (late entries of another place) to the day before its end."""
        opened = date.fromisoformat(person["建档日期"])
        ends = [date.fromisoformat(person[n]) for n in ("死亡日期", "迁出日期", "排除日期") if person[n]]
        last = min([end - timedelta(days=1) for end in ends] + [self.today])
        early = opened - timedelta(days=self.rng.choice((0, 0, 0, 20, 120)))
        return max(early, date(self.today.year - 2, 1, 1)), last

    def row(self, key: str, day: date) -> Row:
        rng = self.rng
        row = dict.fromkeys(COLUMN_NAMES.split(), "") | {
            "身份证号": key,
            "随访日期": day.isoformat(),
            "随访形式": rng.choices("123", (3, 5, 3))[0],
            "随访对象": rng.choice(("1", "1", "1;2", "2", "2;3", "3")),
            "随访医生": "冉医生",
        }
        kind = rng.random()
        if kind < 0.06:
            return row | {"失访原因": rng.choice("12345")}
        if kind < 0.12:
            return row | self._in_hospital()
        return row | self._clinical(day)

    def _in_hospital(self) -> Row:
        """目前正在住院: level and class may be blank, whatever adherence is written."""
        rng = self.rng
        row = {"住院情况": "1", "用药依从性": rng.choice(("1", "2", "3", "4", "")), "肇事": rng.choice(("", "", "1"))}
        if rng.random() < 0.4:
            level = rng.choice((0, 1, 2, 3, 4))
            row |= {"危险性": str(level), "随访分类": "1" if level >= 3 else ""}
        return row

    def _clinical(self, day: date) -> Row:
        rng = self.rng
        level = rng.choices(range(6), (50, 22, 14, 8, 4, 2))[0]
        recent = day >= self.today - timedelta(days=7)
        row = {
            "危险性": str(level),
            "目前症状": ";".join(sorted(rng.sample("123456789", rng.choice((0, 0, 1, 2))))),
            "自知力": rng.choices("123", (6, 3, 1))[0],
            "睡眠": rng.choice("123"),
            "饮食": rng.choice("123"),
            **{name: rng.choices("123", (6, 3, 1))[0] for name in SOCIAL},
            "住院情况": rng.choices("02", (9, 1))[0],
            "用药依从性": rng.choices(("1", "2", "3", "4", ""), (60, 15, 8, 9, 8))[0],
            "药物不良反应": rng.choices("129", (8, 1, 1))[0],
            "治疗效果": rng.choice("1234"),
            "关锁情况": "1",
            "实验室检查": "1",
            "是否转诊": "1",
            "症状明显": rng.choices(("", "1", "0"), (8, 1, 1))[0],
            "用药1": rng.choice(("", "利培酮|1|0|2|", "氯氮平|25|0|50|")),
        }
        row["生产劳动及工作"] = rng.choice((row["生产劳动及工作"], "9"))
        if row["住院情况"] == "2":
            row["末次出院日期"] = (day - timedelta(days=rng.randrange(1, 40))).isoformat()
        for name, chance in (("轻度滋事", 0.04), ("肇事", 0.03), ("肇祸", 0.01)):
            row[name] = rng.choice("12") if rng.random() < chance else rng.choice(("", "0"))
        if not recent:  # a file of the past keeps the class it carries
            row["随访分类"] = "1" if level >= 3 else rng.choice(("1", "2", "2", "3", "3", ""))
            row["下次随访日期"] = rng.choice(("", month_step(day, 3, rng).isoformat()))
        return row
