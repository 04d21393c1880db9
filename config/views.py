"""The first page of the day by role, and the pages for what went wrong."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.doors import public
from accounts.reach import standing
from config.navigation import home_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("accounts:login")
    return redirect(home_of(standing(request.user).permissions))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusals (suspicious input, too many fields): their text is for logs, not for people."""
    return render(request, "400.html", status=400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One page for a wrong address and for what is not yours: no address, name or id comes back in it."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Made without the context processors: the database may be what is gone, and then waiting helps."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    look = getattr(request, "look", None)
    page = render_to_string("503.html" if away else "500.html", {"request_number": look.number if look else ""})
    return HttpResponse(page, status=503 if away else 500, headers={"Retry-After": "60"} if away else None)
