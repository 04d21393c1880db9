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
from typing import Any
from uuid import UUID, uuid4

from ops.broker import Broker
from ops.processes import dies_with_parent

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


class Stand:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.broker = Broker(home / "broker")
        self.armed = home / "failpoint"
        self.log = (home / "processes.log").open("ab")
        self.children: list[subprocess.Popen[str]] = []
        self.saver: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.broker.start()
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        quiet = ["--loglevel", "warning"]
        # six hands: Celery replaces a dead one only every five seconds
        self._child(
            [*celery, "worker", "--concurrency", "6", *quiet, "--without-gossip", "--without-mingle"], armed=True
        )
        self._child([*celery, "beat", *quiet, "--pidfile=", "--schedule", str(self.home / "beat")], armed=False)
        self.saver = self._child([sys.executable, "-m", "tests.exchange.saver"], armed=True)

    def _child(self, command: list[str], *, armed: bool) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "REDIS_URL": self.broker.url(),
            "SWEEP_SECONDS": "0.5",
            "LEASE_SECONDS": "0.5",
            "PYTHONWARNINGS": "ignore",
            "FAILPOINT": f"@{self.armed}" if armed else "",
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
            with child:  # waits, and closes the pipes
                pass
        self.broker.stop()
        self.log.close()

    # what a test asks of it

    def arm(self, point: str) -> None:
        self.armed.with_suffix(".fired").unlink(missing_ok=True)
        self.armed.write_text(point)

    def has_fired(self) -> bool:
        return self.armed.with_suffix(".fired").exists()

    def save(self, patient: UUID, level: int, form: UUID | None = None) -> dict[str, Any]:
        """Save a visit in the web process; its child's exit code tells whether it died on the way."""
        assert self.saver is not None
        assert self.saver.stdin is not None
        assert self.saver.stdout is not None
        self.saver.stdin.write(
            json.dumps({"patient": str(patient), "level": level, "form": str(form or uuid4())}) + "\n"
        )
        self.saver.stdin.flush()
        answer: dict[str, Any] = json.loads(self.saver.stdout.readline())
        return answer


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
