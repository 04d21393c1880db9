"""Agencies: the offices that people belong to and that alerts are addressed to."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Agency, Division, User
from accounts.queries.administered import areas_administered, lies_in
from accounts.refusals import NotHere, Refused
from accounts.terms import AgencyKind, Permission


@transaction.atomic
def create_agency(*, kind: AgencyKind, name: str, division: Division, duty_phone: str, by: User) -> Agency:
    """A named office in a division of the administrator's area. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.MANAGE_ACCOUNTS)
    areas = areas_administered(by, Permission.MANAGE_ACCOUNTS, timezone.localdate())
    if not lies_in(areas, division.code):
        raise NotHere
    if Agency.objects.filter(kind=kind, name=name, division=division).exists():
        raise Refused("这个区划里已经有同名同类的单位。", field="name")
    agency = Agency.objects.create(kind=kind, name=name, division=division, duty_phone=duty_phone or None)
    audit.record("accounts.agency.created", agency, by=by, facts={"kind": kind.value, "division": division.code})
    return agency
