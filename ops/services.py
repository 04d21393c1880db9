"""The demo's programs: started together, started again when one falls over, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ops.processes import dies_with_parent, say

FALLS_ALLOWED = 5
FALLS_WITHIN_SECONDS = 60
STOP_SECONDS = 10


@dataclass
class Program:
    """One child with a log file of its own."""

    name: str
    command: list[str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS_ALLOWED))

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"},
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )  # fmt: skip

    def runs(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def falls_too_often(self) -> bool:
        now = time.monotonic()
        self.falls.append(now)
        return len(self.falls) == FALLS_ALLOWED and now - self.falls[0] < FALLS_WITHIN_SECONDS

    def ask_to_stop(self) -> None:
        if self.child and self.runs():
            self.child.terminate()

    def stop(self) -> None:
        self.ask_to_stop()
        if self.child:
            try:
                self.child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""


def programs(home: Path, port: int) -> list[Program]:
    """The web server, the worker and the clock, as a deployment runs them."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "config"]
    log = home / "log"
    web = [
        *python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
        "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "warning", "--pidfile=", "--schedule", str(home / "beat")]
    return [
        Program("web", web, log / "web.log"),
        Program("worker", worker, log / "worker.log"),
        Program("beat", beat, log / "beat.log"),
    ]


def keep_running(children: list[Program], heal: Callable[[], None], is_over: Callable[[], bool]) -> None:
    """Until `is_over`: start again what fell, `heal` the servers below. Raises: SystemExit when one keeps falling."""
    while not is_over():
        heal()
        for program in children:
            if not program.runs():
                if program.falls_too_often():
                    raise SystemExit(f"The {program.name} keeps stopping:\n{program.last_words()}")
                say(f"the {program.name} stopped and is started again (see {program.log})")
                program.start()
        time.sleep(0.3)


def stop_all(children: list[Program]) -> None:
    for program in children:
        program.ask_to_stop()
    for program in children:
        program.stop()
