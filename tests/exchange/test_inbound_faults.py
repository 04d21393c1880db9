"""Files that come to harm on the way: rows dropped, repeated, reordered, altered, the file cut off. Whatever happens, the
file is refused in words, or every row that still stands in it ends in exactly one class and the counts add up.

Source: issue 4, Shows 1 and Bad input and faults.
"""

import csv
import io
from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from exchange.queries.inbound import kinds
from exchange.rules.inbound_matching import compare, counted
from exchange.rules.inbound_rows import read_rows
from exchange.terms import InboundKind, RowClass
from registry.rules.table import TableRefused
from registry.services.importing import read_table
from tests.exchange.test_inbound_rules import TOWNS, ours
from tests.factories import id_number

TODAY = date(2026, 11, 30)
ROUNDS = 400
HEADER = ["姓名", "身份证号", "所属乡镇", "联系电话"]
PEOPLE = [
    ours(n, f"在册{n}", id_number=id_number(serial=n), level=n % 6, ended=n % 7 == 0, said={"phone": "19900000001"})
    for n in range(1, 25)
]
Lines = list[list[str]]


def whole() -> Lines:
    known = [[one.person[0], one.id_number, "东街道", "19900000001"] for one in PEOPLE[:18]]
    strangers = [[f"外来{n}", id_number(serial=500 + n), "西镇", ""] for n in range(6)]
    return known + strangers


def drop(lines: Lines, draw: Random) -> None:
    del lines[draw.randrange(len(lines))]


def repeat(lines: Lines, draw: Random) -> None:
    lines.insert(draw.randrange(len(lines)), list(draw.choice(lines)))


def reorder(lines: Lines, draw: Random) -> None:
    draw.shuffle(lines)


def alter(lines: Lines, draw: Random) -> None:
    cell, at = draw.choice(lines), draw.randrange(4)
    text = cell[at] or "1"
    place = draw.randrange(len(text))
    cell[at] = text[:place] + draw.choice('0X男,"\n?') + text[place + 1 :]


FAULTS: list[Callable[[Lines, Random], None]] = [drop, repeat, reorder, alter]


def as_file(lines: Lines) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *lines])
    return out.getvalue().encode()


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut-off"])
def test_no_fault_loses_or_doubles_a_row(cut):
    kind, taken, said = kinds()[InboundKind.POLICE_REGISTER], 0, set[str]()
    for seed in range(ROUNDS):
        draw, lines = Random(seed), whole()
        for _ in range(draw.randint(1, 5)):
            draw.choice(FAULTS)(lines, draw)
        content = as_file(lines)
        content = content[: draw.randrange(len(content))] if cut else content
        try:
            table = read_table(io.BytesIO(content), name="a.csv")
            reading = read_rows(table, kind, towns=TOWNS, today=TODAY)
        except TableRefused as refusal:
            said.add(str(refusal))
            continue
        taken += 1
        assert reading.total == len(table.rows)
        assert {row.number for row in reading.rows}.isdisjoint({one.row for one in reading.refusals})
        assert all(one.column and one.reason.endswith("。") for one in reading.refusals)
        verdicts = compare(kind, reading.rows, PEOPLE)
        counts = counted(verdicts, reading.refused)
        assert sum(n for name, n in counts.items() if name != RowClass.ONLY_OURS) == len(table.rows)
        people = [one.person.key for one in verdicts if one.person]
        assert len(people) == len(set(people))
    assert taken > ROUNDS // 2
    assert [sentence for sentence in said if not sentence.endswith("。")] == []
    assert said or not cut
