"""Taking a list of people away: asked by one, allowed by another, fetched at most three times, every copy numbered."""

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side

from accounts import audit
from accounts.doors import where
from accounts.models import Division, User
from accounts.reach import Reach
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import patients_for
from registry.models import ExportRequest
from registry.models.patient import PatientQuerySet
from registry.queries.person import facts_of
from registry.rules.exporting import (
    DECIDE_HOURS,
    DOWNLOADS,
    EXPORTS,
    FETCH_HOURS,
    MOST_ROWS,
    columns_of,
    line,
)
from registry.services.importing import as_text
from registry.terms import ExportKind, ExportState

GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.CONSENT)
_THIN = Side(style="thin")


def _covers(reach: Reach, township: int | None, county: int) -> bool:
    return county in reach.counties or (township is not None and township in reach.townships)


def _people(by: User, kind: str, township: int | None, county: int) -> PatientQuerySet:
    """The roster holds who is on the register; the whole copy also files that have ended."""
    rows = patients_for(by, Permission.EXPORT_ROSTER).filter(duty_county=county)
    if township is not None:
        rows = rows.filter(duty_township=township)
    if kind == ExportKind.ROSTER:
        rows = rows.open()
    return rows.order_by("duty_township", "number")


@transaction.atomic
def ask_export(*, kind: str, place: Division, purpose: str, by: User) -> ExportRequest:
    """Ask for a list of a township or county. Source: security T12. Raises: Denied, Refused."""
    is_county = place.level == "county"
    township, county = (None, place.pk) if is_county else (place.pk, place.parent_id or 0)
    if not _covers(where(by, Permission.EXPORT_ROSTER), township, county):
        raise Denied
    if not purpose:
        raise Refused("请写明用途。", field="purpose")
    count = _people(by, kind, township, county).count()
    if count > MOST_ROWS:
        raise Refused(f"一次最多导出 {MOST_ROWS} 人。请按乡镇分开导出。", field="place")
    row = ExportRequest.objects.create(
        kind=kind, township_id=township, county_id=county, purpose=purpose, rows=count, asked_by=by
    )
    audit.record("registry.export.asked", row, by=by, because=purpose, facts={"kind": kind, "rows": count})
    return row


def _late(row: ExportRequest) -> bool:
    if row.decided_at is not None:
        return timezone.now() > row.decided_at + timedelta(hours=FETCH_HOURS)
    return timezone.now() > row.asked_at + timedelta(hours=DECIDE_HOURS)


def _held(row: ExportRequest) -> ExportRequest:
    found = ExportRequest.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise NotHere
    return found


@transaction.atomic
def decide_export(*, request: ExportRequest, allow: bool, answer: str, by: User) -> None:
    """Another person allows or refuses it. Raises: Denied, Refused."""
    row = _held(request)
    step = EXPORTS.step(row.state, ExportState.ALLOWED if allow else ExportState.REFUSED)
    if not _covers(where(by, Permission.ALLOW_EXPORT), row.township_id, row.county_id):
        raise Denied
    if by.pk == row.asked_by_id:
        raise Refused("导出要由另一个人同意。申请的人不能自己同意。")
    if _late(row):
        raise Refused(f"申请已超过 {DECIDE_HOURS} 小时。请重新申请。")
    step.demand(answer, field="answer", sentence="请写明不同意的理由。")
    row.state = step.after
    row.decided_by, row.decided_at, row.answer = by, timezone.now(), answer
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    audit.record(step.action, row, by=by, because=answer)


@transaction.atomic
def fetch_export(*, request: ExportRequest, by: User) -> bytes:
    """The file, made now for the asker alone within the asker's reach of now; its fingerprint is written down.

    Source: security T10, T12. Raises: Denied, Refused.
    """
    row = _held(request)
    if row.asked_by_id != by.pk or not _covers(where(by, Permission.EXPORT_ROSTER), row.township_id, row.county_id):
        raise Denied
    if row.state != ExportState.ALLOWED:
        raise Refused("这份名册现在不能下载。没有同意的请等另一个人同意，下载完的请重新申请。")
    if _late(row):
        raise Refused(f"同意已超过 {FETCH_HOURS} 小时。请重新申请。")
    people = list(_people(by, row.kind, row.township_id, row.county_id)[:MOST_ROWS])
    audit.saw((one.uuid for one in people), GROUPS, Purpose.LIST)
    facts = facts_of(people)
    lines = [
        line(row.kind, n, f"{one.number:05d}", one.temporary_number or "", facts[one.pk])
        for n, one in enumerate(people, 1)
    ]
    mark = f"{by.display_name}  {timezone.localtime():%Y-%m-%d %H:%M}  第 {row.downloads + 1} 次  {row.uuid.hex[:12]}"
    content = workbook(columns_of(row.kind), lines, mark=mark)
    print_of = sha256(content).hexdigest()
    row.downloads += 1
    row.fingerprints = [*row.fingerprints, print_of]
    row.state = ExportState.DONE if row.downloads == DOWNLOADS else ExportState.ALLOWED
    row.save(update_fields=["downloads", "fingerprints", "state"])
    audit.record(
        "registry.export.fetched", row, by=by, because=row.purpose, facts={"rows": len(lines), "sha256": print_of}
    )
    return content


def workbook(columns: tuple[str, ...], lines: list[list[str]], *, mark: str) -> bytes:
    """Borders round every cell, every cell text, the mark at the foot of each printed page."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "名册"
    border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    for at, values in enumerate((list(columns), *lines), 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(at, column)
            cell.border = border
            cell.number_format = "@"
            if value:
                cell.value = as_text(value)
                cell.data_type = "s"
            if at == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = mark
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
