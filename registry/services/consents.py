"""Consent as it is signed, refused, taken back, or replaced by being informed; and the text that is signed."""

from datetime import date

from django.db import transaction

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.refusals import Denied, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import Consent, ConsentText, Patient, Scan
from registry.queries.consents import consent_on, text_on
from registry.rules.consent import ConsentRefused, check_consent
from registry.services.facts import record_consent
from registry.services.scans import Upload, keep_scan
from registry.terms import SERVED, ConsentPath, ScanKind


@transaction.atomic
def sign_consent(
    *, patient: Patient, on: date, path: str, by: User, signer: str = "", relation: str = "", reason: str = "",
    doctor: str = "", upload: Upload | None = None,
) -> Consent:  # fmt: skip
    """One record of 表1-5 from `on` on, with the version of the text that held then.

    Source: rules.consent.check_consent. Units: local date. Raises: Denied, NotHere, Refused, DayRefused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    before = consent_on(patient, on)
    holds = before is not None and before.way in SERVED
    try:
        check_consent(path, signer=signer, relation=relation, reason=reason, holds=holds)
    except ConsentRefused as refusal:
        raise Refused(str(refusal), field=refusal.field) from None
    scan = _paper(patient, path, upload, by)
    informed = path == ConsentPath.INFORMED
    return record_consent(
        patient=patient, on=on, agreed=path in SERVED, by=by, path=path, signer="" if informed else signer,
        relation="" if informed else relation, reason=reason, doctor=doctor, scan=scan,
        text_version="" if informed else text_on(patient.duty_county, on).version,
    )  # fmt: skip


def _paper(patient: Patient, path: str, upload: Upload | None, by: User) -> Scan | None:
    if upload is None:
        return None
    kind = ScanKind.CONSENT if path in SERVED else ScanKind.WITHDRAWAL
    return keep_scan(patient=patient, upload=upload, kind=kind, by=by)


@transaction.atomic
def publish_consent_text(*, county: Division, version: str, starts_on: date, body: str, by: User) -> ConsentText:
    """Another text of 表1-5 from `starts_on` on; a version once published is never changed. Raises: Denied, Refused."""
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise Denied
    newest = text_on(county.pk, date.max)
    if newest.starts_on is not None and starts_on <= newest.starts_on:
        raise Refused(f"启用日期要晚于现有版本的 {newest.starts_on}。", field="starts_on")
    used = Refused("这个版本号已经用过，请换一个。", field="version")
    begun = Refused("这一天已有启用的版本，请换一个启用日期。", field="starts_on")
    with refusing("consenttext_version_once", used), refusing("consenttext_day_once", begun):
        row = ConsentText.objects.create(county=county, version=version, starts_on=starts_on, body=body, made_by=by)
    audit.record(
        "registry.consent_text.published", row, by=by,
        facts={"version": version, "from": starts_on.isoformat()},
    )  # fmt: skip
    return row
