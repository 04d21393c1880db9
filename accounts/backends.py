"""The only authentication backend: it knows an account again, it never lets one in. Login goes through the services."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from accounts.prepared import Prepared

_account = Prepared(lambda key: User.objects.select_related("agency__division").filter(pk=key, is_active=True), -1)


class AccountBackend(BaseBackend):
    def authenticate(self, request: Any, **credentials: Any) -> None:
        """A password alone opens nothing, neither here nor in any library that asks Django."""
        return

    def get_user(self, user_id: Any) -> User | None:
        """The account with its agency in one query; a disabled account is nobody from the next request on."""
        return next(iter(_account(user_id)), None)
