"""A table of the overview as a workbook: what the page shows, no more."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from reports.services.plan_workbook import NARROW, WIDE, fill_sheet, finish_sheet


def sheet_of(
    title: str, cut: str, heads: Sequence[str], lines: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    fill_sheet(sheet, title, cut, heads, lines)
    finish_sheet(sheet, [WIDE, *[NARROW] * (len(heads) - 1)], [note for note in notes if note])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
