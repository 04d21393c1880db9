"""What a module's tests begin with, made once and not for each of them."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ops.pytest_clones import cloned_database


@contextmanager
def made_once(blocker: Any, make: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """`make` commits into a database of the module's own; each call gives a copy of what it returned.

    For a fixture of the module's scope (needs `django_db_setup`). Its tests undo what they do: none is transactional.
    """
    with blocker.unblock(), cloned_database():
        kept = pickle.dumps(make())
        yield lambda: pickle.loads(kept)  # noqa: S301 - our own, of a moment ago
