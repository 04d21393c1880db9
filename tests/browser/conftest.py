"""A browser in front of a live server with a database of its own, already signed in as a member of the cast."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.sessions import ADDRESS, AGENT, PROVEN, SEEN, STARTED
from ops.pytest_clones import cloned_database
from tests.browser.scene import Scene, make_county
from tests.browser.seeing import listen

DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
BROWSER = "Mozilla/5.0 (X11; Linux) Chrome/156"
Enter = Callable[..., Page]


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


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """pytest-django's live server without its claim to a fresh database at every test: it follows the one in use."""
    live = LiveServer("127.0.0.1")
    yield live
    live.stop()


@pytest.fixture
def enter(browser: Browser, server: Any) -> Iterator[Enter]:
    """enter(user=None, size=DESKTOP) → a page with `complaints` collected, as that person or as nobody."""
    contexts = []

    def open_page(user: User | None = None, size: dict[str, int] = DESKTOP, *, java_script: bool = True) -> Page:
        context = browser.new_context(
            viewport=size,
            base_url=server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size is PHONE,
            reduced_motion="reduce",
            java_script_enabled=java_script,
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([{**signed_in(user), "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = listen(page)  # type: ignore[attr-defined]
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def made_county(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> str:
    """A database with a synthetic county, made once: half a minute. Pictures show a fuller one."""
    patients = 600 if request.config.getoption("screenshots", default=False) else 120
    with django_db_blocker.unblock(), cloned_database() as name:
        make_county(tmp_path_factory.mktemp("county"), patients)
    return name


@pytest.fixture(scope="module")
def county(made_county: str, django_db_blocker: Any) -> Iterator[Scene]:
    """The county in a database of the module's own."""
    with django_db_blocker.unblock(), cloned_database(made_county):
        yield Scene()
