"""The access tests share one committed world for each file: its own clone of the one that was made first."""

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Template
from django.test.utils import _TestState

from ops.pytest_clones import cloned_database
from tests.access.world import AccessWorld, build


@pytest.fixture(scope="module", autouse=True)
def without_copies_of_contexts(django_test_environment: None) -> Iterator[None]:
    """Django's test client copies the context of every template, down to an option of a select, for response.context.
    Nobody asks for it here, and it is a tenth of an answer's time: templates are rendered as in production."""
    recording, Template._render = Template._render, _TestState.saved_data.template_render
    yield
    Template._render = recording


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any) -> tuple[str, bytes]:
    """The world, made once in a run's worker: the database that holds it, and the names and keys of what is there."""
    with django_db_blocker.unblock(), cloned_database() as database:
        return database, pickle.dumps(build())


@pytest.fixture(scope="module")
def world(built: tuple[str, bytes], django_db_blocker: Any) -> Iterator[AccessWorld]:
    """Commits like production, so that a partner's role, a refused look and its log row are the real ones."""
    database, kept = built
    with django_db_blocker.unblock(), cloned_database(database):
        yield pickle.loads(kept)  # noqa: S301 - our own, of a moment ago
