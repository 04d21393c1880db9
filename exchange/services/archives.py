"""The plain archive of a package: CSV and workbook per its lists, the letter; the same bytes on every re-run."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Border, Font, Side

from exchange.models import Package
from exchange.queries.packages import rows_of
from exchange.rules.items import header
from exchange.rules.periods import period
from exchange.rules.presets import Section
from registry.services.importing import as_text

_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOLD = Font(bold=True)
_CORE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def moment_of(package: Package) -> datetime:
    """The moment that stands in the files: of the release; before it, of the preparation. Source: decisions A17."""
    return timezone.localtime(package.released_at or package.prepared_at).replace(microsecond=0)


def write_archive(package: Package, out: IO[bytes]) -> str:
    """Its SHA-256. Rows are read a part at a time, in the reach of whoever calls."""
    at = moment_of(package)
    stem = f"{package.period}-{package.situation}"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for section in package.template.parts:
            with archive.open(_entry(f"{stem}-{section.kind.value}.csv", at), "w") as raw:
                _csv(package, section, raw)
        with archive.open(_entry(f"{stem}.xlsx", at), "w") as raw:
            raw.write(_workbook(package, at))
        archive.writestr(_entry("交换函.txt", at), letter(package).encode("utf-8-sig"))
    return _digest(out)


def _digest(out: IO[bytes]) -> str:
    out.seek(0)
    found = sha256()
    while block := out.read(1 << 20):
        found.update(block)
    return found.hexdigest()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
    return entry


def _lines(package: Package, section: Section) -> Iterator[list[str]]:
    """Header row, then every row; no cell can start a formula. Source: security T20."""
    yield [header(item) for item in section.items]
    for _key, cells in rows_of(package, section.kind.value):
        yield [as_text(cell) for cell in cells]


def _csv(package: Package, section: Section, raw: IO[bytes]) -> None:
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    for line in _lines(package, section):
        writer.writerow(line)
    text.detach()


def _workbook(package: Package, at: datetime) -> bytes:
    book = Workbook(write_only=True)
    for section in package.template.parts:
        sheet = book.create_sheet(section.kind.label[:31])
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = f"{package.agency.name}  {package.period}  {package.uuid.hex[:12]}"
        for number, line in enumerate(_lines(package, section)):
            sheet.append([_cell(sheet, text, head=number == 0) for text in line])
    raw = io.BytesIO()
    book.save(raw)
    return _fixed(raw, at)


def _cell(sheet: Any, text: str, *, head: bool) -> Any:
    cell = WriteOnlyCell(sheet, text or None)
    cell.border, cell.number_format = _BORDER, "@"
    if text:
        cell.data_type = "s"
    if head:
        cell.font = _BOLD
    return cell


def _fixed(raw: io.BytesIO, at: datetime) -> bytes:
    """The library writes the hour of the run into the workbook: put the package's own in its place."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _CORE.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            target.writestr(_entry(name, at), content)
    return out.getvalue()


def letter(package: Package) -> str:
    """交换函: to whom, what, how many, on what ground. Source: practice notes B4."""
    template, counts = package.template, package.counts
    lines = [
        "信息交换函",
        "",
        f"{package.agency.name}：",
        f"现将{period(package.period).label}{package.get_situation_display()}送上，请查收。",
        "",
        *(f"{part.kind.label}：{counts[part.kind.value]['rows']} 行" for part in template.parts),
        "",
        f"依据：{template.citation}",
        f"协议编号：{template.agreement}",
        f"影响评估：{template.assessment}（{template.assessed_on}）",
        f"内容校验码：{package.content_sha256}",
        "内容只用于上述依据所说的工作，不得转给其他单位。",
        "",
        f"{package.county.name}　{moment_of(package):%Y年%m月%d日}",
    ]
    return "\r\n".join(lines) + "\r\n"
