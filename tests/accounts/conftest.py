"""An account with an authenticator, and a browser that goes through the real login."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import TotpDevice, User
from tests.factories import PASSWORD

SECRET = "31" * 20
ADDRESS = "192.0.2.10"


def code_now(steps: int = 0, secret: str = SECRET) -> str:
    """The six digits the phone shows now, or some steps of half a minute later."""
    clock = TOTP(bytes.fromhex(secret), drift=steps)
    clock.time = timezone.now().timestamp()
    return f"{clock.token():06d}"


def give_phone(user: User) -> TotpDevice:
    return TotpDevice.objects.create(user=user, name="手机", confirmed=True, secret=SECRET)


@dataclass
class Browser:
    client: Client
    address: str = ADDRESS

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, REMOTE_ADDR=self.address, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(path, data or {}, REMOTE_ADDR=self.address, **more)

    def give_password(self, username: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/login/", {"username": username, "password": password, **more})

    def give_code(self, code: str | None = None) -> Any:
        return self.post("/login/code/", {"code": code or code_now()})

    def is_in(self) -> bool:
        return bool(self.get("/me/").status_code == 200)

    def log_in(self, user: User, **more: Any) -> Any:
        self.give_password(user.username, **more)
        return self.give_code()


@pytest.fixture
def noon():
    """2026-12-07 12:00 in Shanghai, standing still; `noon.shift(...)` moves it."""
    with time_machine.travel("2026-12-07T04:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def visitor() -> Browser:
    return Browser(Client())


@pytest.fixture
def another_browser() -> Callable[..., Browser]:
    return lambda address=ADDRESS: Browser(Client(), address)


@pytest.fixture
def worker(world: Any) -> User:
    give_phone(world.worker)
    return world.worker


@pytest.fixture
def admin(world: Any) -> User:
    give_phone(world.security_admin)
    return world.security_admin
