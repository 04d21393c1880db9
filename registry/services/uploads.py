"""An import in the browser: looked at first without writing, then written when the same file is confirmed."""

import io
from collections.abc import Callable
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from registry.models import ImportFile
from registry.rules.table import Table, TableRefused
from registry.services.importing import ImportResult, read_table
from registry.services.patient_import import import_patients

MOST_ROWS = 5_000
KIND = "patients"
# table, importer, file name, without writing, also what differs: what becomes of the rows
Runner = Callable[[Table, User, str, bool, bool], ImportResult]


def _patients(table: Table, by: User, name: str, dry_run: bool, accept: bool) -> ImportResult:
    return import_patients(table=table, by=by, dry_run=dry_run, accept=accept, source=name)


def _table(content: bytes, name: str) -> Table:
    try:
        table = read_table(io.BytesIO(content), name=name)
    except TableRefused as refusal:
        raise Refused(str(refusal), field="file") from None
    if len(table.rows) > MOST_ROWS:
        raise Refused(f"网页一次最多导入 {MOST_ROWS} 行。请分成几个文件，或请管理员用命令导入。", field="file")
    return table


def _run(run: Runner, table: Table, by: User, name: str, *, dry_run: bool, accept: bool = False) -> ImportResult:
    try:
        return run(table, by, name, dry_run, accept)
    except TableRefused as refusal:
        raise Refused(str(refusal), field="file") from None


def look_through(
    *, content: bytes, name: str, by: User, kind: str = KIND, run: Runner = _patients
) -> tuple[ImportFile, ImportResult]:
    """Dry run of an uploaded file; the file is kept sealed for its uploader. Raises: Denied, Refused.

    `kind` and `run`: which file it is and who reads it; floors above bring their own.
    """
    authorise(by, Permission.IMPORT_REGISTER)
    result = _run(run, _table(content, name), by, name, dry_run=True)
    with transaction.atomic():
        ImportFile.objects.filter(user=by, done_at=None).delete()  # one at a time: the earlier one was not confirmed
        row = ImportFile.objects.create(
            user=by, kind=kind, name=name[:100], sha256=sha256(content).hexdigest(), content=content
        )
        audit.record("registry.import.looked_through", row, by=by, facts={"sha256": row.sha256})
    return row, result


def _mine(row: ImportFile, by: User) -> bytes:
    authorise(by, Permission.IMPORT_REGISTER)
    if row.user_id != by.pk or row.content is None:
        raise NotHere
    return bytes(row.content)


def again(*, row: ImportFile, by: User, run: Runner = _patients) -> tuple[Table, ImportResult]:
    """The table and what would become of it now: for the annotated copy. Raises: Denied, NotHere, Refused."""
    table = _table(_mine(row, by), row.name)
    return table, _run(run, table, by, row.name, dry_run=True)


@transaction.atomic
def confirm_import(
    *, row: ImportFile, seen: str, accept: bool, by: User, kind: str = KIND, run: Runner = _patients
) -> ImportResult:
    """Write what was looked through. `seen` is the fingerprint on the page: another file is refused.

    Source: design features A, "commit needs the same file hash". Raises: Denied, NotHere, Refused.
    """
    row = ImportFile.objects.select_for_update().filter(pk=row.pk).first() or row
    content = _mine(row, by)
    if row.kind != kind:
        raise NotHere
    if seen != row.sha256 or sha256(content).hexdigest() != seen:
        raise Refused("确认的不是刚才检查的那个文件。请重新上传。")
    result = _run(run, _table(content, row.name), by, row.name, dry_run=False, accept=accept)
    row.content, row.done_at = None, timezone.now()
    row.counts = {name: getattr(result.counts, name) for name in ("created", "updated", "unchanged", "refused")}
    row.save(update_fields=["content", "done_at", "counts"])
    audit.record("registry.import.confirmed", row, by=by, facts={"sha256": seen, **row.counts})
    return result
