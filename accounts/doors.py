"""The guard at every door: a permission, asked twice (raising for the act, quietly for a button)."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.reach import Reach, standing
from accounts.refusals import Denied
from accounts.rules.machine import Machine, StepOver
from accounts.sessions import has_stepped_up
from accounts.terms import Permission

if TYPE_CHECKING:
    from accounts.reach import AnyUser

View = TypeVar("View", bound=Callable[..., Any])


def can(user: "AnyUser", permission: Permission, place: Any = None) -> bool:
    """True when a live assignment carries the permission and (when given) reaches the row `place`."""
    held = standing(user)
    if permission not in held.permissions:
        return False
    return place is None or held.where(permission).covers(place)


def authorise(user: "AnyUser", permission: Permission, place: Any = None) -> None:
    """Raises: Denied."""
    if not can(user, permission, place):
        raise Denied


def where(user: "AnyUser", permission: Permission) -> Reach:
    return standing(user).where(permission)


def _with_next(name: str, request: HttpRequest, *, form: bool) -> str:
    """Only a page can be come back to, not an act; of a form that was sent, the page with the form."""
    back = request.get_full_path() if request.method == "GET" else request.path if form else ""
    return f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name)


def _send_to(name: str, request: HttpRequest, *, form: bool) -> HttpResponseBase:
    """A fragment must not receive the login page in its place: the whole page goes there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(_with_next(name, request, form=form))


def _prove_first(request: HttpRequest, *, form: bool) -> HttpResponseBase:
    """To the step-up. A pressed button was not carried out: the way leads back to the page it stands on, which the
    browser names (same-origin), and whoever pressed it reads that it is to be pressed again."""
    if request.method == "GET" or request.headers.get("HX-Request") == "true":
        return _send_to("accounts:step_up", request, form=form)
    messages.info(request, "刚才的一步还没有办。确认身份以后回到原来的页面，请再按一次。")
    page = urlsplit(request.headers.get("Referer", ""))
    stays = page.netloc == request.get_host()
    back = request.path if form else page._replace(scheme="", netloc="").geturl() if stays else ""
    return redirect(
        f"{reverse('accounts:step_up')}?{urlencode({'next': back})}" if back else reverse("accounts:step_up")
    )


def is_proven(request: HttpRequest) -> bool:
    """Password and code were given just now; never true for a token."""
    return has_stepped_up(request)


def to_step_up(request: HttpRequest) -> HttpResponseBase:
    """Where an act in the middle of a page asks for it; of a form that was sent, one comes back to its page."""
    return _prove_first(request, form=True)


def still_open(
    request: HttpRequest, machine: Machine[Any], state: str, *afters: Any, back: str, of: Any = None, verb: str = ""
) -> None:
    """The page of a step shows its form only while somebody can take it: else its record's page, which says so in words.

    `back`: the name of that page's address, `of` its number. What was sent is answered by the service, not here.
    Raises: StepOver.
    """
    if request.method != "POST" and (why := machine.over(state, *afters, verb=verb)):
        raise StepOver(why, back=reverse(back, args=[of] if of else None))


def requires(permission: Permission, *, step_up: bool = False, form: bool = False) -> Callable[[View], View]:
    """Mark a view with the right it needs; the URL-guard test looks for the mark, the wrapper enforces it.

    `form`: the address also shows the page it is sent from, with a draft: who has to log in first comes back to it.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _send_to("accounts:login", request, form=form)
            authorise(request.user, permission)  # type: ignore[arg-type]
            if step_up and not has_stepped_up(request):
                return _prove_first(request, form=form)
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        guarded.requires = permission  # type: ignore[attr-defined]
        guarded.step_up = step_up  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a page that needs no login (login itself, health checks). The list is short and reviewed."""
    view.public = True  # type: ignore[attr-defined]
    return view
