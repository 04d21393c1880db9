"""Accounts of the demo: at least one for every role, with passwords and secrets drawn from the seed."""

import base64
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import Agency, Assignment, Division, TotpDevice, User
from accounts.queries.places import townships_under, villages_under
from accounts.terms import ROLES, Role
from accounts.terms import AgencyKind as Kind
from config.demo import names
from config.demo.chance import dice
from config.demo.places import TOWNS_WITH_VILLAGES, area_above

# role, begin of the username, kind of office; township and village roles sit in each of the first townships
TOWN_STAFF = (
    (Role.TOWNSHIP_WORKER, "worker", Kind.HEALTH_CENTRE),
    (Role.TOWNSHIP_POLICE, "police", Kind.POLICE),
    (Role.TOWNSHIP_POLITICAL_LEGAL, "political", Kind.POLITICAL_LEGAL),
    (Role.TOWNSHIP_LEADER, "leader", Kind.HEALTH_CENTRE),
    (Role.TOWNSHIP_CIVIL_AFFAIRS, "civil", Kind.CIVIL_AFFAIRS),
    (Role.TOWNSHIP_DISABLED_FEDERATION, "disabled", Kind.GOVERNMENT),
    (Role.TOWNSHIP_CIVIL_AFFAIRS, "government", Kind.GOVERNMENT),
)
VILLAGE_STAFF = (
    (Role.VILLAGE_DOCTOR, "doctor", Kind.VILLAGE_CLINIC),
    (Role.VILLAGE_CLERK, "clerk", Kind.VILLAGE_COMMITTEE),
)
COUNTY_STAFF = (
    (Role.COUNTY_OFFICE, "office", Kind.PREVENTION_OFFICE),
    (Role.PSYCHIATRIST, "psychiatrist", Kind.HOSPITAL),
    (Role.HOSPITAL, "hospital", Kind.HOSPITAL),
    (Role.COMMISSION, "commission", Kind.HEALTH_COMMISSION),
    (Role.DEPARTMENT, "department", Kind.EDUCATION),
    (Role.EXCHANGE_CLERK, "exchange", Kind.PREVENTION_OFFICE),
    (Role.COUNTY_POLICE, "countypolice", Kind.POLICE),
    (Role.COUNTY_POLITICAL_LEGAL, "countypolitical", Kind.POLITICAL_LEGAL),
    (Role.COUNTY_CIVIL_AFFAIRS, "countycivil", Kind.CIVIL_AFFAIRS),
    (Role.DISABLED_FEDERATION, "federation", Kind.DISABLED_FEDERATION),
    (Role.JUDICIAL, "judicial", Kind.JUDICIAL),
    (Role.INSURANCE, "insurance", Kind.INSURANCE),
    (Role.FINANCE, "finance", Kind.FINANCE),
    (Role.PRIVACY_OFFICER, "privacy", Kind.HEALTH_COMMISSION),
    (Role.AUDITOR, "auditor", Kind.HEALTH_COMMISSION),
    (Role.SYSTEM_ADMIN, "system", Kind.HEALTH_COMMISSION),
    (Role.SECURITY_ADMIN, "security", Kind.HEALTH_COMMISSION),
    (Role.REHAB_SITE, "rehab", Kind.REHAB_SITE),
)
WORDS = [
    "Amber",
    "Birch",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Grove",
    "Hazel",
    "Ivory",
    "Jade",
    "Koala",
    "Lotus",
    "Mango",
    "Nectar",
    "Olive",
    "Pebble",
    "Quartz",
    "River",
    "Saffron",
    "Tulip",
    "Umbra",
    "Violet",
    "Willow",
    "Xenon",
    "Yarrow",
    "Zephyr",
    "Apricot",
    "Bamboo",
    "Copper",
    "Dahlia",
    "Falcon",
    "Ginger",
]


@dataclass(frozen=True)
class DemoAccount:
    """A line of var/demo/accounts.json. `totp_secret` in base 32, as authenticators take it."""

    username: str
    password: str
    totp_secret: str
    role: str
    area: str


@dataclass(frozen=True)
class _Post:
    username: str
    role: Role
    division: Division
    kind: Kind


def make_accounts(county: Division, *, seed: int, today: date) -> list[DemoAccount]:
    """Every role's accounts; run again they get the same passwords and secrets back."""
    agencies = {
        (row.kind, row.division_id): row for row in Agency.objects.filter(division__code__startswith=county.code)
    }
    above = area_above(county)
    agencies |= {(row.kind, row.division_id): row for row in Agency.objects.filter(division=above)}
    posts = [_Post(f"{post.username}{_suffix(county)}", post.role, post.division, post.kind) for post in _posts(county)]
    return [_account(post, agencies[post.kind.value, post.division.pk], seed=seed, today=today) for post in posts]


def _posts(county: Division) -> Iterator[_Post]:
    for number, town in enumerate(demo_towns(county), 1):
        for role, name, kind in TOWN_STAFF:
            yield _Post(f"{name}{number}", role, town, kind)
        for village in villages_under(town)[:1]:
            for role, name, kind in VILLAGE_STAFF:
                yield _Post(f"{name}{number}", role, village, kind)
    for role, name, kind in COUNTY_STAFF:
        yield _Post(f"{name}1", role, county, kind)
    yield _Post("prefecture1", Role.PREFECTURE, area_above(county), Kind.HEALTH_COMMISSION)


def demo_towns(county: Division) -> Sequence[Division]:
    return list(townships_under(county)[:TOWNS_WITH_VILLAGES])


def _suffix(county: Division) -> str:
    """The first county's names are plain; a second one's carry its code."""
    others = Assignment.objects.filter(role=Role.COUNTY_OFFICE).exclude(division=county)
    return f"-{county.code}" if others.exists() else ""


def _account(post: _Post, agency: Agency, *, seed: int, today: date) -> DemoAccount:
    draw = dice(post.division.code, seed, post.username)
    password = "-".join([*draw.sample(WORDS, 3), f"{draw.randint(1000, 9999)}"])
    secret = draw.randbytes(20)
    user = User.objects.filter(username=post.username).first() or User(username=post.username)
    user.display_name, user.agency = names.full_name(draw, draw.choice("12")), agency
    user.phone = f"1990000{draw.randint(0, 9999):04d}"
    user.set_password(password)
    user.password_changed_at, user.is_active = timezone.now(), True
    user.save()
    Assignment.objects.update_or_create(
        user=user,
        role=post.role,
        division=post.division,
        defaults={
            "agency": agency,
            "starts_on": today - timedelta(days=400),
            "ends_on": today + timedelta(days=400) if ROLES[post.role].needs_end else None,
        },
    )
    TotpDevice.objects.filter(user=user).delete()
    TotpDevice.objects.create(user=user, name="演示", confirmed=True, secret=secret.hex())
    code = post.division.code
    return DemoAccount(post.username, password, base64.b32encode(secret).decode(), post.role.value, code)


def write_accounts(path: Path, accounts: Sequence[DemoAccount]) -> None:
    """Replace the file in one step; only its owner may read it. Lines of other counties still in use stay."""
    fresh = {account.username for account in accounts}
    known = set(User.objects.values_list("username", flat=True))
    kept = [line for line in _lines(path) if line["username"] in known - fresh]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([*map(asdict, accounts), *kept], file, ensure_ascii=False, indent=1)
        file.write("\n")
    draft.replace(path)


def _lines(path: Path) -> list[dict[str, str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [line for line in found if isinstance(line, dict) and "username" in line] if isinstance(found, list) else []
