"""Keep a picture of a signed paper."""

from hashlib import sha256
from typing import Protocol

from django.db import transaction

from accounts import audit
from accounts.crypto import blind_index
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.rules.text import TextRefused
from accounts.terms import Permission
from registry.models import Patient, Scan
from registry.rules.scans import LARGEST_BYTES, form_of
from registry.services.facts import locked


class Upload(Protocol):
    """What a form's FileField answers."""

    def read(self, num_bytes: int | None = None, /) -> bytes: ...


@transaction.atomic
def keep_scan(
    *, patient: Patient, upload: Upload, kind: str, by: User, permission: Permission = Permission.EDIT_PATIENT
) -> Scan:
    """Keep one PDF, JPEG or PNG, told by its content; the same file sent twice is one scan.

    `permission`: the right of the act it belongs to, where that is not filing. Source: rules.scans. Units: bytes.
    Raises: Denied, NotHere, Refused (field "scan").
    """
    authorise(by, permission, patient)
    patient = locked(patient)
    content = upload.read(LARGEST_BYTES + 1)
    try:
        form = form_of(content)
    except TextRefused as refusal:
        raise Refused(str(refusal), field="scan") from None
    digest = blind_index("scan", sha256(content).hexdigest()).hex()
    row = Scan.objects.defer("content").filter(patient=patient, kind=kind, digest=digest).first()
    if row is None:
        row = Scan.objects.create(
            patient=patient, kind=kind, form=form, size=len(content), digest=digest, content=content, kept_by=by
        )
        audit.record("registry.scan.kept", row, by=by, person=patient.uuid, facts={"kind": kind, "size": row.size})
    return row
