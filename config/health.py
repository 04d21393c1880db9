"""/healthz: the process answers. /readyz: database, migrations, and the logs' partitions two months ahead. No data.

Answered before every other middleware: a container runtime asks over plain http, by a name of its own.
"""

from collections.abc import Callable
from datetime import date

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]
MONTHS_AHEAD = 2
NIGHTS_MISSED = 1


def probes(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            found = readiness()
            ready = all(found.values())
            said = {"status": "ready" if ready else "not ready", **found, "warnings": warnings() if ready else []}
            return JsonResponse(said, status=200 if ready else 503)
        return get_response(request)

    return handle


def readiness() -> dict[str, bool]:
    """Each thing that must hold before a request is worth sending here."""
    try:
        return {
            "database": True,
            "migrations": not _waiting_migrations(),
            "partitions": not unpartitioned(timezone.localdate()),
        }
    except DatabaseError:
        return {"database": False, "migrations": False, "partitions": False}


def warnings() -> list[str]:
    """What somebody should look at though requests are served: the nightly check of who answers for whom. No data."""
    from registry.queries.duty import latest_check  # the probes stand before the models are loaded

    checked_on, breaches = latest_check()
    found = [f"duty_breaches: {breaches}"] if breaches else []
    if checked_on is not None and (timezone.localdate() - checked_on).days > NIGHTS_MISSED:
        found.append(f"duty_check_late: {checked_on}")
    return found


def _waiting_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def unpartitioned(today: date) -> list[str]:
    """Monthly tables that lack the month two ahead of `today`: a missing month fails every insert into it."""
    year, month = divmod(today.year * 12 + today.month - 1 + MONTHS_AHEAD, 12)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT parent.relname FROM pg_class parent
               WHERE parent.relkind = 'p' AND parent.relnamespace = 'public'::regnamespace
                 AND NOT EXISTS (SELECT 1 FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
                                 WHERE inhparent = parent.oid AND child.relname LIKE '%%' || %s)""",
            [f"{year}{month + 1:02d}"],
        )
        return [name for (name,) in cursor.fetchall()]
