from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refused
from reports.rules.pack_reading import PackRefused
from reports.services.plans import NewPlan, new_plan


class Command(BaseCommand):
    help = "写出一个新计划包的文件，可以直接载入；再把每一项改成计划的内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack_id", help="计划编号，例如 jiaxian-2026")
        parser.add_argument("--area", required=True, help="区划代码")
        parser.add_argument("--title", required=True, help="计划名称")
        parser.add_argument("--first-year", required=True, type=int, help="开始年份；基期是前一年")
        parser.add_argument("--last-year", required=True, type=int, help="结束年份")
        parser.add_argument("--document-number", default="请写发文字号", help="发文字号")
        parser.add_argument("--issuing-body", default="请写发文机关", help="发文机关")
        parser.add_argument("--issued-on", default="", help="成文日期 YYYY-MM-DD；不写就用开始年份的 1 月 1 日")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = new_plan(
                NewPlan(
                    id=options["pack_id"],
                    title=options["title"],
                    area=options["area"],
                    first_year=options["first_year"],
                    last_year=options["last_year"],
                    document_number=options["document_number"],
                    issuing_body=options["issuing_body"],
                    issued_on=_day(options["issued_on"], options["first_year"]),
                )
            )
        except PackRefused as refusal:
            raise CommandError("计划包没有写成：\n" + "\n".join(refusal.problems)) from refusal
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"已写好 reports/packs/{path.name}。请改成计划的内容，再运行 load_plan {options['pack_id']}。"
        )


def _day(text: str, year: int) -> date:
    try:
        return date.fromisoformat(text or f"{year:04d}-01-01")
    except ValueError as error:
        raise CommandError(f"成文日期“{text or year}”不是日期，请写成 YYYY-MM-DD。") from error
