"""年度统计表 held against the slow calculator: every cell that it knows, and the pencil checks come out."""

from collections.abc import Iterable
from datetime import date

from accounts.models import Division
from accounts.scope import system_scope
from registry.terms import SIX_KINDS, DiagnosisCode
from reports.queries.annual import annual_tables
from reports.rules.paper_table import Line, PaperTable, cross_foot
from reports.rules.spans import year_span
from tests.oracle.calculator import SHARES, indicators, registered_in
from tests.oracle.facts import Person, Register

WAYS_OUT = ("dead", "excluded", "left")


def check_return(register: Register, townships: list[str], county: Division, year: int, today: date) -> None:
    with system_scope():
        tables = annual_tables(county, year_span(year), today)
    assert [said for table in tables for said in cross_foot(table)] == []
    moves, kinds, levels, care, _rates = tables
    day, before = min(date(year, 12, 31), today), date(year - 1, 12, 31)
    assert {line.area: _known(line) for line in moves.lines} == {
        code: _moves(register, townships, code, before, day) for code in townships
    }
    _check_kinds(kinds, registered_in(register, townships, day), day)
    for table in (levels, care):
        for line in table.lines:
            _check(line, table, indicators(register, [line.area], day))
        _check(table.total, table, indicators(register, townships, day))


def _known(line: Line) -> dict[str, object]:
    """The calculator knows that somebody's file ended, not of what."""
    out = sum(line.cells[way] for way in WAYS_OUT)  # type: ignore[misc]
    return {"out": out, **{key: line.cells[key] for key in ("was", "now", "new", "came", "inside", "to_inside")}}


def _moves(register: Register, townships: Iterable[str], code: str, before: date, day: date) -> dict[str, object]:
    past, present = ({p.key: p for p in registered_in(register, townships, on)} for on in (before, day))
    here = {p.key for p in present.values() if p.township(day) == code}
    was_here = {p.key for p in past.values() if p.township(before) == code}
    fresh = [present[key] for key in here if key not in past]
    return {
        "was": len(was_here),
        "now": len(here),
        "new": sum(p.opened_on > before for p in fresh),
        "came": sum(p.opened_on <= before for p in fresh),
        "inside": sum(key in past and key not in was_here for key in here),
        "to_inside": sum(key in present and key not in here for key in was_here),
        "out": sum(key not in present for key in was_here),
    }


def _check_kinds(table: PaperTable, people: list[Person], day: date) -> None:
    names = {code: DiagnosisCode(code).label if code in SIX_KINDS else "其他" for code in DiagnosisCode.values}
    for line in table.lines:
        of_kind = [p for p in people if names[p.diagnosis(day)] == line.name]
        wanted = {code: sum(SHARES[code][1](p, day) for p in of_kind) for code in line.cells if code in SHARES}
        assert line.cells == {"registered": len(of_kind), **wanted}, line.name


def _check(line: Line | None, table: PaperTable, wanted: dict[str, object]) -> None:
    assert line is not None
    for column in table.columns:
        if column.code in wanted:
            said = wanted[column.code]
            number = said["numerator"] if isinstance(said, dict) else said
            assert line.cells[column.key] == number, (table.number, line.name, column.head)
