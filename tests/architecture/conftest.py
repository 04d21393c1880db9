"""The syntax trees are let go when the tests that ask them are over."""

from collections.abc import Iterator

import pytest

from . import source


@pytest.fixture(scope="package", autouse=True)
def trees() -> Iterator[None]:
    yield
    source.forget()
