from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refused
from reports.queries.packs import pack
from reports.rules.pack_reading import PackRefused
from reports.services.plans import load_plan

SAID = {"created": "已载入", "updated": "已更新", "unchanged": "没有变化"}


class Command(BaseCommand):
    help = "载入一个计划包：逐项检查文件，让计划所属的地区按它算指标。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack_id", help="计划编号，见 list_plans")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row, outcome = load_plan(options["pack_id"])
        except PackRefused as refusal:
            raise CommandError("计划包不能载入：\n" + "\n".join(refusal.problems)) from refusal
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        found = pack(row.pack)
        self.stdout.write(
            f"{SAID[outcome]}：{found.title}（{found.document_number}），{len(found.work.tasks)} 项任务，{len(found.table)} 项指标。"
        )
