"""Bringing the demo's database up to date: tables, divisions, plan pack. Done again only when one of them changed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2

from ops.embedded import HOME, PROJECT
from ops.processes import step

STATE = HOME / "done.json"
PLAN = "youyang-2023"
SOURCES = (
    "*/migrations/*",
    "accounts/fixtures/*",
    "accounts/walls.py",
    "accounts/tables.py",
    "reports/packs/*",
    "ops/sql/*",
)
STATIC = ("static/**/*",)


def manage(*arguments: str, quiet: bool = True) -> None:
    """A command of manage.py. When `quiet`, its own words are shown only if it fails. Raises: SystemExit."""
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=quiet, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{arguments[0]} failed.\n{(done.stdout or '')[-2000:]}{(done.stderr or '')[-4000:]}")


def fingerprint(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(
        path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file() and path.suffix != ".pyc"
    ):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _owner(query: str) -> object:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def has_tables() -> bool:
    return bool(_owner("SELECT to_regclass('public.django_migrations') IS NOT NULL"))


def is_empty() -> bool:
    """Nobody registered and nobody who could log in."""
    return not _owner("SELECT EXISTS (SELECT 1 FROM registry_patient) OR EXISTS (SELECT 1 FROM accounts_user)")


def _done() -> dict[str, str]:
    try:
        read: dict[str, str] = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}
    return read


def _note(name: str, mark: str) -> None:
    STATE.write_text(json.dumps(_done() | {name: mark}))


def forget() -> None:
    """After the database was made anew: nothing is done, and no account of the old one opens the new one."""
    STATE.unlink(missing_ok=True)
    accounts_file().unlink(missing_ok=True)


def bring_up_to_date() -> None:
    mark = f"{os.environ['DATABASE_OWNER_URL']} {fingerprint(SOURCES)}"
    if _done().get("tables") == mark and has_tables():
        return
    with step("creating or updating the tables"):
        manage("migrate", "-v0", "--skip-checks")
    with step("loading divisions and the plan pack"):
        manage("load_divisions")
        manage("load_plan", PLAN)
    _note("tables", mark)


def collect_static() -> None:
    mark = fingerprint(STATIC)
    if _done().get("static") == mark and Path(os.environ["STATIC_ROOT"], "staticfiles.json").exists():
        return
    with step("collecting the static files"):
        manage("collectstatic", "--noinput", "--clear", "-v0", "--skip-checks")
    _note("static", mark)


def accounts_file() -> Path:
    return HOME / "accounts.json"
