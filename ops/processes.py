"""Children that die with us, steps that say what they do, and locks that fall with the process that held them."""

import ctypes
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before any fork
PR_SET_PDEATHSIG = 1
TICK_SECONDS = 10.0
WORTH_TELLING_SECONDS = 2.0


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For Popen(preexec_fn=…): Linux sends `sign` to the child even when the parent is killed with -9."""
    parent = os.getpid()

    def ask_the_kernel() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # it died between the fork and this line
            os._exit(1)

    return ask_the_kernel


def is_alive(pid: int, *, named: str) -> bool:
    """A process of that number whose command line holds `named`: numbers are used again."""
    try:
        return named.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, that it still goes on, and how long a slow one took."""
    say(f"{text} …")
    began, over = time.monotonic(), threading.Event()

    def tick() -> None:
        while not over.wait(TICK_SECONDS):
            say(f"  still at it after {time.monotonic() - began:.0f} s")

    threading.Thread(target=tick, daemon=True).start()
    try:
        yield
    finally:
        over.set()
    if (took := time.monotonic() - began) > WORTH_TELLING_SECONDS:
        say(f"  took {took:.1f} s")


def locked(path: Path) -> TextIO | None:
    """The open file that holds the lock; None when someone else has it."""
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def waiting_lock(path: Path, *, shared: bool = False) -> TextIO:
    """The open file that holds the lock, as soon as it can be had."""
    file, kind = _open(path), fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"another command is at work in {path.parent}: waiting for it")
        fcntl.flock(file, kind)
    return file


def _open(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a")
