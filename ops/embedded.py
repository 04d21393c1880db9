"""The demo's own database, shared by bin/demo and bin/manage: who comes first starts it, who leaves last stops it."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.broker import Broker
from ops.postgres import Postgres
from ops.processes import locked, waiting_lock

PROJECT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("DEMO_HOME") or PROJECT / "var" / "demo")  # the tests of the demo name another
DATABASE = "smd"
NAMES = ("DATABASE_URL", "REDIS_URL")


def is_configured(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def demo_keys() -> dict[str, str]:
    """Made once, kept in var/demo, named so that a real deployment refuses them."""
    path = HOME / "keys.json"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": f"demo-{secrets.token_urlsafe(50)}",
            "FIELD_KEYS": f"demo1:{secrets.token_hex(32)}",
            "INDEX_KEY": secrets.token_hex(32),
        }
        half = path.with_suffix(".new")
        half.touch(mode=0o600)
        half.write_text(json.dumps(made))
        half.rename(path)
    read: dict[str, str] = json.loads(path.read_text())
    return read


def set_defaults(port: int = 8000) -> None:
    """The demo's settings for everything that the surroundings do not name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    places = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "STATIC_ROOT": str(HOME / "static")}
    for name, value in (demo_keys() | places).items():
        if not is_configured(name):
            os.environ[name] = value
    if not is_configured("REDIS_URL"):
        os.environ["REDIS_URL"] = broker().url()


def server() -> Postgres:
    return Postgres(HOME)


def broker() -> Broker:
    return Broker(HOME / "broker")


@contextmanager
def database() -> Iterator[Postgres]:
    """The running server with its roles and database. Stopped when no other command of ours still uses it."""
    own = server()
    with _turn():
        using = waiting_lock(HOME / "users.lock", shared=True)
        own.start()
        own.prepare(DATABASE)
    os.environ["DATABASE_URL"] = own.url(DATABASE, "app")
    os.environ["DATABASE_OWNER_URL"] = own.url(DATABASE, "owner")
    try:
        yield own
    finally:
        with _turn():
            using.close()
            if alone := locked(HOME / "users.lock"):
                own.stop()
                alone.close()


@contextmanager
def _turn() -> Iterator[None]:
    """Starting and stopping are never done by two at a time."""
    with waiting_lock(HOME / "start.lock"):
        yield
