"""Packages of one period for one kind of agency, from the command line. The plain archives carry people's data.

`--release` demands what the page demands of the two people, but for the code of their authenticator: nobody can prove
one to a command. Whoever may run commands on this machine holds its keys anyway; the trail says that it was a command.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import audit
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, DivisionLevel
from exchange.models import Package
from exchange.queries.packages import packages_of
from exchange.rules.periods import NoPeriod, period
from exchange.services.archives import write_archive
from exchange.services.packages import sign_package
from exchange.services.preparing import open_period, prepare_package
from exchange.terms import PackageState

KINDS = (
    "police",
    "political_legal",
    "civil_affairs",
    "disabled_federation",
    "insurance",
    "human_resources",
    "judicial",
)
SHOWN = (PackageState.PREPARED, PackageState.RELEASED, PackageState.COLLECTED)


class Command(BaseCommand):
    help = (
        "准备（并签发）一个交换期给一类单位的交换包，把没有加密的压缩包写到目录里（文件权限 0600，每写一次记入审计）。"
        "接收单位在系统里下载的是加密的文件；这里写出的只能按规定的介质或专网交付，用完删除。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, help="2026Q3 或 2026H2")
        parser.add_argument("--area", required=True, help="县（市、区）代码")
        parser.add_argument("--agency", required=True, choices=KINDS)
        parser.add_argument("--out", required=True, type=Path, help="目录")
        signers = "两个签发人的用户名，用逗号隔开：一人属县卫生健康委，一人是个人信息保护负责人。两人当面时使用"
        parser.add_argument("--release", default="", help=signers)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except (Refused, NoPeriod) as refusal:
            raise CommandError(str(refusal)) from None

    def _run(self, options: dict[str, Any]) -> None:
        one, today = period(options["period"]), timezone.localdate()
        county = Division.objects.filter(code=options["area"], level=DivisionLevel.COUNTY, valid_to=None).first()
        if county is None:
            raise CommandError(f"没有代码为 {options['area']} 的县（市、区）。")
        signers = [_user(name) for name in options["release"].split(",") if name]
        if signers and len(signers) != 2:
            raise CommandError("--release 要写两个用户名，用逗号隔开。")
        open_period(county, one, today=today, kind=options["agency"])
        rows = packages_of(county).filter(period=one.name, agency__kind=options["agency"])
        for row in rows.filter(state=PackageState.OPENED):
            prepare_package(row.uuid, county.pk)
        found = list(rows.all())
        if not found:
            label = AgencyKind(options["agency"]).label
            raise CommandError(f"{label}没有启用{one.rhythm.label}的接收模板，或本县没有这类单位。请先启用模板。")
        for row in found:
            if row.fault and row.state == PackageState.OPENED:
                raise CommandError(row.fault)
            self._one(_signed(row, signers), Path(options["out"]))

    def _one(self, row: Package, out: Path) -> None:
        if row.state not in SHOWN:
            self.stdout.write(f"{row}：{row.get_state_display()}，没有文件")
            return
        out.mkdir(parents=True, exist_ok=True)
        again = f"-v{row.version}" if row.version > 1 else ""
        path = out / f"{row.period}-{row.agency.kind}-{row.situation}-{row.agency_id}{again}.zip"
        part = path.with_suffix(".part")
        with scope(counties=[row.county_id], route="exchange"), part.open("w+b") as file:
            part.chmod(0o600)
            digest = write_archive(row, file)
        part.replace(path)
        audit.record("exchange.package.written", row, by=None, facts={"sha256": digest, "state": row.state})
        self.stdout.write(f"{path.name} {row.get_state_display()} {row.rows} 行 sha256 {digest}")


def _user(name: str) -> User:
    found = User.objects.select_related("agency").filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"没有用户名为“{name}”的账号。")
    return found


def _signed(row: Package, signers: list[User]) -> Package:
    for by in signers:
        if row.state == PackageState.PREPARED:
            with scope(by):
                row = sign_package(package=row, seen=row.content_sha256, by=by, how="command")
    return row
