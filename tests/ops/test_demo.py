"""bin/demo as a newcomer meets it: a first page, one demo a folder, nothing lost and nothing left after a kill."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from ops.postgres import Postgres
from ops.processes import is_alive, wait_until

PROJECT = Path(__file__).resolve().parents[2]
NOT_THEIRS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "FIELD_KEYS",
              "INDEX_KEY", "PUBLIC_URL", "SWEEP_SECONDS", "LEASE_SECONDS", "STATIC_ROOT")  # fmt: skip
START_SECONDS = 600


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    def __init__(self, home):
        self.home, self.port, self.started = home, free_port(), []
        kept = {name: value for name, value in os.environ.items() if name not in NOT_THEIRS}
        self.surroundings = kept | {"DEMO_HOME": str(home)}

    def start(self):
        command = [sys.executable, "-m", "ops.demo", "--port", str(self.port), "--patients", "3", "--years", "1"]
        with (self.home / "words").open("w") as log:
            started = subprocess.Popen(command, cwd=PROJECT, env=self.surroundings, stdout=log, stderr=log)
        self.started.append(started)
        return started

    def start_another(self):
        command = [sys.executable, "-m", "ops.demo"]
        return subprocess.run(command, cwd=PROJECT, env=self.surroundings, capture_output=True, text=True, check=False)

    def end(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()

    def said(self):
        return (self.home / "words").read_text()

    def first_page(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=60) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def is_ready(self, process):
        wait_until(lambda: "Ctrl-C stops the demo." in self.said() or process.poll() is not None, START_SECONDS)
        return "登录" in self.first_page()

    def leftovers(self):
        """Programs whose surroundings or command line name our folder."""
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words, named = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
                if str(self.home).encode() in words + named:
                    found.add(words.split(b"\0")[0].split()[0].decode().rpartition("/")[2].rstrip(":"))
        return sorted(found)


@pytest.fixture
def demo():
    home = Path(tempfile.mkdtemp(prefix="demo-", dir=os.environ["SMD_TEST_HOME"]))
    home.chmod(0o711)
    own = Demo(home)
    yield own
    own.end()
    server = Postgres(home)
    server.stop()
    for folder in (server.place, server.socket, home):
        shutil.rmtree(folder, ignore_errors=True)


def test_demo_starts_is_alone_survives_a_kill_and_leaves_nothing(demo):
    first = demo.start()
    assert demo.is_ready(first), demo.said()
    accounts = json.loads((demo.home / "accounts.json").read_text())
    assert {"township_worker", "township_police"} <= {account["role"] for account in accounts}

    second = demo.start_another()
    assert (second.returncode, second.stderr.strip().rpartition(" ")[2]) == (1, f"http://127.0.0.1:{demo.port}")

    kept = Postgres(demo.home).pid()
    first.send_signal(signal.SIGKILL)
    first.wait()
    wait_until(lambda: demo.leftovers() == ["postgres"], 60)
    assert demo.leftovers() == ["postgres"]

    again = demo.start()
    assert demo.is_ready(again), demo.said()
    assert Postgres(demo.home).pid() == kept
    assert json.loads((demo.home / "accounts.json").read_text()) == accounts
    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    assert demo.leftovers() == []
    assert not is_alive(kept, named=str(demo.home))
    assert demo.first_page() == ""
