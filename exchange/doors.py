"""The door to one joint visit, on the health side: through its patient."""

from uuid import UUID

from accounts.audit import saw
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission
from exchange.models import JointVisit
from exchange.queries.joint import visible_joints

GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.RISK)


def access_joint(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> JointVisit:
    """A joint visit in reach. Raises: NotHere (unknown or not yours), Denied (no right)."""
    row = visible_joints(user).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], GROUPS, purpose)
    return row
