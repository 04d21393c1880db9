"""Import rows, as the contract describes them, become facts. Says how many rows must be refused."""

from collections.abc import Iterable, Mapping
from datetime import date

from .facts import OFF, Person, Record, Register

Row = Mapping[str, str]
WORKED_WELL = {"1", "2"}  # 良好, 一般
SOCIAL = ("个人生活料理", "家务劳动", "生产劳动及工作", "学习能力", "社会人际交往")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def number(text: str) -> int | None:
    return int(text) if text else None


def read_people(register: Register, rows: Iterable[Row]) -> None:
    for place, row in enumerate(rows):
        key = row.get("身份证号") or f"无证件{place}"
        opened = day(row["建档日期"])
        assert opened is not None
        born = date(int(key[6:10]), int(key[10:12]), int(key[12:14])) if len(key) == 18 else None
        ends = [day(row.get(name, "")) for name in ("死亡日期", "迁出日期", "排除日期")]
        register.people[key] = Person(
            key=key,
            born_on=born,
            opened_on=opened,
            townships=[(opened, row["现住地区划代码"][:9])],
            diagnoses=[(opened, row["诊断"])],
            endings=[(end, OFF) for end in ends if end],
        )


def read_population(register: Register, rows: Iterable[Row]) -> None:
    for row in rows:
        register.population[row["区划代码"], int(row["年份"])] = int(row["常住人口"])


def read_visits(register: Register, rows: Iterable[Row], today: date) -> int:
    """Add the visits of one file. Returns how many rows have to be refused.

    A person's rows may come in any order: they count as entered in the order of their dates, those of one day in the
    order of the file.
    """
    good: list[tuple[Person, date, Row]] = []
    refused, met = 0, set()
    for row in rows:
        person = register.people.get(row["身份证号"])
        on = day(row["随访日期"])
        key = (row["身份证号"], row["随访日期"], row["随访形式"])
        if person is None or on is None or key in met or not may_be_visited(person, on, today):
            refused += 1
            continue
        met.add(key)
        good.append((person, on, row))
    for person, _on, row in sorted(good, key=lambda one: one[1]):
        person.records.append(record_of(row, register.next_entry()))
    return refused


def may_be_visited(person: Person, on: date, today: date) -> bool:
    """Not in the future, not before birth, not on or after death, move or exclusion."""
    end = person.closed_on()
    return on <= today and (person.born_on is None or on >= person.born_on) and (end is None or on < end)


def record_of(row: Row, entered: int) -> Record:
    visited = day(row["随访日期"])
    assert visited is not None
    level = number(row["危险性"])
    hospital = row["住院情况"] == "1"
    return Record(
        visited_on=visited,
        form=row["随访形式"],
        seen=frozenset(row["随访对象"].split(";")),
        level=level,
        adherence=number(row["用药依从性"]),
        in_hospital=hospital,
        stability=number(row["随访分类"]) or (None if hospital or level is None else judged(row, level)),
        incidents=int(row["肇事"] or 0) + int(row["肇祸"] or 0),
        entered=entered,
    )


def judged(row: Row, level: int) -> int:
    """The class the rule gives where the doctor left it empty: 1 不稳定, 2 基本稳定, 3 稳定."""
    marks = (row.get("症状明显"), row.get("不良反应严重"), row.get("躯体疾病严重"))
    if level >= 3 or row["自知力"] == "3" or "1" in marks:
        return 1
    functions = [row[name] for name in SOCIAL if row[name] not in ("", "9")]
    calm = (
        level == 0
        and not row["目前症状"]
        and row["自知力"] == "1"
        and all(value in WORKED_WELL for value in functions)
        and row["药物不良反应"] != "2"
    )
    return 3 if calm else 2
