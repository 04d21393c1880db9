"""The door to one agreement: through its patient, so that a stranger meets the same wall."""

from uuid import UUID

from accounts.audit import saw
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission
from subsidy.models import Agreement

GROUPS = (FieldGroup.IDENTITY, FieldGroup.GUARDIAN, FieldGroup.MONEY)


def access_agreement(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Agreement:
    """An agreement in reach. Raises: NotHere (unknown or not yours), Denied (no right)."""
    found = Agreement.objects.visible_to(user).filter(uuid=uuid)
    row = found.select_related("patient__village", "made_by").first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], GROUPS, purpose)
    return row
