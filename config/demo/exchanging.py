"""交换 in the demo county: templates in force, a package sent and one that waits for its signatures, the agencies' keys."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import pyrage

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import Role
from config.demo.staff import DemoAccount
from exchange.models import MyPackage, Package, RecipientTemplate
from exchange.queries.templates import presets
from exchange.rules.receipts import Said
from exchange.rules.recipient_templates import TemplateFacts, digest
from exchange.services.agency_keys import confirm_key, enter_key
from exchange.services.emergency import ask_emergency
from exchange.services.packages import sign_package
from exchange.services.preparing import open_due, prepare_due
from exchange.services.receiving import send_receipt
from exchange.services.refusals import follow_refusals
from exchange.services.templates import activate_template, draft_template, propose_template
from exchange.terms import PackageState, ReceiptWay, RefusedBecause, RowVerdict

IN_FORCE = (
    "police.quarterly",
    "political_legal.quarterly",
    "political_legal.standard",
    "disabled_federation.half_yearly",
    *("police.urgent", "political_legal.urgent", "government.sudden_change", "village_committee.sudden_change"),
    *("police.lost_report", "political_legal.lost_report", "prevention_office.lost_report"),
    *("police.flow", "civil_affairs.flow", "health_centre.discharge"),
)
OFFICE = Role.COUNTY_POLITICAL_LEGAL
SIGNERS = (Role.COMMISSION, Role.PRIVACY_OFFICER, OFFICE)
WAITS = "insurance.half_yearly"
# Whoever tries the demo opens 县委政法委's files with this. It opens nothing else anywhere.
DEMO_IDENTITY = "AGE-SECRET-KEY-1HVT8L4M83AAMVS6X4RMK7F3LD3SLMSYLH4C28KGDV035NKKVKQ7QNZ4LLH"
KEEPERS = (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER, Role.COUNTY_POLITICAL_LEGAL, Role.COUNTY_POLICE)
WAITING_KEY = "age1ck4wz3dv24w0hc2vadg4w6ggpvguhwdsmhh35dd5zvqg0jck6e7spsg4zn"  # entered by 县公安局, not yet compared


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
    _give_keys(names)
    _send_one(county, names)
    _ask_from_a_scene(names)
    return len(IN_FORCE)


def _send_one(county: Division, names: dict[str, str]) -> None:
    """A quarter that has gone to the political-legal office: most of it received, one row sent back, some still open."""
    users = {role: User.objects.select_related("agency").get(username=names[role]) for role in SIGNERS}
    package = Package.objects.filter(
        county=county, agency=users[OFFICE].agency, situation="quarterly", state=PackageState.PREPARED
    ).first()
    if package is None:
        return
    for role in (Role.COMMISSION, Role.PRIVACY_OFFICER):
        with scope(users[role]):
            package = sign_package(package=package, seen=package.content_sha256, by=users[role])
    by = users[OFFICE]
    with scope(by):
        row = MyPackage.objects.get(uuid=package.uuid)
        said = [Said(number, RowVerdict.MATCHED) for number in range(2, row.sent)]
        said += [Said(1, RowVerdict.REFUSED, RefusedBecause.WRONG_FACTS, "住址和我们的不一样")] if row.sent else []
        if said:
            send_receipt(package=row, said=said, way=ReceiptWay.ROWS, form_id=uuid4(), by=by)
    follow_refusals()


def _ask_from_a_scene(names: dict[str, str]) -> None:
    by = User.objects.select_related("agency").get(username=names[Role.TOWNSHIP_POLICE])
    with scope(by):
        ask_emergency(
            number="999999199003078030",
            scene="车站有人大声喊叫，没有伤人",
            phone="19900009999",
            form_id=uuid4(),
            proven=True,
            by=by,
        )


def _give_keys(names: dict[str, str]) -> None:
    """县委政法委 has a key, so that its quarter can be fetched; 县公安局 has entered one and waits for the county's call."""
    users = {role: User.objects.select_related("agency").get(username=names[role]) for role in KEEPERS}
    clerk, officer, committee, police = (users[role] for role in KEEPERS)
    public = str(pyrage.x25519.Identity.from_str(DEMO_IDENTITY).to_public())
    with scope(clerk):
        key = enter_key(agency=committee.agency, public_key=public, by=clerk)
    with scope(officer):
        confirm_key(key=key, by=officer)
    with scope(police):
        enter_key(agency=police.agency, public_key=WAITING_KEY, by=police)


def _propose(county: Division, key: str, number: int, clerk: User, today: date) -> RecipientTemplate:
    preset = presets()[key]
    facts = TemplateFacts(
        sections=preset.sections, basis=preset.basis, citation=preset.citation, agreement=f"演示协议〔{today.year}〕{number}号",
        assessment=f"演示评估〔{today.year}〕{number}号", assessed_on=today, starts_on=today,
    )  # fmt: skip
    return propose_template(template=draft_template(county=county, key=key, facts=facts, by=clerk), by=clerk)
