"""Whether a person agrees that a kind of office is told: asked person by person, dated, taken back on any day."""

from datetime import date

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import AgencyKind, Permission
from registry.models import Patient, SharingConsent
from registry.rules.consent import ConsentRefused
from registry.rules.sharing import check_sharing
from registry.services.facts import locked, today_or_before
from registry.services.scans import Upload, keep_scan
from registry.signals import consent_changed
from registry.terms import ScanKind


@transaction.atomic
def record_sharing_consent(
    *, patient: Patient, on: date, agency_kind: str, agreed: bool, signer: str, by: User, relation: str = "",
    words: str = "", upload: Upload | None = None,
) -> SharingConsent:  # fmt: skip
    """Agreed or not, from `on` on; the same day said again is corrected. Nothing of what the law itself demands hangs on it.

    Source: 个人信息保护法 §14–16, §29; security 3.7 (consent per purpose, dated, with signer and scan; its withdrawal
    stops consent-based sharing at once). Units: local date. Raises: Denied, NotHere, Refused, DayRefused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    patient = locked(patient)
    if agency_kind not in AgencyKind.values:
        raise Refused("请选择提供给哪类单位。", field="agency_kind")
    today_or_before(on)  # older than the file or after its end: consent is given and taken back by the person
    try:
        check_sharing(agreed=agreed, signer=signer, relation=relation, birth_on=patient.birth_on, on=on)
    except ConsentRefused as refusal:
        raise Refused(str(refusal), field=refusal.field) from None
    kind = ScanKind.CONSENT if agreed else ScanKind.WITHDRAWAL
    scan = keep_scan(patient=patient, upload=upload, kind=kind, by=by) if upload else None
    values = {"agreed": agreed, "signer": signer, "relation": relation, "words": words, "scan": scan}
    row, _made = SharingConsent.objects.update_or_create(
        patient=patient, agency_kind=agency_kind, starts_on=on, defaults=values
    )
    facts = {"on": on.isoformat(), "kind": agency_kind, "agreed": agreed}
    audit.record("registry.sharing_consent.recorded", row, by=by, person=patient.uuid, facts=facts)
    consent_changed.send(SharingConsent, patient=patient, consent=row, by=by)
    return row
