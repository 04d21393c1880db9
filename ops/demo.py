"""`python -m ops.demo`: the demo county on this machine, from an empty folder to an address to open."""

import argparse
import json
import signal
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TextIO

from ops import embedded, schema
from ops.broker import Broker
from ops.postgres import Postgres
from ops.processes import locked, say, step, wait_until
from ops.services import keep_running, programs, stop_all

ANSWER_SECONDS = 60
FREE_SECONDS = 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Ctrl-C, or a polite kill."""


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Starts the demo county on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where to serve (8000)")
    parser.add_argument("--area", default="500242", help="code of the county to make when there is none yet (500242)")
    parser.add_argument("--patients", type=int, default=400, help="how many patients to make (400)")
    parser.add_argument("--years", type=int, default=2, help="how many years of visits to make (2)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another county (1)")
    return parser.parse_args(words)


def only_one(port: int) -> TextIO:
    """The lock falls with this process, however it ends. Raises: SystemExit when a demo runs in this folder."""
    lock = locked(embedded.HOME / "demo.lock")
    address = embedded.HOME / "address"
    if lock is None:
        where = address.read_text().strip() if address.exists() else "its terminal says where"
        raise SystemExit(f"The demo already runs in this folder: {where}")
    if not wait_until(lambda: is_free(port), FREE_SECONDS):  # one that was killed may still be closing
        raise SystemExit(f"Port {port} is in use by another program. Choose one: bin/demo --port {port + 1}")
    address.write_text(f"http://127.0.0.1:{port}\n")
    return lock


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def own_servers() -> Iterator[tuple[Postgres | None, Broker | None]]:
    """What no variable names is started here."""
    with ExitStack() as stack:
        broker = None
        if not embedded.is_configured("REDIS_URL"):
            broker = embedded.broker()
            broker.start()
            stack.callback(broker.stop)
        own = not embedded.is_configured("DATABASE_URL")
        if not own and not embedded.is_configured("DATABASE_OWNER_URL"):
            raise SystemExit("DATABASE_OWNER_URL: is missing (DATABASE_URL is set, and the owner makes the tables).")
        yield (stack.enter_context(embedded.database()) if own else None), broker


def fill(wanted: argparse.Namespace) -> None:
    schema.bring_up_to_date()
    if schema.is_empty():
        with step(f"making a county of {wanted.patients} patients over {wanted.years} years"):
            facts = {"area": wanted.area, "patients": wanted.patients, "years": wanted.years, "seed": wanted.seed}
            facts["accounts"] = schema.accounts_file()
            words = [word for name, value in facts.items() for word in (f"--{name}", str(value))]
            schema.manage("make_county", *words, quiet=not sys.stderr.isatty())
    schema.collect_static()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def greeting(port: int) -> str:
    lines = ["", f"The demo is ready:  http://127.0.0.1:{port}", ""]
    path = schema.accounts_file()
    if path.exists():
        lines.append("Accounts, one of each role:")
        first = {account["role"]: account for account in reversed(json.loads(path.read_text()))}
        lines += ["  {role:<28} {username:<18} {password}".format(**account) for account in reversed(first.values())]
        lines.append(f"All of them with their TOTP secrets: {path}")
        lines.append("The one-time code at login: from an authenticator, or bin/manage demo_code USERNAME")
    return "\n".join([*lines, "Ctrl-C stops the demo.", ""])


def serve(port: int, postgres: Postgres | None, broker: Broker | None) -> None:
    children = programs(embedded.HOME, port)

    def heal() -> None:
        if broker and not broker.runs():
            say("the broker stopped and is started again")
            broker.start()
        if postgres and not postgres.pid():
            say("the database stopped and is started again")
            postgres.start()

    try:
        for program in children:
            program.start()
        web = children[0]
        if not wait_until(lambda: answers(port) or not web.runs(), ANSWER_SECONDS) or not web.runs():
            raise SystemExit(f"The web server does not answer:\n{web.last_words()}")
        print(greeting(port), flush=True)
        keep_running(children, heal, is_over=lambda: False)
    finally:
        say("stopping")
        stop_all(children)


def _stop(number: int, frame: FrameType | None) -> None:
    for sign in ENDINGS:
        signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C does not break off the tidying up
    raise Stop


def main(words: list[str]) -> None:
    wanted = arguments(words)
    for sign in ENDINGS:
        signal.signal(sign, _stop)
    with only_one(wanted.port):
        try:
            with own_servers() as (postgres, broker):
                embedded.set_defaults(wanted.port)
                fill(wanted)
                serve(wanted.port, postgres, broker)
        except Stop:
            say("stopped")


if __name__ == "__main__":
    main(sys.argv[1:])
