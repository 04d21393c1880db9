"""What an API view answers with that forgot to say who may use it."""

from typing import Any

from rest_framework.permissions import BasePermission


class Closed(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return False
