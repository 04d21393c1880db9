"""One private PostgreSQL: its folder, its start, its end. It listens on a socket in a folder closed to others."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from ops.account import place_for, reachable, run, server_account, socket_folder
from ops.processes import dies_with_parent, is_alive, wait_until
from ops.programs import postgres_folder, version

SQL = Path(__file__).parent / "sql"
START_SECONDS = 60
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
}
THROWN_AWAY = {  # for tests: nothing has to outlive a power cut
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    "dynamic_shared_memory_type": "mmap",  # inside its folder, so that it goes with it
}


class Postgres:
    def __init__(self, home: Path, *, thrown_away: bool = False) -> None:
        self.account = server_account()
        self.programs = reachable(postgres_folder(), self.account)
        self.version = version(self.programs / "postgres")
        self.place = place_for(home.resolve(), self.account)
        self.data = self.place / f"data{self.version}"
        self.socket = socket_folder(self.place, self.account)
        self.thrown_away = thrown_away
        self.log = self.place / "postgres.log"
        self.child: subprocess.Popen[bytes] | None = None

    def url(self, database: str, user: str) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket))}"

    @contextmanager
    def cursor(self, database: str = "postgres") -> Iterator[Any]:
        """As superuser, each statement on its own."""
        connection = psycopg2.connect(host=str(self.socket), user="postgres", dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def pid(self) -> int | None:
        """The server that holds our folder, also one that an earlier start left running."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return number if is_alive(number, named=str(self.data)) else None

    def _answers(self) -> bool:
        try:
            with self.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def make(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        where = ["--locale=C.UTF-8"]
        if self.version >= 17:
            where += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        how = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        done = run([self.programs / "initdb", f"--pgdata={self.data}", *how, *where], self.account)
        if done.returncode:
            raise SystemExit(f"PostgreSQL could not make its folder {self.data}:\n{done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start it, or take over one that runs. A throw-away server is stopped by the kernel if we are killed."""
        self.make()
        if not self.pid():
            options = ALWAYS | {"unix_socket_directories": str(self.socket)} | (THROWN_AWAY if self.thrown_away else {})
            settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
            ends = dies_with_parent(signal.SIGQUIT) if self.thrown_away else None
            with self.log.open("ab") as log:
                self.child = subprocess.Popen(
                    [str(self.programs / "postgres"), "-D", str(self.data), *settings],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=ends,
                    **self.account.arguments,
                )
        if not wait_until(lambda: self._answers() or not self._starting(), START_SECONDS) or not self._answers():
            raise SystemExit(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def _starting(self) -> bool:
        return self.child.poll() is None if self.child else bool(self.pid())

    def stop(self) -> None:
        """Throw-away data need no last checkpoint; all other data get one."""
        self._end(signal.SIGQUIT if self.thrown_away else signal.SIGINT)

    def stop_cleanly(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, sign: signal.Signals) -> None:
        if pid := self.pid():
            os.kill(pid, sign)
            wait_until(lambda: not self._lives(pid), 30)

    def _lives(self, pid: int) -> bool:
        if self.child:
            return self.child.poll() is None  # also takes its exit code, else it stays a zombie
        return is_alive(pid, named=str(self.data))

    def prepare(self, database: str) -> bool:
        """Roles, the database and its default privileges. True when the database was not there before."""
        with self.cursor() as cursor:
            cursor.execute((SQL / "cluster.sql").read_text())
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            is_new = cursor.fetchone() is None
            if is_new:
                cursor.execute(f'CREATE DATABASE "{database}" OWNER owner')
        with self.cursor(database) as cursor:
            cursor.execute((SQL / "database.sql").read_text())
        return is_new

    def drop(self, database: str) -> None:
        with self.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def clone(self, template: str, database: str) -> None:
        with self.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER owner STRATEGY FILE_COPY')
