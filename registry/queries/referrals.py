"""Referrals, stays and the papers around them as one person may see them. Every query starts from where(user, …)."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.doors import where
from accounts.models import Agency, Assignment
from accounts.queries.policy import policies
from accounts.reach import reach_filter
from accounts.refusals import NotHere
from accounts.terms import AgencyKind, Permission, Role
from registry.models import Admission, AdmissionHelp, GreenChannel, Patient, Referral, ReferralDestination
from registry.rules.referral import Destination
from registry.rules.stays import BedDayRule
from registry.terms import DestinationCategory

if TYPE_CHECKING:
    from accounts.models import User

STAFF = ("from_agency", "to_agency", "proposed_by", "received_by", "answered_by", "returned_by", "ended_by")


def referrals_for(user: "User", permission: Permission = Permission.VIEW_REFERRAL) -> QuerySet[Referral]:
    """Of patients in the reach of the right, and those addressed to the person's own hospital."""
    reach = where(user, permission)
    return Referral.objects.filter(reach_filter(reach) | Q(to_agency__in=reach.offices)).select_related(*STAFF)


def referral_for(user: "User", uuid: UUID, permission: Permission = Permission.VIEW_REFERRAL) -> Referral:
    """Raises: NotHere."""
    row = referrals_for(user, permission).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


def told_by_referral(user: "User", text: str, patient: Patient) -> Referral | None:
    """The referral whose answer says that the person was admitted; whatever else the address names counts as none."""
    try:
        number = UUID(text)
    except ValueError:
        return None
    return referrals_for(user).filter(uuid=number, patient=patient, admitted_on__isnull=False).first()


def passage_for(user: "User", uuid: UUID, permission: Permission) -> GreenChannel:
    """Raises: NotHere."""
    rows = GreenChannel.objects.filter(reach_filter(where(user, permission))).select_related("patient", "referral")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


def help_for(user: "User", uuid: UUID, permission: Permission) -> AdmissionHelp:
    """Raises: NotHere."""
    rows = AdmissionHelp.objects.filter(reach_filter(where(user, permission))).select_related("patient")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


def stays_of(patient: Patient) -> list[Admission]:
    """Newest first."""
    return list(Admission.objects.filter(patient=patient).select_related("hospital").order_by("-admitted_on", "-pk"))


def running_stay(patient: Patient) -> Admission | None:
    return Admission.objects.filter(patient=patient, discharged_on=None).select_related("hospital").first()


def bed_day_rule(county: int, on: date) -> BedDayRule:
    rules = policies(county, on)
    return BedDayRule(bool(rules["bed_days_with_discharge"]), int(rules["bed_days_same_day"]))


def destination_table(county: int) -> list[Destination]:
    """The whole table, those to come and those that were replaced."""
    rows = ReferralDestination.objects.filter(county=county).select_related("agency").order_by("category", "starts_on")
    return [
        Destination(DestinationCategory(row.category), row.starts_on, row.agency_id, row.hospital, row.basis)
        for row in rows
    ]


def hospitals_for(county: int) -> list[Agency]:
    """Hospitals of the county and of the places above it (the city's)."""
    from accounts.models import Division

    here = Division.objects.get(pk=county)
    above = [here.code[:n] for n in (2, 4)]
    places = Division.objects.filter(
        Q(pk=county) | Q(code__in=above) | Q(code__startswith=here.code[:4], level="county")
    )
    return list(Agency.objects.filter(kind=AgencyKind.HOSPITAL, is_active=True, division__in=places).order_by("name"))


def answers_by_itself(agency: Agency | None, today: date) -> bool:
    """True when somebody of this hospital has an account: then the township does not answer in its place."""
    if agency is None:
        return False
    return Assignment.objects.live(today).filter(agency=agency, role=Role.HOSPITAL, user__is_active=True).exists()


def township_agency(township: int) -> Agency | None:
    """The health centre a patient is referred back to."""
    rows = Agency.objects.filter(kind=AgencyKind.HEALTH_CENTRE, division=township, is_active=True)
    return rows.order_by("pk").first()
