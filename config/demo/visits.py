"""The visits of one person, drawn from the seed: rows of the visits file, oldest first; the rule gives the class."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from config.demo.chance import dice, weighted
from config.demo.facts import Person, Township
from config.demo.people import YEAR

STABLE, FAIR, UNSTABLE, WARD = "stable", "fair", "unstable", "ward"
# From one visit to the next, in thousandths, by the course of the illness.
NEXT = {
    "calm": {STABLE: {STABLE: 945, FAIR: 51, UNSTABLE: 4}, FAIR: {STABLE: 340, FAIR: 645, UNSTABLE: 15}},
    "restless": {STABLE: {STABLE: 640, FAIR: 335, UNSTABLE: 25}, FAIR: {STABLE: 160, FAIR: 800, UNSTABLE: 40}},
    "difficult": {STABLE: {STABLE: 400, FAIR: 500, UNSTABLE: 100}, FAIR: {STABLE: 70, FAIR: 790, UNSTABLE: 140}},
}
AFTER_UNSTABLE = {FAIR: 560, UNSTABLE: 260, WARD: 180}
AFTER_WARD = {WARD: 250, FAIR: 600, STABLE: 150}
FIRST = {
    "calm": {STABLE: 90, FAIR: 10},
    "restless": {STABLE: 45, FAIR: 55},
    "difficult": {STABLE: 15, FAIR: 70, UNSTABLE: 15},
}
# 药名|早|中|晚|长效周期
PILLS = {
    "01": ("利培酮片|1||2|", "奥氮平片|||10|", "氯氮平片|25||75|", "阿立哌唑片|10|||", "喹硫平片|100||200|"),
    "04": ("丙戊酸钠缓释片|500||500|", "碳酸锂片|250|250|250|", "喹硫平片|||200|"),
    "05": ("丙戊酸钠缓释片|500||500|", "卡马西平片|100|100|100|"),
    "07": ("舍曲林片|50|||", "艾司西酞普兰片|10|||"),
}
INJECTION = "棕榈酸帕利哌酮注射液|100|||4"
ADHERENCE = {
    "regular": {"1": 965, "2": 30, "3": 5},
    "spotty": {"1": 300, "2": 620, "3": 80},
    "none": {"1": 60, "2": 240, "3": 700},
}


@dataclass
class _Course:
    person: Person
    draw: Random
    doctor: str
    diligence: float
    drugs: tuple[str, ...]
    was_in_ward: bool = False


def visit_rows(
    person: Person, town: Township, *, area: str, years: int, seed: int, today: date
) -> Iterator[dict[str, str]]:
    """Rows from the file's opening (or the first day shown) to today or to the file's end."""
    draw = dice(area, seed, person.index, "visits")
    course = _Course(person, draw, town.doctor, town.diligence, _drugs(draw, person))
    last = min(today, (person.ends_on or today + timedelta(days=1)) - timedelta(days=1))
    if person.left_alone:
        last = min(last, today - timedelta(days=draw.randint(100, 260)))
    window = today - timedelta(days=int(years * YEAR))
    day = person.opened_on + timedelta(days=draw.randint(3, 14))
    if person.opened_on < window:
        day = window + timedelta(days=draw.randint(0, 88))
    state, checked = weighted(draw, FIRST[person.course]), False
    while day <= last:
        yield _row(course, state, day)
        gap = _gap(course, state, checked=checked)
        checked = state == FAIR and not checked
        course.was_in_ward = state == WARD
        state = _next(draw, person.course, state)
        day += timedelta(days=gap)


def _next(draw: Random, course: str, state: str) -> str:
    if state == UNSTABLE:
        return weighted(draw, AFTER_UNSTABLE)
    if state == WARD:
        return weighted(draw, AFTER_WARD)
    return weighted(draw, NEXT[course][state])


def _gap(course: _Course, state: str, *, checked: bool) -> int:
    """Days to the next visit: a little before it is due, or late by some weeks."""
    due = {STABLE: 90, FAIR: 30 if checked else 13, UNSTABLE: 13, WARD: 60}[state]
    if course.draw.random() >= course.diligence:
        return due + course.draw.randint(4, 70)
    early = course.draw.randint(0, due // 10) if course.draw.random() < 0.6 else course.draw.randint(0, due // 2)
    return max(5, due - early)


def _row(course: _Course, state: str, day: date) -> dict[str, str]:
    draw, person = course.draw, course.person
    form = draw.choices("123", (25, 55, 20))[0]
    row = {
        "身份证号": person.id_number,
        "随访日期": day.isoformat(),
        "随访形式": form,
        "随访对象": _met(draw, form),
        "随访医生": course.doctor,
        "关锁情况": "1",
        "实验室检查": "2" if draw.random() < 0.2 else "1",
        "是否转诊": "1",
    }
    if state == WARD:
        return {**row, "危险性": "", "住院情况": "1", "用药依从性": "1"}
    row |= {"住院情况": "2" if course.was_in_ward else "0"}
    if course.was_in_ward:
        row["末次出院日期"] = (day - timedelta(days=draw.randint(3, 13))).isoformat()
    return row | _assessment(draw, state) | _medicine(course, state)


def _met(draw: Random, form: str) -> str:
    if form == "3":
        return draw.choices(("1", "2", "1;2", "3"), (35, 50, 10, 5))[0]
    return draw.choices(("1", "1;2", "2", "3"), (40, 52, 7, 1))[0]


def _assessment(draw: Random, state: str) -> dict[str, str]:
    if state == STABLE:
        mind = {"自知力": "1", "睡眠": "1", "饮食": "1", **_social(draw, 0.0), "治疗效果": draw.choice("122")}
        return {"危险性": "0", **mind}
    if state == FAIR:
        symptoms = ";".join(sorted(draw.sample(("2", "3", "4", "10", "11"), draw.randint(0, 2)), key=int))
        mind = {"自知力": "2", "睡眠": draw.choice("12"), "饮食": draw.choice("112"), **_social(draw, 0.2)}
        return {
            "危险性": draw.choices("012", (70, 20, 10))[0],
            "目前症状": symptoms,
            **mind,
            "治疗效果": draw.choice("2223"),
        }
    symptoms = ";".join(sorted(draw.sample(("1", "3", "4", "5", "6", "7", "10"), draw.randint(1, 3)), key=int))
    mind = {"自知力": draw.choice("23"), "睡眠": draw.choice("23"), "饮食": draw.choice("122"), **_social(draw, 0.5)}
    level = draw.choices("012345", (25, 25, 15, 24, 9, 2))[0]
    harm = _harm(draw, int(level))
    return {"危险性": level, "目前症状": symptoms, **mind, "治疗效果": draw.choice("334"), "症状明显": "1", **harm}


def _harm(draw: Random, level: int) -> dict[str, str]:
    if level < 3:
        return {"轻度滋事": "1"} if level and draw.random() < 0.15 else {}
    kind = draw.choices(("轻度滋事", "肇事", "肇祸", "自伤" if level > 3 else "其他危害行为", ""), (30, 14, 2, 9, 45))[
        0
    ]
    return {kind: "1"} if kind else {}


def _social(draw: Random, poor: float) -> dict[str, str]:
    functions = ("个人生活料理", "家务劳动", "学习能力", "社会人际交往")
    found = {name: "3" if draw.random() < poor else draw.choice("112") for name in functions}
    return {**found, "生产劳动及工作": "9" if draw.random() < 0.2 else draw.choice("12")}


def _drugs(draw: Random, person: Person) -> tuple[str, ...]:
    if person.intake == "not_needed":
        return ()
    pills = PILLS.get(person.diagnosis, PILLS["01"])
    found = tuple(draw.sample(pills, 2 if draw.random() < 0.3 else 1))
    return (*found, INJECTION) if person.diagnosis == "01" and draw.random() < 0.06 else found


def _medicine(course: _Course, state: str) -> dict[str, str]:
    if not course.drugs:
        return {"用药依从性": "4", "药物不良反应": "9"}
    draw = course.draw
    adherence = weighted(draw, ADHERENCE[course.person.intake])
    effects = "2" if state != STABLE and draw.random() < 0.18 else "1"
    taken = {f"用药{place}": drug for place, drug in enumerate(course.drugs, 1)}
    return {"用药依从性": adherence, "药物不良反应": effects if adherence != "3" else "9", **taken, "用药指导": "同上"}
