"""The shape that every import command shares: FILE --by USERNAME [--dry-run] [--report OUT.xlsx]."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.refusals import Refused
from registry.rules.table import TableRefused
from registry.services.importing import ImportResult, read_table, write_report


class ImportCommand(BaseCommand):
    """Last line: created N, updated N, unchanged N, refused N. Exit 1 when a row was refused; the good rows are in."""

    requires_system_checks = []  # the deployment ran them; they cost as much as 10,000 rows
    work: ClassVar[Callable[..., ImportResult]]
    accepts: ClassVar[bool] = False  # knows --accept

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx 或 .csv 文件")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="以哪个账号导入")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--report", type=Path, metavar="OUT.xlsx", help="把未导入的行写入这个文件")
        parser.add_argument(
            "--copy", type=Path, metavar="OUT.xlsx", help="把原表连同每行的结果写入这个文件，错的格标红"
        )
        if self.accepts:
            parser.add_argument("--accept", action="store_true", help="与现有资料不同的内容直接采用，不留待核对")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.select_related("agency").filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"没有账号 {options['by']}，或者已停用。请核对用户名。")
        more = {"accept": options["accept"], "source": options["file"].name} if self.accepts else {}
        try:
            table = read_table(options["file"])
            result = type(self).work(table=table, by=by, dry_run=options["dry_run"], **more)
        except TableRefused as refusal:
            raise CommandError(f"整个文件未导入：{refusal}") from None
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        self._tell(result, options["report"])
        if options["copy"]:
            from registry.services.annotated import annotated  # see write_report

            options["copy"].write_bytes(annotated(table, result))
        self.stdout.write(result.counts.line())
        if result.counts.refused:
            sys.exit(1)

    def _tell(self, result: ImportResult, report: Path | None) -> None:
        shown = sorted(result.refusals, key=lambda r: r.row)
        for refusal in shown[:20]:
            mark = "提示" if refusal.remark else "未导入"
            self.stdout.write(f"第 {refusal.row} 行 {refusal.column} {mark}：{refusal.reason}")
        if len(shown) > 20:
            self.stdout.write(f"另有 {len(shown) - 20} 处，见报告文件。" if report else "更多内容请加 --report 查看。")
        if report:
            write_report(report, shown)
