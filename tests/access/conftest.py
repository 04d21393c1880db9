"""The access tests share one committed world for each file: its own clone of the template, made once."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from ops import pytest_clones
from ops.testdb import TEMPLATE
from tests.access.world import AccessWorld, build


@pytest.fixture(scope="module")
def world(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[AccessWorld]:
    """Commits like production, so that a partner's role, a refused look and its log row are the real ones."""
    server = pytest_clones._server()
    home = connections.databases["default"]["NAME"]
    name = f"access_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{request.module.__name__.rpartition('.')[2]}"
    server.drop(name)
    with django_db_blocker.unblock():
        connections.close_all()
        server.clone(TEMPLATE, name)
        pytest_clones._use(name)
        try:
            yield build()
        finally:
            pytest_clones._use(home)
            server.drop(name)
