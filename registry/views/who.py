"""The person behind a request that has passed @requires."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def me(request: HttpRequest) -> User:
    return cast(User, request.user)
