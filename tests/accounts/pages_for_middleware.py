"""Addresses that only the middleware's own tests see."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path

from accounts import audit
from accounts.doors import public, requires
from accounts.models import CalendarDay
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from config.urls import urlpatterns as real

SEEN = "7b0b6e0c-8f9e-4a8e-9d5a-0f3c0b0a1c2d"


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never served")


@requires(Permission.SEE_OWN_PAGE)
def who(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return HttpResponse(cursor.fetchone()[0])


def _write(day: str) -> None:
    CalendarDay.objects.create(day=day, is_working=False)


@requires(Permission.SEE_OWN_PAGE)
def broken(request: HttpRequest) -> HttpResponse:
    _write("2031-01-01")
    audit.saw([SEEN], [FieldGroup.IDENTITY], Purpose.LIST)  # type: ignore[list-item]
    return HttpResponse("gone wrong", status=503)


@requires(Permission.SEE_OWN_PAGE)
def crashing(request: HttpRequest) -> HttpResponse:
    _write("2031-01-02")
    raise RuntimeError("crash")


@requires(Permission.SEE_OWN_PAGE)
def nowhere(request: HttpRequest) -> HttpResponse:
    raise NotHere


@requires(Permission.SEE_OWN_PAGE)
def person(request: HttpRequest) -> HttpResponse:
    audit.saw([SEEN], [FieldGroup.IDENTITY], Purpose.LIST)  # type: ignore[list-item]
    return HttpResponse("a person")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@requires(Permission.SEE_OWN_PAGE)
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(("a", "b")))


room = (
    [
        path("unmarked/", unmarked, name="unmarked"),
        path("who/", who, name="who"),
        path("broken/", broken, name="broken"),
        path("crashing/", crashing, name="crashing"),
        path("nowhere/", nowhere, name="nowhere"),
        path("person/", person, name="person"),
        path("open/", open_to_all, name="open"),
        path("streamed/", streamed, name="streamed"),
    ],
    "middle",
)
urlpatterns = [path("middle/", include(room)), *real]
