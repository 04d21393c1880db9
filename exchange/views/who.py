from typing import cast

from django.http import HttpRequest

from accounts.doors import where
from accounts.models import User
from accounts.terms import Permission


def me(request: HttpRequest) -> User:
    """The person behind a guarded view: @requires has let nobody else through."""
    return cast(User, request.user)


def offices_of(user: User) -> frozenset[int]:
    """The receiving offices for which the user's live assignments may sign."""
    return where(user, Permission.RECEIVE_ALERT).offices


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
