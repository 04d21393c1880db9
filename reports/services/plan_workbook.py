"""The two annexes of a report as a workbook, in the layout of the printed page."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

# Head, key of the annex row, width in characters.
ANNEX = (
    ("序号", "number", 6), ("分类", "category", 14), ("指标", "name", 44), ("单位", "unit", 7), ("基期", "base", 9),
    ("目标", "target", 9), ("完成值", "value", 10), ("分子／分母", "fraction", 15), ("完成率（%）", "completion", 10),
    ("是否达标", "met", 10), ("来源", "source", 7), ("责任单位", "departments", 24), ("出处", "clause", 24),
)  # fmt: skip
NARROW, WIDE = 12, 18
_NUMBER = re.compile(r"-?\d{1,15}(?:\.(\d+))?")
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="FFE7EFEF")
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
LEFT = {"指标", "乡镇（街道）", "责任单位", "出处", "地区", "诊断", "接收单位", "接收部门", "报送单位"}


def workbook_of(facts: Mapping[str, Any], check_code: str) -> bytes:
    """`facts`: what the report says (queries.report_facts), kept with it. Numbers are numbers, the rest is text."""
    book = Workbook()
    annex, towns = facts["annex"], facts["towns"]
    cut = f"数据截至{facts['as_of']}（含当日）"
    first: Any = book.active
    lines = [[_said(row.get(key, "")) for _head, key, _width in ANNEX] for row in annex["rows"]]
    years = f"{cut}　基期{facts['base_year']}年　目标{facts['target_year']}年"
    fill_sheet(first, annex["title"], years, [head for head, _key, _width in ANNEX], lines)
    for at, row in _spans(annex["rows"]):
        first.merge_cells(start_row=4 + at, end_row=3 + at + row["span"], start_column=2, end_column=2)
    finish_sheet(first, [width for _head, _key, width in ANNEX], [*annex["notes"]], check_code)

    second = book.create_sheet()
    heads = ["序号", "乡镇（街道）", *(head["text"] for head in towns["heads"])]
    lines = [[str(at), row["name"], *row["cells"]] for at, row in enumerate(towns["rows"], 1)]
    fill_sheet(second, towns["title"], f"{cut}　单位：人、%", heads, [*lines, ["", "合计", *towns["total"]]])
    finish_sheet(second, [6, WIDE, *[NARROW] * len(towns["heads"])], [towns["note"]], check_code)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _said(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _spans(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The first line of each category that has more lines than one."""
    return ((at, row) for at, row in enumerate(rows) if row.get("span", 1) > 1)


def fill_sheet(sheet: Any, title: str, cut: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    sheet.title = title[:31]
    for at, text in enumerate((title, cut), 1):
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(heads))
        cell = sheet.cell(at, 1, text)
        cell.alignment = _MIDDLE
        cell.font = Font(bold=at == 1, size=16 if at == 1 else 10)
    for at, line in enumerate((heads, *lines), 3):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(at, column)
            _write(cell, text)
            cell.border = _BOX
            cell.alignment = _LEFT if heads[column - 1] in LEFT and at > 3 else _MIDDLE
            if at == 3:
                cell.font, cell.fill = Font(bold=True), _HEAD


def _write(cell: Any, text: str) -> None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        cell.value = text
        cell.data_type = "s"  # a target of "=100" is a text and no formula
        return
    places = len(found[1] or "")
    cell.value = float(text) if places else int(text)
    cell.number_format = f"0.{'0' * places}" if places else "0"


def finish_sheet(sheet: Any, widths: Sequence[int], notes: Sequence[str], check_code: str = "") -> None:
    """What is printed with the table: its notes, the check code of a report at the foot, a head on every page."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    coded = f"核验码 {check_code}" if check_code else ""
    for note in (*notes, *([coded] if coded else [])):
        at = sheet.max_row + 1
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(widths))
        _write(sheet.cell(at, 1), note)
        sheet.cell(at, 1).alignment = _LEFT
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "1:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = f"{coded}　第 &P 页，共 &N 页".strip()
