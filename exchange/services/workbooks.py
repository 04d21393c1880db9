"""A workbook written as a stream: no row waits in memory, none ever lies in a file of its own on the disk.

The libraries for workbooks keep each sheet in a temporary file, in clear, and write the hour of the run into the
result. This one writes what a plain table needs and nothing else: text cells, a bold head row that stays in sight,
borders, a page set-up for paper. The same rows give the same bytes.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LONGEST_NAME = 31
LONGEST_CELL = 32_767
PIECE = 32_768
NARROWEST, WIDEST = 10, 28
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EFEF"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/></border><border><left style="thin"/>'
    '<right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" '
    'applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """`lines`: the head row first, then every row, as texts that are fit for a cell."""

    name: str
    lines: Iterable[Sequence[str]]
    footer: str


def entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """A file of an archive that carries the archive's own moment, whatever hour it is."""
    found = zipfile.ZipInfo(name, date_time=timezone.localtime(at).timetuple()[:6])
    found.compress_type, found.create_system, found.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
    return found


def write_workbook(out: IO[bytes], sheets: Sequence[Sheet], at: datetime) -> None:
    """Into a stream that need not be able to go back."""
    names = [_sheet_name(sheet.name) for sheet in sheets]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _frame(names, at):
            book.writestr(entry(name, at), text.encode())
        for number, sheet in enumerate(sheets, 1):
            with book.open(entry(f"xl/worksheets/sheet{number}.xml", at), "w") as raw:
                for text in in_pieces(_sheet(sheet)):
                    raw.write(text.encode())


def in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """The same text in larger pieces: a line at a time costs the archive more than its compression."""
    waiting, size = list[str](), 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


def _sheet_name(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name)[:LONGEST_NAME]


def _frame(names: Sequence[str], at: datetime) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{one}.xml" ContentType="{TYPES}.worksheet+xml"/>' for one in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PARTS}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'{sheets}<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/><Override '
        'PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    )
    yield "_rels/.rels", _relations([
        ("rId1", f"{LINKS}/officeDocument", "xl/workbook.xml"),
        ("rId2", f"{PARTS}/relationships/metadata/core-properties", "docProps/core.xml"),
    ])  # fmt: skip
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    yield (
        "docProps/core.xml",
        f'{HEAD}<cp:coreProperties xmlns:cp="{PARTS}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>',
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{one - 1}">\'{escape(name)}\'!$1:$1</definedName>'
        for one, name in zip(numbers, names, strict=True)
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{one}" r:id="rId{one}"/>'
        for one, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets>'
        f"<definedNames>{titles}</definedNames></workbook>",
    )
    yield "xl/_rels/workbook.xml.rels", _relations([
        *((f"rId{one}", f"{LINKS}/worksheet", f"worksheets/sheet{one}.xml") for one in numbers),
        (f"rId{len(names) + 1}", f"{LINKS}/styles", "styles.xml"),
    ])  # fmt: skip
    yield "xl/styles.xml", STYLES


def _relations(rows: Iterable[tuple[str, str, str]]) -> str:
    found = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in rows)
    return f'{HEAD}<Relationships xmlns="{PARTS}/relationships">{found}</Relationships>'


def _sheet(sheet: Sheet) -> Iterator[str]:
    lines = iter(sheet.lines)
    head = next(lines)
    widths = "".join(
        f'<col min="{one}" max="{one}" width="{_width(text)}" customWidth="1"/>' for one, text in enumerate(head, 1)
    )
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )
    yield _row(1, head, style=2)
    for number, line in enumerate(lines, 2):
        yield _row(number, line, style=1)
    footer = escape(sheet.footer.replace("&", "&&"))
    yield (
        '</sheetData><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;C{footer}  &amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def _width(head: str) -> int:
    return min(WIDEST, max(NARROWEST, 2 * len(head) + 2))


@cache
def _columns(number: int) -> tuple[str, ...]:
    return tuple(_column(place) for place in range(number))


def _row(number: int, line: Sequence[str], *, style: int) -> str:
    texts = line if _are_fit("".join(line)) else [_fit(text) for text in line]
    cells = [
        f'<c r="{column}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if text
        else f'<c r="{column}{number}" s="{style}"/>'
        for column, text in zip(_columns(len(line)), texts, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _are_fit(texts: str) -> bool:
    """Of a whole row at once: nearly all are."""
    return len(texts) <= LONGEST_CELL and _TO_ESCAPE.search(texts) is None


def _fit(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text[:LONGEST_CELL]))


def _column(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
