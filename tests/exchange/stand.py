"""The real thing for the fault tests: a warm worker, the clock with its sweeper, a broker, a web process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.db import connections

from exchange.services.failpoints import EXIT_CODE
from ops.broker import Broker
from ops.processes import dies_with_parent

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Packer:
    """A warm process of tests.exchange.packer. It works in whichever database the test is in."""

    def __init__(self, home: Path, log: IO[bytes] | None = None, **environment: str) -> None:
        self.armed = home / "failpoint"
        whole = {**os.environ, "PYTHONWARNINGS": "ignore", "FAILPOINT": f"@{self.armed}", **environment}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.exchange.packer"], cwd=PROJECT, env=whole, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip

    def begin(self, act: str, **order: str) -> None:
        assert self.child.stdin is not None
        database = connections.databases["default"]["NAME"]
        self.child.stdin.write(json.dumps({"act": act, "database": database, **order}) + "\n")
        self.child.stdin.flush()

    def end(self) -> int:
        assert self.child.stdout is not None
        return int(json.loads(self.child.stdout.readline())["exit"])

    def do(self, act: str, **order: str) -> int:
        self.begin(act, **order)
        return self.end()

    def arm(self, point: str) -> None:
        self.armed.with_suffix(".fired").unlink(missing_ok=True)
        self.armed.write_text(point)

    def has_fired(self) -> bool:
        return self.armed.with_suffix(".fired").exists()

    def dies(self, point: str, act: str, **order: str) -> None:
        self.arm(point)
        assert self.do(act, **order) == EXIT_CODE, point
        assert self.has_fired()

    def stop(self) -> None:
        self.child.kill()
        with self.child:  # waits, and closes the pipes
            pass


class Stand:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.broker = Broker(home / "broker")
        self.log = (home / "processes.log").open("ab")
        self.children: list[subprocess.Popen[str]] = []
        self.web = Packer(home, self.log, REDIS_URL=self.broker.url())

    def start(self) -> None:
        self.broker.start()
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        quiet = ["--loglevel", "warning"]
        # six hands: Celery replaces a dead one only every five seconds
        self._child(
            [*celery, "worker", "--concurrency", "6", *quiet, "--without-gossip", "--without-mingle"], armed=True
        )
        self._child([*celery, "beat", *quiet, "--pidfile=", "--schedule", str(self.home / "beat")], armed=False)

    def _child(self, command: list[str], *, armed: bool) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "REDIS_URL": self.broker.url(),
            "SWEEP_SECONDS": "0.5",
            "LEASE_SECONDS": "0.5",
            "PYTHONWARNINGS": "ignore",
            "FAILPOINT": f"@{self.web.armed}" if armed else "",
        }
        child = subprocess.Popen(
            command, cwd=PROJECT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.log, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
        self.children.append(child)
        return child

    def stop(self) -> None:
        for child in self.children:
            os.killpg(child.pid, signal.SIGKILL)
            with child:
                pass
        self.web.stop()
        self.broker.stop()
        self.log.close()

    def save(self, patient: UUID, level: int, form: UUID | None = None) -> int:
        """Save a visit in the web process; its child's exit code tells whether it died on the way."""
        return self.web.do("save", patient=str(patient), level=str(level), form=str(form or uuid4()))


@contextmanager
def standing(home: Path) -> Iterator[Stand]:
    stand = Stand(home)
    try:
        stand.start()
        yield stand
    except BaseException:
        sys.stderr.write(Path(stand.log.name).read_text(errors="replace")[-4000:])
        raise
    finally:
        stand.stop()


def wait_for(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE_SECONDS} s for: {what}"
        time.sleep(0.05)
