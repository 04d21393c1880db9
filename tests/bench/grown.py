"""A province beside the county: the bench database once more, its patients copied into 60 other counties.

Copies carry places that no division has: nobody reaches them, but every index and every policy has to pass them by.
"""

from django.db import connections

from ops.postgres import Postgres
from ops.processes import say
from tests.bench.database import DATABASE, HOME

GROWN, TIMES = "bench_grown", 60
AWAY = 1_000_000  # added to the keys of places, so that a copy lies in no known township


def grow() -> str:
    """The address of the grown database for `app`; made when it is missing or the county is newer."""
    server = Postgres(HOME)
    made = HOME / "grown.made"
    county = HOME / "made.json"
    if not made.exists() or made.stat().st_mtime < county.stat().st_mtime:
        say(f"copying the county {TIMES} times, once")
        connections.close_all()  # a template must have no guests
        server.drop(GROWN)
        server.clone(DATABASE, GROWN)
        with server.cursor(GROWN) as cursor:
            cursor.execute("SET session_replication_role = replica")
            _copy(cursor)
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE registry_patient")
        made.touch()
    return server.url(GROWN, "app")


def _copy(cursor: object) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = 'registry_patient'::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname NOT IN ('id', 'uuid', 'duty_township', 'duty_county', 'at_township', 'id_index', 'phone_index')"
    )
    (columns,) = cursor.fetchone()  # type: ignore[attr-defined]
    for turn in range(1, TIMES + 1):
        away = turn * AWAY
        cursor.execute(  # type: ignore[attr-defined]
            f"INSERT INTO registry_patient (id, uuid, duty_township, duty_county, at_township, id_index, phone_index,"
            f" {columns}) SELECT id + {away}, gen_random_uuid(), duty_township + {away}, duty_county + {away},"
            f" at_township + {away}, sha256((id + {away})::text::bytea), sha256((id + {away})::text::bytea), {columns}"
            f" FROM registry_patient WHERE duty_county < {AWAY}"
        )
