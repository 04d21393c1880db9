"""Tables of a report on a period as a workbook: a sheet a table, in the layout of the printed page."""

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

from reports.services.plan_workbook import NARROW, WIDE, fill_sheet, finish_sheet


def table_workbook(facts: Mapping[str, Any], check_code: str) -> bytes:
    """`facts`: what the report says (rules.paper_table.document_facts), kept with it. Numbers are numbers."""
    book = Workbook()
    title = "".join(facts["title"])
    tables = facts.get("tables") or [section["table"] for section in facts["sections"] if section["table"]]
    for at, table in enumerate(tables):
        sheet: Any = book.active if at == 0 else book.create_sheet()
        cut = f"{title}　数据截至{facts['as_of']}（含当日）　{table['unit']}".strip()
        lines = [
            [row["name"], *row["cells"]] for row in (*table["rows"], *([table["total"]] if table["total"] else []))
        ]
        fill_sheet(sheet, f"{table['number']} {table['title']}".strip(), cut, [table["first"], *table["heads"]], lines)
        notes = [table["note"]] if table["note"] else []
        if at == len(tables) - 1:
            notes += [said for said in (facts.get("verdict", ""), *facts.get("findings", ()), *facts["notes"]) if said]
        finish_sheet(sheet, [WIDE, *[NARROW] * len(table["heads"])], notes, check_code)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
