"""接收模板: drafted and proposed by one person, put in force by another. Each verb one transaction with its trail."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.models import Division, User
from accounts.refusals import Conflict, Denied, NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from exchange.models import RecipientTemplate
from exchange.queries.templates import counties_of, preset_of, presets
from exchange.rules.presets import Preset
from exchange.rules.recipient_templates import (
    PROPOSAL_HOURS,
    TEMPLATES_MACHINE,
    Problem,
    TemplateFacts,
    digest,
    is_late,
    problems,
)
from exchange.terms import TemplateState

S = TemplateState
TAKEN = Refused("刚刚有人拟定了这种情形的草稿。请打开那份草稿修改。")
GONE = Refused("系统不再提供这种模板。请作废这份草稿。")


class TemplateRefused(Refused):
    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(found[0].message, field=found[0].field)
        self.problems = found


def _authorise(county: Division, by: User, *permissions: Permission) -> None:
    """One of the permissions, in this very county. Raises: Denied, NotHere."""
    today = timezone.localdate()
    seen = counties_of(by, Permission.VIEW_EXCHANGE, today)
    if not seen:
        raise Denied
    if county not in seen:
        raise NotHere
    if not any(county in counties_of(by, one, today) for one in permissions):
        raise Denied


def _locked(template: RecipientTemplate, by: User, *permissions: Permission) -> RecipientTemplate:
    _authorise(template.county, by, *permissions)
    rows = RecipientTemplate.objects.select_for_update(of=("self",)).select_related("county")
    row = rows.filter(pk=template.pk).first()
    if row is None:
        raise NotHere
    return row


def _judge(facts: TemplateFacts, preset: Preset | None, today: date) -> None:
    if preset is None:
        raise GONE
    found = problems(facts, preset, today=today)
    if found:
        raise TemplateRefused(found)


def _written(row: RecipientTemplate, facts: TemplateFacts, by: User) -> None:
    row.sections = [section.as_content() for section in facts.sections]
    row.basis, row.citation, row.agreement = facts.basis, facts.citation, facts.agreement
    row.assessment, row.assessed_on, row.starts_on = facts.assessment, facts.assessed_on, facts.starts_on
    row.drafted_by, row.drafted_at = by, timezone.now()


@transaction.atomic
def draft_template(*, county: Division, key: str, facts: TemplateFacts, by: User) -> RecipientTemplate:
    """Begin the next version of a shipped template. Source: issue 4, Build 1. Raises: Denied, NotHere, TemplateRefused."""
    _authorise(county, by, Permission.PROPOSE_TEMPLATE)
    preset = presets().get(key)
    _judge(facts, preset, timezone.localdate())
    if preset is None:
        raise GONE
    same = RecipientTemplate.objects.filter(
        county=county, agency_kind=preset.agency, situation=preset.situation
    ).aggregate(last=Max("version"))
    row = RecipientTemplate(
        county=county, agency_kind=preset.agency, situation=preset.situation, version=(same["last"] or 0) + 1,
        rhythm=preset.rhythm,
    )  # fmt: skip
    _written(row, facts, by)
    with refusing("recipienttemplate_one_open", TAKEN), refusing("recipienttemplate_version_once", TAKEN):
        row.save(force_insert=True)
    audit.record("exchange.template.drafted", row, by=by, facts={"template": key, "version": row.version})
    return row


@transaction.atomic
def edit_template(*, template: RecipientTemplate, facts: TemplateFacts, edits: int, by: User) -> RecipientTemplate:
    """Change a draft. `edits`: the draft that was open. Raises: Denied, NotHere, TemplateRefused, Conflict."""
    row = _locked(template, by, Permission.PROPOSE_TEMPLATE)
    if row.state != S.DRAFT:
        raise Refused(f"这份模板现在是“{row.get_state_display()}”，不能再修改。")
    if row.edits != edits:
        raise Conflict("您打开以后，别人改了这份草稿。您填的都在下面；请另开一个窗口核对，再保存一次。")
    _judge(facts, preset_of(row), timezone.localdate())
    _written(row, facts, by)
    row.edits += 1
    row.save()
    audit.record("exchange.template.drafted", row, by=by, facts={"edits": row.edits})
    return row


@transaction.atomic
def propose_template(*, template: RecipientTemplate, by: User) -> RecipientTemplate:
    """Hand the draft to the second person. Raises: Denied, NotHere, Refused."""
    row = _locked(template, by, Permission.PROPOSE_TEMPLATE)
    step = TEMPLATES_MACHINE.step(row.state, S.PROPOSED)
    _judge(row.facts, preset_of(row), timezone.localdate())
    row.state, row.proposed_by, row.proposed_at, row.because = step.after, by, timezone.now(), ""
    row.save(update_fields=["state", "proposed_by", "proposed_at", "because"])
    audit.record(step.action, row, by=by, facts={"sha256": digest(row.facts)})
    return row


@transaction.atomic
def return_template(*, template: RecipientTemplate, because: str, by: User) -> RecipientTemplate:
    """The second person sends it back. Raises: Denied, NotHere, Refused."""
    row = _locked(template, by, Permission.ACTIVATE_TEMPLATE)
    step = TEMPLATES_MACHINE.step(row.state, S.DRAFT)
    step.demand(because, field="because", sentence="请写明退回的原因。")
    row.state, row.because, row.edits = step.after, because, row.edits + 1
    row.save(update_fields=["state", "because", "edits"])
    audit.record(step.action, row, by=by, because=because)
    return row


@transaction.atomic
def activate_template(*, template: RecipientTemplate, seen: str, by: User) -> RecipientTemplate:
    """Another person puts in force exactly what the page showed (`seen`); the version before holds until that day.

    Source: issue 4, Build 1; security 3.7. Raises: Denied, NotHere, Refused, TemplateRefused (stale assessment).
    """
    row = _locked(template, by, Permission.ACTIVATE_TEMPLATE)
    step = TEMPLATES_MACHINE.step(row.state, S.ACTIVE)
    if by.pk in (row.proposed_by_id, row.drafted_by_id):
        raise Refused("模板要由另一个人启用。拟定或提出的人不能自己启用。")
    if row.proposed_at is None or is_late(row.proposed_at, timezone.now()):
        raise Refused(f"提出已超过 {PROPOSAL_HOURS} 小时。请退回，由拟定人重新提出。")
    if digest(row.facts) != seen:
        raise Refused("打开以后，模板有了改动。请重新查看再启用。")
    _judge(row.facts, preset_of(row), timezone.localdate())
    before = RecipientTemplate.objects.select_for_update().filter(
        county=row.county, agency_kind=row.agency_kind, situation=row.situation, state=S.ACTIVE
    )
    for old in before:
        _replaced(old, row, by)
    row.state, row.activated_by, row.activated_at = step.after, by, timezone.now()
    row.save(update_fields=["state", "activated_by", "activated_at"])
    audit.record(step.action, row, by=by, because=row.citation, facts={"sha256": seen})
    return row


def _replaced(old: RecipientTemplate, new: RecipientTemplate, by: User) -> None:
    step = TEMPLATES_MACHINE.step(old.state, S.REPLACED)
    old.state, old.ended_on = step.after, max(new.starts_on, old.starts_on)
    old.save(update_fields=["state", "ended_on"])
    audit.record(step.action, old, by=by, facts={"version": new.version})


@transaction.atomic
def end_template(*, template: RecipientTemplate, because: str, by: User) -> RecipientTemplate:
    """Drop a draft, or stop what is in force from today on: either side may. Raises: Denied, NotHere, Refused."""
    row = _locked(template, by, Permission.PROPOSE_TEMPLATE, Permission.ACTIVATE_TEMPLATE)
    step = TEMPLATES_MACHINE.step(row.state, S.DROPPED if row.state == S.DRAFT else S.ENDED)
    step.demand(because, field="because", sentence="请写明原因。")
    row.state, row.because = step.after, because
    if step.after == S.ENDED:
        row.ended_on = timezone.localdate()
    row.save(update_fields=["state", "because", "ended_on"])
    audit.record(step.action, row, by=by, because=because)
    return row
