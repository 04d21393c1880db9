"""Work of a command done by two processes at once, each with a connection of its own."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
LANES = min(2, os.cpu_count() or 1)


def in_lanes(work: Callable[[int], T], count: int) -> list[T]:
    """`work(0)` here and `work(1)` … in processes forked from this one; answers in that order.

    Each commits for itself. Must not stand in a transaction, and no other thread may run: commands only.
    Raises: what `work(0)` raises, once the others have ended; RuntimeError when another one fell.
    """
    if connection.in_atomic_block:
        raise RuntimeError("processes cannot share a transaction")
    connections.close_all()  # a connection must not be used on both sides of a fork
    fork = multiprocessing.get_context("fork")
    others = []
    for number in range(1, count):
        receive, send = fork.Pipe(duplex=False)
        process = fork.Process(target=_beside, args=(work, number, send))
        process.start()
        send.close()
        others.append((process, receive))
    try:
        found = [work(0)]
    finally:
        answers = [_answer(receive) for _process, receive in others]
        for process, _receive in others:
            process.join()
    if not all(answers):
        raise RuntimeError("a process of the import ended before its work was done; what it committed stands")
    return [*found, *(one for answer in answers for one in answer)]


def _beside(work: Callable[[int], T], number: int, send: Connection) -> None:
    try:
        send.send([work(number)])
    finally:
        send.close()
        connections.close_all()


def _answer(receive: "Connection[object, list[T]]") -> list[T]:
    try:
        return receive.recv()
    except EOFError:
        return []
