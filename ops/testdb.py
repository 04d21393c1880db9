"""The servers of one test run: a migrated template made once and kept for the next run, copies of it for this one."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

from ops.broker import Broker
from ops.postgres import Postgres
from ops.processes import locked, say, waiting_lock

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATE = "template_smd"
ENOUGH_BYTES = 1 << 30
UNUSED_SECONDS = 30 * 60
YOUNG_SECONDS = 60
# What a migrated database depends on; a change in any of them makes a new template.
SOURCES = (
    "*/migrations/*", "accounts/walls.py", "accounts/tables.py", "accounts/history.py", "accounts/models/fields.py",
    "accounts/fixtures/*", "ops/sql/*", "ops/postgres.py", "requirements.lock",
)  # fmt: skip
KINDS = {".py", ".sql", ".csv", ".lock"}  # not .pyc


def room() -> Path:
    """Memory when it has a gigabyte free (a clone takes 60 ms there, up to 2 s on a disk), else the disk."""
    memory = Path("/dev/shm")  # noqa: S108
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH_BYTES:
        base = memory
    else:
        base = Path(tempfile.gettempdir())
    folder = base / f"smd-test-{os.geteuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    return folder


def fingerprint() -> str:
    digest = hashlib.sha256(str(PROJECT).encode())
    for path in sorted(path for pattern in SOURCES for path in PROJECT.glob(pattern) if path.suffix in KINDS):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _remove(folder: Path) -> None:
    """The folder of a run or template that nobody holds: stop what still runs there, then delete it."""
    server = Postgres(folder, thrown_away=True)
    server.stop()
    if server.socket != server.place:
        shutil.rmtree(server.socket, ignore_errors=True)
    shutil.rmtree(server.place, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def sweep(base: Path) -> None:
    """What killed runs left behind, and templates that no run has asked for in hours."""
    for folder in base.iterdir():
        lock = locked(folder / "lock") if folder.is_dir() else None
        if lock is None:
            continue
        with lock:
            age = time.time() - folder.stat().st_mtime  # a run just begun may not hold its lock yet
            if age > (YOUNG_SECONDS if folder.name.startswith("run-") else UNUSED_SECONDS):
                _remove(folder)


def _migrate(server: Postgres) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": server.url(TEMPLATE, "owner"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PYTHONWARNINGS": "ignore",
    }
    for name in ("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE"):
        environment.pop(name, None)
    command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, check=True, env=environment, cwd=PROJECT)


def template(base: Path) -> Path:
    """A stopped cluster holding the migrated template: the one kept from an earlier run, or a new one."""
    folder = base / f"template-{fingerprint()}"
    with waiting_lock(folder / "lock"):  # a second run waits for the first one's template
        server = Postgres(folder, thrown_away=True)
        if not (folder / "ready").exists():
            say("building the test database …")
            shutil.rmtree(server.data, ignore_errors=True)
            server.start()
            try:
                server.prepare(TEMPLATE)
                _migrate(server)
            finally:
                with server.cursor() as cursor:
                    cursor.execute("CHECKPOINT")
                server.stop_cleanly()
            (folder / "ready").touch()
        os.utime(folder)
        return folder


class Run:
    """PostgreSQL and Valkey of this run alone, in a folder of its own."""

    def __init__(self) -> None:
        self.base = room()
        self.home = Path(tempfile.mkdtemp(prefix="run-", dir=self.base))
        self.home.chmod(0o711)
        self.lock: TextIO | None = locked(self.home / "lock")
        self.postgres = Postgres(self.home, thrown_away=True)
        self.broker = Broker(self.home / "broker")

    def start(self) -> None:
        sweep(self.base)
        try:
            kept = Postgres(template(self.base), thrown_away=True)
        except subprocess.CalledProcessError:
            say("The migrations do not run (see above): tests that need the database will fail.")
        else:
            subprocess.run(["cp", "-a", str(kept.data), str(self.postgres.data)], check=True)
        self.postgres.start()
        self.broker.start()

    def stop(self) -> None:
        if self.lock:
            self.broker.stop()
            _remove(self.home)
            self.lock.close()
            self.lock = None
