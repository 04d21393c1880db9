"""Dated exceptions: which patients a user may reach beyond the own area."""

from typing import TYPE_CHECKING

from django.db import connection
from guardian.shortcuts import get_objects_for_user

from registry.models import Patient

if TYPE_CHECKING:
    from accounts.models import User

SHARED = "registry.share_patient"


def granted_patient_ids(user: "User") -> list[int]:
    """Patients open to this user by a live grant. Asked before any reach exists, so a definer function answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT live_grants(%s)", [user.pk])
        return [row[0] for row in cursor.fetchall()]


def granted_patients(user: "User") -> "list[Patient]":
    """The same through guardian, under an open scope: what a page lists as 临时授权."""
    return list(get_objects_for_user(user, SHARED, Patient, use_groups=False, with_superuser=False))
