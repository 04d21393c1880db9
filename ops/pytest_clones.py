"""Every xdist worker has a clone of the template; a test that commits (transactional, live server) has one of its own.

Append-only tables refuse TRUNCATE, so nothing is ever flushed. Tests connect as the role `app`, as in production.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from ops.postgres import Postgres
from ops.testdb import TEMPLATE

_numbers = count(1)
_later: list[str] = []


@cache
def _server() -> Postgres:
    return Postgres(Path(os.environ["SMD_TEST_HOME"]), thrown_away=True)


def _use(name: str) -> None:
    connections.close_all()
    connections.databases["default"]["NAME"] = name  # one dict for all threads: a live server follows
    address, _, socket = os.environ["DATABASE_URL"].partition("?")
    os.environ["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}?{socket}"  # and so do child processes


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's, which would create and migrate a database as `app`."""
    name = f"tests_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server = _server()
    server.clone(TEMPLATE, name)
    with django_db_blocker.unblock():
        _use(name)
        yield
        connections.close_all()
    for database in (name, *_later):
        server.drop(database)


@contextmanager
def cloned_database(template: str = TEMPLATE) -> Iterator[str]:
    """A clone for longer than one test: a module that makes much once and then only reads it. Its name can be the
    `template` of others once it is left."""
    home = connections.databases["default"]["NAME"]
    name = f"{home}_{next(_numbers)}"
    connections.close_all()
    _server().clone(template, name)
    _use(name)
    try:
        yield name
    finally:
        _use(home)
        _later.append(name)


def _set_up(cls: Any) -> None:
    cls.home_database = connections.databases["default"]["NAME"]
    cls.own_database = f"{cls.home_database}_{next(_numbers)}"
    connections.close_all()
    _server().clone(TEMPLATE, cls.own_database)
    _use(cls.own_database)


def _tear_down(self: Any) -> None:
    _use(self.home_database)
    if str(_server().data).startswith("/dev/shm"):  # noqa: S108
        _server().drop(self.own_database)
    else:
        _later.append(self.own_database)  # on a disk a CREATE after a DROP takes a second or two


# TestCase has a pair of its own, so tests that only need a rolled-back transaction are untouched.
TransactionTestCase._fixture_setup = classmethod(_set_up)  # type: ignore[attr-defined]
TransactionTestCase._fixture_teardown = _tear_down  # type: ignore[attr-defined]
