"""A county's quarter for seven recipients: prepared and packed, against COPY and compression of the same rows.

Ours: every person of the county as of the period's last day, rows by the template, sealed, hashed, compared with what
the recipient holds, written into the archive (CSV and workbook) with its SHA-256; the letter's PDF is made at the
signature, which is timed by itself. Memory: the command, in a process of its own, from the first row to the second
signature and the file, for a county of 500,000 people against 50,000.
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connections
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Package, RecipientTemplate
from exchange.queries.templates import presets
from exchange.rules.periods import Period, ended_before
from exchange.rules.recipient_templates import TemplateFacts, digest
from exchange.services.archives import contents_of, write_contents
from exchange.services.packages import reopen_package, sign_package
from exchange.services.preparing import open_period, prepare_due
from exchange.services.templates import (
    activate_template,
    draft_template,
    edit_template,
    propose_template,
    return_template,
)
from exchange.terms import PackageState, Rhythm, TemplateState
from ops.embedded import PROJECT
from ops.postgres import Postgres
from tests.bench.database import AREA, DATABASE, HOME
from tests.bench.many import multiply
from tests.bench.measure import Result, peak_of
from tests.bench.plain_package import copied

GOAL, MEMORY_GOAL, ROUNDS = 2.0, 1.2, 9
FILLED = "bench_exchange"
SIGNERS = (Role.COMMISSION, Role.PRIVACY_OFFICER)
FEW, MANY, LARGE = 50_000, 500_000, "insurance.half_yearly"
SEVEN = (
    "police.quarterly", "political_legal.quarterly", "political_legal.standard", "civil_affairs.half_yearly",
    "disabled_federation.half_yearly", "insurance.half_yearly", "human_resources.half_yearly",
)  # fmt: skip


# Facts that the synthetic county lacks, so that the lists of the other offices have rows. Share of all, in per cent.
SOCIAL = {"insured": 90, "chronic": 40, "tekun": 10, "dibao": 20, "disability": 25}
FACTS = """
INSERT INTO registry_socialfact (uuid, duty_township, duty_county, at_township, starts_on, patient_id, kind, holds, grade,
  source)
SELECT gen_random_uuid(), p.duty_township, p.duty_county, p.at_township, p.opened_on, p.id, %(kind)s, true,
  CASE WHEN %(kind)s = 'disability' THEN 2 END, '' FROM registry_patient p WHERE p.id %% 100 < %(share)s
ON CONFLICT DO NOTHING
"""


@contextmanager
def database(name: str, *, people: int = 0) -> Iterator[None]:
    """The process's database for a while; a clone of the county, so that no other benchmark meets what is done here."""
    connections.close_all()  # a template must have no guests
    server = Postgres(HOME)
    server.drop(name)
    server.clone(DATABASE, name)
    with server.cursor(name) as cursor:
        for kind, share in SOCIAL.items():
            cursor.execute(FACTS, {"kind": kind, "share": share})
        cursor.execute("ANALYZE registry_socialfact")
        if people:
            cursor.execute("SELECT id FROM accounts_division WHERE code = %s", [AREA])
            multiply(cursor, cursor.fetchone()[0], people)
    settings = connections.databases["default"]
    home, settings["NAME"] = settings["NAME"], name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = home
        server.drop(name)


def _someone(role: Role) -> User:
    found = User.objects.select_related("agency").filter(
        assignments__role=role, assignments__division__code=AREA, is_active=True
    ).first()  # fmt: skip
    assert found, f"the bench county has no {role}"
    return found


def opened(county: Division, clerk: User) -> list[Package]:
    """The seven templates in force, and their packages of the last half-year and of the quarter that ended with it."""
    today = timezone.localdate()
    for key in SEVEN:
        _put_in_force(county, key, clerk)
    for one in _both_periods():
        open_period(county, one, today=today)
    for package in _packages(county):
        if package.state == PackageState.PREPARED:  # the synthetic county has prepared one already
            reopen_package(package=package, because="要比较", by=clerk)
    return _packages(county)


def _put_in_force(county: Division, key: str, clerk: User) -> None:
    preset, officer, today = presets()[key], _someone(Role.PRIVACY_OFFICER), timezone.localdate()
    same = RecipientTemplate.objects.filter(county=county, agency_kind=preset.agency, situation=preset.situation)
    if same.filter(state=TemplateState.ACTIVE).exists():
        return
    facts = TemplateFacts(
        sections=preset.sections, basis=preset.basis, citation=preset.citation, agreement="比较协议1号",
        assessment="比较评估1号", assessed_on=today, starts_on=today,
    )  # fmt: skip
    row = same.filter(state=TemplateState.PROPOSED).first()
    if row and row.starts_on < today:  # the county was made on an earlier day
        with scope(officer):
            row = return_template(template=row, because="日期已过", by=officer)
        with scope(clerk):
            row = edit_template(template=row, facts=facts, edits=row.edits, by=clerk)
            row = propose_template(template=row, by=clerk)
    if row is None:
        with scope(clerk):
            row = propose_template(template=draft_template(county=county, key=key, facts=facts, by=clerk), by=clerk)
    with scope(officer):
        activate_template(template=row, seen=digest(row.facts), by=officer)


def ours(county: Division) -> None:
    prepare_due()
    with scope(counties=[county.pk]):
        for package in _packages(county):
            write_contents(contents_of(package, letter=b""))


def base(county: Division) -> dict[str, dict[str, int]]:
    with scope(counties=[county.pk]):
        return {str(package.uuid): copied(package) for package in _packages(county)}


def signed(package: Package) -> None:
    """The second signature, as the page waits for it: letter, digest of the archive, a ledger line for everybody."""
    for role in SIGNERS:
        with scope(_someone(role)):
            package = sign_package(package=package, seen=package.content_sha256, by=_someone(role))


def _packages(county: Division) -> list[Package]:
    rows = Package.objects.filter(county=county, period__in=[one.name for one in _both_periods()]).select_related(
        "county", "agency", "template"
    )
    return list(rows.order_by("pk"))


def _half() -> Period:
    return next(one for one in ended_before(timezone.localdate(), back=1) if one.rhythm is Rhythm.HALF_YEARLY)


def _both_periods() -> list[Period]:
    """The last half-year and the quarter that ended with it."""
    return [one for one in ended_before(timezone.localdate(), back=4) if one.last == _half().last]


def _same_rows(county: Division, theirs: dict[str, dict[str, int]]) -> int:
    """Both ways put the same number of rows into every list; how many together."""
    for package in _packages(county):
        mine = {kind: said["rows"] for kind, said in package.counts.items() if isinstance(said, dict)}
        assert mine == theirs[str(package.uuid)], f"{package}: {mine} against {theirs[str(package.uuid)]}"
    return sum(sum(lists.values()) for lists in theirs.values())


def bench() -> Result:
    with database(FILLED):
        county = Division.objects.get(code=AREA)
        clerk = _someone(Role.EXCHANGE_CLERK)
        packages = opened(county, clerk)
        assert len(packages) == len(SEVEN), [str(one) for one in packages]
        mine, theirs = list[float](), list[float]()
        for turn in range(ROUNDS + 1):
            seconds, _none = _timed(ours, county)
            plain, found = _timed(base, county)
            rows = _same_rows(county, found)
            if turn:  # the first is to warm up
                mine.append(seconds)
                theirs.append(plain)
            if turn < ROUNDS:
                for package in _packages(county):
                    reopen_package(package=package, because="再比一次", by=clerk)
        signing = [round(_timed(signed, package)[0] * 1000) for package in _packages(county)]
    few, many = (peak(people) for people in (FEW, MANY))
    growth = many / few
    facts = {
        "rows": rows, "packages": len(packages), "people": (FEW, MANY), "peak_mb": (few // 1024, many // 1024),
        "memory_ratio": round(growth, 2), "sign_ms": sorted(signing),
    }  # fmt: skip
    too_much = f"{growth:.2f} times the memory of a tenth (goal {MEMORY_GOAL:g})" if growth > MEMORY_GOAL else ""
    return Result(
        name="exchange",
        ours_ms=round(median(mine) * 1000),
        base_ms=round(median(theirs) * 1000),
        ours_p95_ms=round(max(mine) * 1000),
        base_p95_ms=round(max(theirs) * 1000),
        # A round lasts seconds and the machine's speed drifts meanwhile: each round is compared with itself.
        ratio=round(median(one / other for one, other in zip(mine, theirs, strict=True)), 2),
        goal=GOAL,
        rounds=ROUNDS,
        facts=facts,
        broken=too_much,
    )


def peak(people: int) -> int:
    """The most memory that the command holds while it prepares and writes one package of so many rows. Units: kB."""
    name = f"{FILLED}_many"
    with database(name, people=people):
        county = Division.objects.get(code=AREA)
        _put_in_force(county, LARGE, _someone(Role.EXCHANGE_CLERK))
        connections.close_all()
        environment = {**os.environ, "DATABASE_URL": Postgres(HOME).url(name, "app"), "PYTHONWARNINGS": "ignore"}
        with TemporaryDirectory() as out:
            names = ",".join(_someone(role).username for role in SIGNERS)
            words = ["--period", _half().name, "--area", AREA, "--agency", LARGE.partition(".")[0], "--out", out]
            words += ["--release", names]
            command = subprocess.Popen(
                [sys.executable, "manage.py", "exchange", *words], cwd=PROJECT, env=environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            with command:
                held = peak_of(command)
                said = command.stdout.read() if command.stdout else ""
    rows = int(said.split(" 行 ")[0].rpartition(" ")[2])
    assert rows >= people, said
    assert PackageState.RELEASED.label in said, said
    return held


def _timed(work: Callable[[Any], Any], about: Any) -> tuple[float, Any]:
    gc.collect()
    gc.disable()  # as measure.compare() does
    try:
        start = time.perf_counter()
        found = work(about)
        return time.perf_counter() - start, found
    finally:
        gc.enable()
