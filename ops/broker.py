"""One private Valkey (or Redis): a socket, an append-only file, no port. It dies with the process that started it."""

import hashlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from ops.processes import dies_with_parent, is_alive, wait_until
from ops.programs import broker_program

START_SECONDS = 20
LONGEST_SOCKET = 100


class Broker:
    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.socket = self.home / "broker.sock"
        if len(str(self.socket)) > LONGEST_SOCKET:
            name = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"smd-{os.geteuid()}-{name}.sock"
        self.pid_file = self.home / "broker.pid"
        self.log = self.home / "broker.log"
        self.child: subprocess.Popen[bytes] | None = None

    def url(self, number: int = 0) -> str:
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._end_left_over()
        self.socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.home),
            "--appendonly": "yes",
            "--save": "",
            "--maxmemory-policy": "noeviction",
            "--pidfile": str(self.pid_file),
        }
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [str(broker_program()), *(word for pair in options.items() for word in pair)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        self.pid_file.write_text(str(self.child.pid))
        if not wait_until(lambda: self.socket.exists() or not self.runs(), START_SECONDS) or not self.runs():
            raise SystemExit(f"The broker did not start:\n{self.log.read_text(errors='replace')[-1000:]}")

    def runs(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def _end_left_over(self) -> None:
        """After a kill -9 of the parent the old one may still be writing its last lines: two must not share a file."""
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return
        if is_alive(pid, named=str(self.socket)):
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not is_alive(pid, named=str(self.socket)), 10)

    def stop(self) -> None:
        if self.child and self.runs():
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
