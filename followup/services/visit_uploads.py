"""The visits file in the browser: looked through, handed back with its marks, confirmed. The register's ways."""

from accounts.models import User
from followup.services.visit_import import import_visits
from registry.models import ImportFile
from registry.rules.table import Table
from registry.services.importing import ImportResult
from registry.services.uploads import again, confirm_import, look_through

KIND = "visits"


def _visits(table: Table, by: User, name: str, dry_run: bool, accept: bool) -> ImportResult:
    return import_visits(table=table, by=by, dry_run=dry_run, accept=accept)


def look_through_visits(*, content: bytes, name: str, by: User) -> tuple[ImportFile, ImportResult]:
    """Dry run. Raises: Denied, Refused."""
    return look_through(content=content, name=name, by=by, kind=KIND, run=_visits)


def visits_again(*, row: ImportFile, by: User) -> tuple[Table, ImportResult]:
    """For the annotated copy. Raises: Denied, NotHere, Refused."""
    return again(row=row, by=by, run=_visits)


def confirm_visits(*, row: ImportFile, seen: str, accept: bool, by: User) -> ImportResult:
    """Write the file that was looked through. `accept`: what differs corrects the record. Raises: Denied, Refused."""
    return confirm_import(row=row, seen=seen, accept=accept, by=by, kind=KIND, run=_visits)
