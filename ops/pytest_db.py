"""`-p ops.pytest_db`: names this run's database before pytest-django reads the settings, then starts it.

The controller starts the servers; xdist workers inherit their addresses and only clone the template.
"""

import atexit
import os

import pytest

from ops import testdb

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _claim() -> testdb.Run | None:
    """Only the addresses: nothing runs yet. A configured database is never used by the tests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in the test's thread
    os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = "127.0.0.1"
    if WORKER:
        number = 1 + int(WORKER.removeprefix("gw")) % 14
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("=")[0] + f"={number}"
        return None
    for name in ("DATABASE_URL_FILE", "DATABASE_OWNER_URL_FILE", "REDIS_URL_FILE"):
        os.environ.pop(name, None)
    run = testdb.Run()
    atexit.register(run.stop)  # pytest_unconfigure does not come when the settings cannot be read
    os.environ["DATABASE_URL"] = run.postgres.url(testdb.TEMPLATE, "app")
    os.environ["DATABASE_OWNER_URL"] = run.postgres.url(testdb.TEMPLATE, "owner")
    os.environ["REDIS_URL"] = run.broker.url()
    os.environ["SMD_TEST_HOME"] = str(run.home)
    return run


_run = _claim()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from ops import pytest_browser, pytest_clones

    if _run:
        _run.start()
    # after the plugins of pytest-django and pytest-playwright, so that these fixtures win over theirs
    config.pluginmanager.register(pytest_clones, "ops.pytest_clones")
    config.pluginmanager.register(pytest_browser, "ops.pytest_browser")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _run:
        _run.stop()
