"""交换 in the demo county: templates in force by two people, one that waits for the second."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount
from exchange.models import RecipientTemplate
from exchange.queries.templates import presets
from exchange.rules.recipient_templates import TemplateFacts, digest
from exchange.services.preparing import open_due, prepare_due
from exchange.services.templates import activate_template, draft_template, propose_template

IN_FORCE = (
    "police.quarterly",
    "political_legal.quarterly",
    "political_legal.standard",
    "disabled_federation.half_yearly",
)
WAITS = "insurance.half_yearly"


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    """How many templates are in force."""
    names = {account.role: account.username for account in accounts}
    clerk, officer = (
        User.objects.select_related("agency").get(username=names[r]) for r in ("exchange_clerk", "privacy_officer")
    )
    for number, key in enumerate((*IN_FORCE, WAITS), 1):
        with scope(clerk):
            row = _propose(county, key, number, clerk, today)
        if key != WAITS:
            with scope(officer):
                activate_template(template=row, seen=digest(row.facts), by=officer)
    open_due(today)
    prepare_due()
    return len(IN_FORCE)


def _propose(county: Division, key: str, number: int, clerk: User, today: date) -> RecipientTemplate:
    preset = presets()[key]
    facts = TemplateFacts(
        sections=preset.sections, basis=preset.basis, citation=preset.citation, agreement=f"演示协议〔{today.year}〕{number}号",
        assessment=f"演示评估〔{today.year}〕{number}号", assessed_on=today, starts_on=today,
    )  # fmt: skip
    return propose_template(template=draft_template(county=county, key=key, facts=facts, by=clerk), by=clerk)
