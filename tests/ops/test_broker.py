"""The embedded broker: reachable by its socket only, gone with its parent, never two on one file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from ops.broker import Broker
from ops.processes import is_alive, wait_until

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from pathlib import Path
from ops.broker import Broker
broker = Broker(Path(sys.argv[1]))
broker.start()
print(broker.child.pid, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "broker"


def test_broker_answers_on_its_socket_and_leaves_nothing(home):
    broker = Broker(home)
    broker.start()
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        assert client.ping() is True
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    broker.stop()
    assert not broker.socket.exists()
    assert not broker.runs()


def test_broker_dies_with_a_killed_parent_and_the_next_one_starts(home):
    command = [sys.executable, "-c", SCRIPT, str(home)]
    parent = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    successor = Broker(home)
    successor.start()
    assert successor.runs()
    assert wait_until(lambda: not is_alive(pid, named="valkey") or pid == successor.child.pid, 10)
    successor.stop()
