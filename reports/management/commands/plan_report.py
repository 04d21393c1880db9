from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Division
from accounts.queries.places import division
from accounts.refusals import Refused
from accounts.scope import system_scope
from reports.models import PlanReport
from reports.rules.pack_reading import PackRefused
from reports.services.plan_reports import render_claimed, request_report
from reports.terms import ReportState


class Command(BaseCommand):
    help = "生成某地区某计划到某一天的指标完成情况报告（PDF）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", required=True, help="计划编号，例如 youyang-2023")
        parser.add_argument("--area", required=True, help="区划代码")
        parser.add_argument("--as-of", required=True, help="截止日期 YYYY-MM-DD（含当日）")
        parser.add_argument("--out", required=True, help="写到哪个文件")
        parser.add_argument("--document-number", default="", help="发文字号；写了才有红头")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            area, day = division(options["area"]), date.fromisoformat(options["as_of"])
        except Division.DoesNotExist as error:
            raise CommandError(f"没有区划代码 {options['area']}。请检查代码，或先运行 load_divisions。") from error
        except ValueError as error:
            raise CommandError(f"截止日期“{options['as_of']}”不是日期，请写成 YYYY-MM-DD。") from error
        number = options["document_number"]
        try:
            with system_scope():
                asked = request_report(pack_id=options["plan"], area=area, as_of=day, by=None, document_number=number)
        except PackRefused as refusal:
            raise CommandError("\n".join(refusal.problems)) from refusal
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        render_claimed(asked)
        self._write(PlanReport.objects.get(pk=asked.pk), Path(options["out"]))

    def _write(self, report: PlanReport, path: Path) -> None:
        if report.state == ReportState.FAILED or report.content is None:
            raise CommandError(report.problem or "报告没有做成。")
        path.write_bytes(bytes(report.content))
        self.stdout.write(f"{path}：{report.pages} 页，核验码 {report.check_code}，SHA-256 {report.sha256}")
        if report.missing_glyphs:
            self.stderr.write(
                f"字体里没有这些字，文件里印作〓：{report.missing_glyphs}。请在 REPORT_FONT_DIR 放入有这些字的字体。"
            )
