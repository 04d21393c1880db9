"""One transaction around a request, with the person's reach and its access row; and the guard of every view."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.audit import Look, look, write_access
from accounts.doors import to_step_up
from accounts.reach import standing
from accounts.refusals import Refused, StepUpNeeded
from accounts.rules.machine import StepOver
from accounts.scope import scope, take_on
from accounts.services.sessions import address_of

Handler = Callable[[HttpRequest], HttpResponse]
METHOD_REFUSED = 405
# Pages about the account itself need the account tables: they run as app, with no person in reach.
OWN_PAGES = "accounts"


class _Undo(Exception):
    """Carries a finished 5xx answer out of the transaction that it must not commit."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def _is_worth_a_row(request: HttpRequest, response: HttpResponse, seen: Look) -> bool:
    """Every answer to a known person has its row; a fragment that is only polled and carried nobody has none."""
    if seen.persons:
        return True
    if not request.user.is_authenticated:
        return False
    polled = request.method == "GET" and request.headers.get("HX-Request") == "true" and response.status_code < 400
    return not polled


def _row(request: HttpRequest, seen: Look, status: int) -> None:
    match = request.resolver_match
    user = request.user
    role = min(standing(user).roles, default="") if user.is_authenticated else ""  # type: ignore[arg-type]
    write_access(
        seen,
        user=user,  # type: ignore[arg-type]
        method=request.method or "",
        route=(match.view_name if match else "") or "",
        status=status,
        role=role,
        address=address_of(request),
    )


def scoped(get_response: Handler) -> Handler:
    """Just inside sessions. Rolls back on 5xx, commits otherwise, so that a refused look keeps its row."""

    def handle(request: HttpRequest) -> HttpResponse:
        with look() as seen:
            request.look = seen  # type: ignore[attr-defined]
            request.user = request._cached_user = get_user(request)  # type: ignore[attr-defined,assignment]
            try:
                with scope(request.user):  # type: ignore[arg-type]
                    response = get_response(request)
                    if response.streaming and not getattr(response, "opens_own_scope", False):
                        raise RuntimeError("a streaming response must open scope() in its generator")
                    if response.status_code >= 500:
                        raise _Undo(response)
                    if _is_worth_a_row(request, response, seen):
                        _row(request, seen, response.status_code)
            except Exception as error:
                status = error.response.status_code if isinstance(error, _Undo) else 500
                with scope(request.user):  # type: ignore[arg-type]
                    _row(request, Look(seen.number), status)
                if isinstance(error, _Undo):
                    return error.response
                raise
            return response

    return handle


class guard:
    """Default deny: a view without a mark is not served. Refusals become the page that says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == METHOD_REFUSED and not response.content:  # Django's own answer is a blank page
            response.content = render_to_string("405.html", {"request_number": request.look.number}, request)  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        marked = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
        if not any(getattr(mark, name, None) for mark in (view, marked) for name in ("requires", "public")):
            raise RuntimeError(f"view {view} has neither @requires nor @public")
        user = request.user
        match = request.resolver_match
        if user.is_authenticated and match and match.namespace != OWN_PAGES and standing(user).is_partner:  # type: ignore[arg-type]
            take_on(user)  # type: ignore[arg-type]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, StepOver):
            messages.info(request, exception.message)
            return redirect(exception.back)
        if isinstance(exception, StepUpNeeded):
            return to_step_up(request)  # type: ignore[return-value]
        names = {403: "403.html", 404: "404.html", 409: "409.html", 429: "429.html"}
        facts = {
            "message": exception.message,
            "has_no_post": request.user.is_authenticated and not standing(request.user).rows,  # type: ignore[arg-type]
            "request_number": request.look.number,  # type: ignore[attr-defined]
            "now": timezone.localtime(),
        }
        return render(request, names.get(exception.status, "400.html"), facts, status=exception.status)
