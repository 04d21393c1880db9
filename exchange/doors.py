"""Doors: to one joint visit through its patient; to a template, package or ledger of one's own county or office."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import saw
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import (
    AgencyKey,
    CountyDisclosure,
    Difference,
    InboundList,
    JointVisit,
    MyPackage,
    Package,
    PersonNotice,
    RecipientTemplate,
)  # fmt: skip
from exchange.queries.agency_keys import keys_of
from exchange.queries.differences import differences_for
from exchange.queries.inbound import inbound_of
from exchange.queries.joint import visible_joints
from exchange.queries.package_receipts import my_package
from exchange.queries.packages import packages_of
from exchange.queries.person_notices import notice_for
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


def access_person_notice(user: User, uuid: UUID, permission: Permission) -> PersonNotice:
    """A 单人告知 in reach; the look is logged. Raises: NotHere (unknown or not yours), Denied (no right)."""
    row = notice_for(user, uuid)
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], (*GROUPS, FieldGroup.GUARDIAN, FieldGroup.MANAGEMENT), Purpose.EXCHANGE)
    return row


Row = TypeVar("Row", RecipientTemplate, Package, InboundList, AgencyKey)


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


def access_inbound(user: User, uuid: UUID, permission: Permission) -> InboundList:
    """A list that came in, of a county in which the person has the right: numbers, no person. Raises: NotHere."""
    return _of_own_county(user, uuid, permission, inbound_of)


def access_difference(user: User, uuid: UUID, permission: Permission) -> Difference:
    """A difference of one's own townships or county; the look is logged. Raises: NotHere (unknown or not yours)."""
    row = differences_for(user, permission).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    saw([row.patient.uuid if row.patient else row.uuid], (*GROUPS, FieldGroup.GUARDIAN), Purpose.EXCHANGE)
    return row


def access_key(user: User, uuid: UUID, permission: Permission) -> AgencyKey:
    """A key of an agency of one's own county. Raises: NotHere."""
    return _of_own_county(user, uuid, permission, keys_of)


def own_package(user: User, uuid: UUID) -> MyPackage:
    """A package that was released to one's own office. Raises: Denied, NotHere, for another office's as for none."""
    authorise(user, Permission.COLLECT_PACKAGE)
    found = my_package(where(user, Permission.COLLECT_PACKAGE).offices, uuid)
    if found is None:
        raise NotHere
    return found


def county_ledger(user: User) -> QuerySet[CountyDisclosure]:
    """披露台账 of one's own county; whoever shows lines notes whom it showed. Raises: Denied."""
    authorise(user, Permission.VIEW_ACCESS_LOG)
    counties = counties_of(user, Permission.VIEW_ACCESS_LOG, timezone.localdate())
    return CountyDisclosure.objects.filter(county_id__in=[county.pk for county in counties])
