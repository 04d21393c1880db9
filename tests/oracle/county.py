"""A seeded random county: the three import files, and the places they speak of."""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from .facts import Register
from .people import PeopleMaker, Place, Row
from .reading import read_people, read_population, read_visits
from .visits import VisitMaker

DATE_COLUMNS = {"建档日期", "确诊日期", "初次发病日期", "随访日期", "死亡日期", "迁出日期", "排除日期", "知情同意日期"}


@dataclass
class County:
    code: str
    townships: list[str]
    patients: list[Row]
    visits: list[Row]
    population: list[Row]
    today: date
    refused_visits: int = 0

    def register(self) -> Register:
        register = Register()
        read_people(register, self.patients)
        read_population(register, self.population)
        self.refused_visits = read_visits(register, self.visits, self.today)
        return register


def make_county(code: str, places: list[Place], *, seed: int, today: date, patients: int, visits: int) -> County:
    """A county with at least one township that stays empty and one whose population was never entered late enough."""
    rng = random.Random(f"{seed}/{code}/{today}")
    inhabited = places[: max(1, len(places) - max(1, len(places) // 5))]
    people = PeopleMaker(rng, inhabited, today)
    patient_rows = [people.person() for _ in range(patients)]
    visit_rows = _visits(rng, patient_rows, today, visits)
    visit_rows += _to_be_refused(rng, patient_rows, visit_rows, today)
    return County(
        code=code,
        townships=[place.township for place in places],
        patients=patient_rows,
        visits=visit_rows,
        population=_population(rng, places, today),
        today=today,
    )


def _visits(rng: random.Random, people: list[Row], today: date, wanted: int) -> list[Row]:
    maker = VisitMaker(rng, today)
    rows: list[Row] = []
    met: set[tuple[str, str, str]] = set()
    visited = [person for person in people if person["身份证号"] and rng.random() < 0.95]
    while len(rows) < wanted:
        person = rng.choice(visited) if rows else visited[0]
        for row in maker.of(person, rng.choice((1, 2, 4, 5, 8))):
            key = (row["身份证号"], row["随访日期"], row["随访形式"])
            if key not in met:
                met.add(key)
                rows.append(row)
    del rows[wanted:]
    rng.shuffle(rows)  # a person's rows may come in any order
    return rows


def _to_be_refused(rng: random.Random, people: list[Row], visits: list[Row], today: date) -> list[Row]:
    """A handful of rows that must not count: the day of a death, tomorrow, before birth, a key met twice."""
    plain = next(row for row in visits if row["危险性"] == "0" and row["住院情况"] == "0")
    ended = [p for p in people if p["身份证号"] and (p["死亡日期"] or p["迁出日期"] or p["排除日期"])]
    rows = [dict(rng.choice(visits)) for _ in range(2)]
    for person in ended[:3]:
        day = min(person[name] for name in ("死亡日期", "迁出日期", "排除日期") if person[name])
        rows.append(plain | {"身份证号": person["身份证号"], "随访日期": day, "下次随访日期": ""})
    rows.append(plain | {"随访日期": (today + timedelta(days=1)).isoformat(), "下次随访日期": ""})
    rows.append(plain | {"随访日期": "1939-12-31", "下次随访日期": ""})
    return rows


def _population(rng: random.Random, places: list[Place], today: date) -> list[Row]:
    """Most townships every year; one only two years ago, so that later years fall back on it."""
    rows = []
    for place_no, place in enumerate(places):
        years = [today.year - 2] if place_no == 0 else [today.year - 2, today.year - 1, today.year]
        rows += [
            {"区划代码": place.township, "年份": str(y), "常住人口": str(rng.randrange(4_000, 60_000))} for y in years
        ]
    return rows


def write_csv(rows: list[Row], path: Path) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(rows: list[Row], path: Path) -> Path:
    """The same rows as a workbook, dates as real Excel dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([date.fromisoformat(v) if v and k in DATE_COLUMNS else (v or None) for k, v in row.items()])
    book.save(path)
    return path
