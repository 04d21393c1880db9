"""Signing an agreement, and ending it by hand. What the register says ends one by itself: see `following`."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.queries.policy import policies
from accounts.refusals import NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import Companion, Guardian, Patient
from registry.queries.person import guardian_on
from registry.rules.around import assistants_wanted
from registry.services.facts import locked
from registry.services.scans import Upload, keep_scan
from registry.terms import ScanKind
from subsidy.models import Agreement, AgreementAssistant
from subsidy.queries.agreements import assistants_on
from subsidy.queries.schemes import adopted_on
from subsidy.rules.agreements import AgreementFacts, agreement_problems
from subsidy.services.refusals import PaperRefused
from subsidy.terms import AgreementEnd

BY_HAND = (AgreementEnd.WITHDRAWN, AgreementEnd.FALSE_PAPERS, AgreementEnd.MISTAKEN)
TAKEN = Refused("这段日期里已经有一份协议。请先终止那一份，或改日期。", field="starts_on")


class FileClosed(Refused):
    message = "档案已经结案，不再签监护协议。"


class NoGuardian(Refused):
    message = "这一天没有登记的监护人。请先在“身边的人”登记；没有家属能监护的，由村（居）委会或单位指定一人，关系选“村居或单位”。"


@transaction.atomic
def sign_agreement(*, patient: Patient, facts: AgreementFacts, by: User, upload: Upload | None = None) -> Agreement:
    """Record a signed 监护协议 with the guardian and the assistants of the register on its first day.

    An agreement that still runs ends where this one begins. Source: 邹城 二(七); practice.md A2. Units: local dates.
    Raises: Denied, NotHere, FileClosed, NoGuardian, Refused (assistants, days taken), PaperRefused.
    """
    authorise(by, Permission.APPLY_SUBSIDY, patient)
    patient = locked(patient)
    if patient.closed_on is not None:
        raise FileClosed
    guardian = guardian_on(patient, facts.starts_on)
    if guardian is None:
        raise NoGuardian(field="starts_on")
    today = timezone.localdate()
    found = agreement_problems(facts, relation=guardian.relation, opened_on=patient.opened_on, today=today)
    if found:
        raise PaperRefused(found)
    assistants = assistants_on(patient, facts.starts_on)
    lacking = wanted_assistants(patient, facts.starts_on) - len(assistants)
    if lacking > 0:
        raise Refused(
            f"协助监护人还差 {lacking} 名（登记了 {len(assistants)} 名）。请先在“身边的人”登记。", field="starts_on"
        )
    _make_room(patient, facts, by)
    scan = None
    if upload is not None:
        scan = keep_scan(
            patient=patient, upload=upload, kind=ScanKind.CERTIFICATE, by=by, permission=Permission.APPLY_SUBSIDY
        )
    row = Agreement(
        patient=patient, guardian=guardian.name, relation=guardian.relation, guardian_since=guardian.starts_on,
        named_by=facts.named_by, namer=facts.namer, lives_together=facts.lives_together, is_able=facts.is_able, starts_on=facts.starts_on,
        ends_on=facts.ends_on, signed_on=facts.signed_on, scan=scan, made_by=by,
    )  # fmt: skip
    with refusing("agreement_one_at_a_time", TAKEN):
        row.save(force_insert=True)
    _name_assistants(row, assistants)
    audit.record(
        "subsidy.agreement.signed", row, by=by, person=patient.uuid,
        facts={"from": facts.starts_on.isoformat(), "to": facts.ends_on.isoformat(), "named_by": facts.named_by.value,
               "assistants": len(assistants)},
    )  # fmt: skip
    return row


def wanted_assistants(patient: Patient, on: date) -> int:
    """How many assistants an agreement must name: what a scheme of the county asks for, or the county's own rule."""
    versions = [one.version_on(on) for one in adopted_on(patient.duty_county, on)]
    rules = policies(patient.duty_county, on)
    by_rule = assistants_wanted(
        patient.last_level, 0, from_level=rules["assistants_from_level"], wanted=rules["assistants_wanted"]
    )
    return max([by_rule, *(version.assistants_least for version in versions if version is not None)])


def _name_assistants(row: Agreement, assistants: list[Companion]) -> None:
    for one in assistants:
        AgreementAssistant.objects.create(agreement=row, patient=row.patient, name=str(one.name), relation=one.relation)


def _make_room(patient: Patient, facts: AgreementFacts, by: User) -> None:
    """The one that holds on the first day ends there; any other that shares a day is in the way."""
    for row in Agreement.objects.select_for_update().filter(patient=patient, ends_on__gte=facts.starts_on):
        if row.ended_on is not None and row.ended_on <= facts.starts_on:
            continue
        if row.starts_on >= facts.starts_on or row.ended_on is not None:
            if row.starts_on <= facts.ends_on and row.starts_on != row.ended_on:
                raise TAKEN
            continue
        close(row, on=facts.starts_on, reason=AgreementEnd.RENEWED, by=by)


@transaction.atomic
def end_agreement(*, agreement: Agreement, on: date, reason: AgreementEnd, words: str, by: User) -> Agreement:
    """End an agreement from `on` on: the first day without. One that was entered wrongly never held.

    Source: practice.md A2 (变更、终止). Units: local dates. Raises: Denied, NotHere, Refused.
    """
    authorise(by, Permission.APPLY_SUBSIDY, agreement.patient)
    locked(agreement.patient)
    row = Agreement.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=agreement.pk).first()
    if row is None:
        raise NotHere
    if row.ended_on is not None:
        raise Refused(f"这份协议已于 {row.ended_on} 终止（{row.get_end_reason_display()}）。")
    if reason not in BY_HAND:
        raise Refused("请选终止的原因。死亡、迁出和换监护人的，在患者资料里登记，协议随之终止。", field="reason")
    if not words:
        raise Refused("请写明终止的情况。", field="words")
    if reason is AgreementEnd.MISTAKEN:
        on = row.starts_on
    last = min(timezone.localdate(), row.ends_on)
    if reason is not AgreementEnd.MISTAKEN and not row.starts_on <= on <= last:
        raise Refused(f"终止日期应在 {row.starts_on} 与 {last} 之间。", field="on")
    return close(row, on=on, reason=reason, by=by, words=words)


def close(row: Agreement, *, on: date, reason: AgreementEnd, by: User, words: str = "") -> Agreement:
    """Write the end; the caller has asked whether it may be. A day before the first one means that it never held."""
    row.ended_on = max(on, row.starts_on)
    row.end_reason, row.end_words, row.ended_by = reason, words, by
    row.save(update_fields=["ended_on", "end_reason", "end_words", "ended_by"])
    audit.record(
        "subsidy.agreement.ended", row, by=by, person=row.patient.uuid, because=reason.label,
        facts={"on": row.ended_on.isoformat(), "reason": reason.value},
    )  # fmt: skip
    return row


def guardian_left_on(patient: Patient, row: Agreement, today: date) -> date | None:
    """The first day on which somebody else than who signed is guardian, or nobody; None while it is the same person.

    What is said again for the day of the register's own row corrects a name and changes nobody.
    """
    changes = Guardian.objects.filter(patient=patient, starts_on__lte=max(today, row.starts_on)).order_by("starts_on")
    held: date | None = None
    for fact in changes:
        same = not fact.ended and (fact.name == str(row.guardian) or fact.starts_on == row.guardian_since)
        held = None if same else (held or fact.starts_on)
    return held
