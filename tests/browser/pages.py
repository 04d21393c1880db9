"""Every page of the product: its name (also the screenshot's), who looks at it, and its address in the scene."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.browser.scene import Scene


@dataclass(frozen=True)
class PageCase:
    name: str
    who: str | None  # member of the cast; None is nobody
    url: Callable[[Scene], str]
    status: int = 200


def at(url_name: str, **kwargs: str) -> Callable[[Scene], str]:
    """A page with a fixed address, or with keyword arguments that name something of the scene."""

    def url(scene: Scene) -> str:
        return reverse(url_name, kwargs={key: getattr(scene, name) for key, name in kwargs.items()})

    return url


PAGES = (
    PageCase("login", None, at("accounts:login")),
    PageCase("login-first", None, at("accounts:first_login")),
    PageCase("me", "worker", at("accounts:me")),
    PageCase("password", "worker", at("accounts:password")),
    PageCase("step-up", "worker", at("accounts:step_up")),
    PageCase("users", "security_admin", at("accounts:users")),
    PageCase("user", "security_admin", at("accounts:user", account="account")),
    PageCase("agencies", "security_admin", at("accounts:agencies")),
    PageCase("agency-new", "security_admin", at("accounts:agency_new")),
    PageCase("policy", "county_office", at("accounts:policy")),
    PageCase("calendar", "county_office", at("accounts:calendar")),
    PageCase("not-found", "worker", lambda scene: "/nowhere/", status=404),
    PageCase("denied", "worker", at("accounts:users"), status=403),
)
