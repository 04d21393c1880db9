"""The only authentication backend: it knows an account again, it never lets one in. Login goes through the services."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import User


class AccountBackend(BaseBackend):
    def authenticate(self, request: Any, **credentials: Any) -> None:
        """A password alone opens nothing, neither here nor in any library that asks Django."""
        return

    def get_user(self, user_id: Any) -> User | None:
        """The account with its agency in one query; a disabled account is nobody from the next request on."""
        return User.objects.select_related("agency__division").filter(pk=user_id, is_active=True).first()
