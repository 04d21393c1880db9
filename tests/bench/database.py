"""The benchmarks' own database under var/bench: made once, used until migrations or size change."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ops import testdb
from ops.broker import Broker
from ops.embedded import PROJECT
from ops.postgres import Postgres
from ops.processes import say

HOME = PROJECT / "var" / "bench"
DATABASE = "bench"
AREA, PATIENTS, YEARS, SEED = "500242", 8_000, 5, 1


def _wanted() -> dict[str, object]:
    return {"schema": testdb.fingerprint(), "area": AREA, "patients": PATIENTS, "years": YEARS, "seed": SEED}


def _manage(*words: str, url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "manage.py", *words], check=True, cwd=PROJECT, env=environment)


def _fill(server: Postgres) -> None:
    """The county is made by the product's own command, in its bulk way."""
    note = HOME / "made.json"
    wanted = _wanted()
    if note.exists() and json.loads(note.read_text()) == wanted:
        return
    say(f"making {PATIENTS:,} patients over {YEARS} years, once")
    note.unlink(missing_ok=True)
    server.drop(DATABASE)
    server.prepare(DATABASE)
    _manage("migrate", "-v0", "--skip-checks", url=server.url(DATABASE, "owner"))
    _manage("load_divisions", url=server.url(DATABASE, "app"))
    size = ("--area", AREA, "--patients", str(PATIENTS), "--years", str(YEARS), "--seed", str(SEED))
    _manage("make_county", *size, "--accounts", str(HOME / "accounts.json"), url=server.url(DATABASE, "app"))
    with server.cursor(DATABASE) as cursor:
        cursor.execute("VACUUM ANALYZE")
    note.write_text(json.dumps(wanted))


@contextmanager
def running() -> Iterator[None]:
    """Durable, as in production; settings of the tests, but for the role and address of this database."""
    HOME.mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    server, broker = Postgres(HOME), Broker(HOME / "broker")
    server.start()
    broker.start()
    try:
        os.environ["REDIS_URL"] = broker.url()
        os.environ["DATABASE_URL"] = server.url(DATABASE, "app")
        os.environ["DATABASE_OWNER_URL"] = server.url(DATABASE, "owner")
        _fill(server)
        yield
    finally:
        broker.stop()
        server.stop()
