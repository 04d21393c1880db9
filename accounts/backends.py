"""Who is the person behind a session. Passwords and codes are checked in services/login.py, not here."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import User


class AccountBackend(BaseBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The account with its agency in one query; a disabled account is nobody from the next request on."""
        return User.objects.select_related("agency__division").filter(pk=user_id, is_active=True).first()
