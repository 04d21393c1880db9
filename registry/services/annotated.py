"""The file that came in, handed back: a first column says what became of each row, bad cells are red and say why."""

import io
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from registry.rules.columns import Cell
from registry.rules.table import Row, RowRefusal, Table, shown
from registry.services.importing import ImportResult, as_text

RESULT = "结果"
RED = PatternFill("solid", start_color="FFFFC7CE")
NEEDED = PatternFill("solid", start_color="FFDDEFEE")
BOLD, WRAP = Font(bold=True), Alignment(wrap_text=True, vertical="top")
AUTHOR = "系统"


def annotated(table: Table, result: ImportResult) -> bytes:
    """An .xlsx of the same columns behind 结果; corrected, it can be imported as it is (结果 is read past).

    Source: design features A, "Bulk import with row + column errors". Every value is text: no formula, no lost digit.
    """
    told: dict[int, list[RowRefusal]] = defaultdict(list)
    for refusal in result.refusals:
        told[refusal.row].append(refusal)
    headers = [name for name in table.headers if name != RESULT]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("导入结果")
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 48
    sheet.append([_head(sheet, name) for name in (RESULT, *headers)])
    for row in table.rows:
        sheet.append(_line(sheet, row, headers, told.get(row.number, [])))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank(columns: Sequence[str], needed: Collection[str]) -> bytes:
    """An empty .xlsx to fill in and import: the columns by name, text throughout, those a row cannot lack in colour."""
    book = Workbook()
    sheet = book.create_sheet("导入", 0)
    del book["Sheet"]
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, 1):
        head = sheet.cell(1, number, name)
        head.font = BOLD
        if name in needed:
            head.fill = NEEDED
            head.comment = Comment("必填", AUTHOR)
        column = sheet.column_dimensions[get_column_letter(number)]
        column.number_format = "@"  # a number of 18 digits stays as typed
        column.width = max(12, 2 * len(name) + 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, as_text(name))
    cell.font = BOLD
    return cell


def _line(sheet: Any, row: Row, headers: list[str], told: list[RowRefusal]) -> list[Any]:
    bad = {one.column: one.reason for one in told if one.column}
    cells = [_text(sheet, verdict(told))]
    cells[0].alignment = WRAP
    for name in headers:
        cell = _text(sheet, _said(row.cells.get(name)))
        if name in bad:
            cell.fill = RED
            cell.comment = Comment(as_text(bad[name]), AUTHOR, height=80, width=260)
        cells.append(cell)
    return cells


def _said(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else shown(value)


def _text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, as_text(value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def verdict(told: list[RowRefusal]) -> str:
    """One plain sentence for the row, every bad cell by name."""
    if not told:
        return "已导入"
    words = "；".join(f"{one.column}：{one.reason}" if one.column else one.reason for one in told)
    return f"已导入，请核对。{words}" if all(one.remark for one in told) else f"未导入。{words}"
