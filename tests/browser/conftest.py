"""A browser in front of a live server with a database of its own, already signed in as a member of the cast."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.sessions import ADDRESS, AGENT, PROVEN, SEEN, STARTED
from ops.pytest_clones import cloned_database
from tests.browser.scene import Scene, make_county
from tests.browser.windows import DESKTOP, PHONE, Kind, Windows

BROWSER = "Mozilla/5.0 (X11; Linux) Chrome/156"
Enter = Callable[..., Page]


class MadeCounty(NamedTuple):
    """The database to clone, and the file with its accounts."""

    template: str
    accounts: Path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", action="store_true", help="write pictures of the pages, see tests/browser/shots.py"
    )


def signed_in(user: User) -> dict[str, Any]:
    """A session made directly: a TOTP code works once, and its own journey tests it."""
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    now = timezone.now().isoformat()
    session = client.session
    session.update({STARTED: now, SEEN: now, PROVEN: now, ADDRESS: "127.0.0.1", AGENT: BROWSER})
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


class KeptFiles(StaticFilesHandler):
    """Style sheets and scripts stay in the browser's cache from page to page, as in production."""

    def serve(self, request: Any) -> Any:
        answer = super().serve(request)
        answer["Cache-Control"] = "max-age=3600"
        return answer


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """pytest-django's live server without its claim to a fresh database at every test: it follows the one in use."""
    live = LiveServer("127.0.0.1", start=False)
    live.thread.static_handler = KeptFiles
    live.start()
    yield live
    live.stop()


@pytest.fixture(scope="session")
def windows(browser: Browser, server: Any) -> Iterator[Windows]:
    """The windows of this worker, for all its tests."""
    found = Windows(browser, server.url)
    yield found
    found.close()


@pytest.fixture
def enter(windows: Windows, server: Any) -> Iterator[Enter]:
    """enter(user=None, size=DESKTOP) → a page with `complaints` collected, as that person or as nobody."""
    taken = []

    def open_page(user: User | None = None, size: ViewportSize = DESKTOP, *, java_script: bool = True) -> Page:
        window = windows.take(Kind(phone=size is PHONE, java_script=java_script))
        taken.append(window)
        if user is not None:
            window.context.add_cookies([{**signed_in(user), "url": server.url}])
        return window.page

    yield open_page
    for window in taken:
        windows.give_back(window)


@pytest.fixture(scope="session")
def made_county(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> MadeCounty:
    """A database with a synthetic county, made once: half a minute. Pictures show a fuller one."""
    patients = 600 if request.config.getoption("screenshots", default=False) else 120
    accounts = tmp_path_factory.mktemp("county") / "accounts.json"
    with django_db_blocker.unblock(), cloned_database() as name:
        make_county(accounts, patients)
    return MadeCounty(name, accounts)


@pytest.fixture(scope="module")
def county(made_county: MadeCounty, django_db_blocker: Any) -> Iterator[Scene]:
    """The county in a database of the module's own."""
    with django_db_blocker.unblock(), cloned_database(made_county.template):
        yield Scene()
