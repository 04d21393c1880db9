"""Dated exceptions, given and taken back. Nothing else writes them."""

from datetime import datetime

from django.contrib.auth.models import Permission as RightRow
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.reach import standing
from accounts.refusals import Denied, Refused
from accounts.terms import ROLES, Permission
from registry.models import Patient, PatientGrant
from registry.models.grant import LONGEST


@transaction.atomic
def grant_patient(*, patient: Patient, to: User, until: datetime, reason: str, by: User) -> PatientGrant:
    """Open one patient to one health worker for a while. Source: decisions A12; security 3.5: at most 92 days.

    Raises: Denied, Refused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    now = timezone.now()
    if not any(ROLES[role].health for role in standing(to).roles):
        raise Refused("只能授权给卫生健康系统的人员。", field="to")
    if to.pk == by.pk:
        raise Refused("不能授权给自己。", field="to")
    if not now < until <= now + LONGEST:
        raise Refused("授权期限最长 92 天，而且要晚于现在。", field="until")
    if not reason:
        raise Refused("请写明授权原因。", field="reason")
    right = RightRow.objects.get(content_type__app_label="registry", codename="share_patient")
    row = PatientGrant.objects.create(
        user=to, content_object=patient, permission=right, granted_at=now, expires_at=until, reason=reason,
        granted_by=by,
    )  # fmt: skip
    audit.record(
        "registry.grant.given", patient, by=by, person=patient.uuid, because=reason,
        facts={"to": str(to.uuid), "until": until.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def revoke_grant(*, grant: PatientGrant, by: User) -> None:
    """End a grant now. Raises: Denied for anyone but who gave it."""
    if grant.granted_by_id != by.pk:
        raise Denied
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    person = grant.content_object
    audit.record("registry.grant.revoked", person, by=by, person=person.uuid, facts={"to": str(grant.user.uuid)})
