"""The access tests share one committed world for each file: its own clone of the template, made once."""

from collections.abc import Iterator
from typing import Any

import pytest

from ops.pytest_clones import cloned_database
from tests.access.world import AccessWorld, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[AccessWorld]:
    """Commits like production, so that a partner's role, a refused look and its log row are the real ones."""
    with django_db_blocker.unblock(), cloned_database():
        yield build()
