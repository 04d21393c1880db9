"""Doors: to one joint visit through its patient; to a template of one's own county."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import saw
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission
from exchange.models import JointVisit, Package, RecipientTemplate
from exchange.queries.joint import visible_joints
from exchange.queries.packages import packages_of
from exchange.queries.templates import counties_of, templates_of

GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.RISK)


def access_joint(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> JointVisit:
    """A joint visit in reach. Raises: NotHere (unknown or not yours), Denied (no right)."""
    row = visible_joints(user).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], GROUPS, purpose)
    return row


Row = TypeVar("Row", RecipientTemplate, Package)


def _of_own_county(user: User, uuid: UUID, permission: Permission, rows: Callable[[Division], QuerySet[Row]]) -> Row:
    for county in counties_of(user, permission, timezone.localdate()):
        row = rows(county).filter(uuid=uuid).first()
        if row is not None:
            return row
    raise NotHere


def access_template(user: User, uuid: UUID, permission: Permission) -> RecipientTemplate:
    """A template of a county in which the person has the right; nobody's data. Raises: NotHere."""
    return _of_own_county(user, uuid, permission, templates_of)


def access_package(user: User, uuid: UUID, permission: Permission) -> Package:
    """A package of a county in which the person has the right: numbers and signatures, no rows. Raises: NotHere."""
    return _of_own_county(user, uuid, permission, packages_of)
