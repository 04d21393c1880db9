from typing import Any

from django.core.management.base import BaseCommand

from reports.models import AdoptedPlan
from reports.queries.packs import pack, pack_ids
from reports.rules.pack_reading import PackRefused


class Command(BaseCommand):
    help = "列出系统里的计划包，和哪些已经载入。"

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = set(AdoptedPlan.objects.values_list("pack", flat=True))
        for pack_id in pack_ids():
            try:
                found = pack(pack_id)
            except PackRefused as refusal:
                self.stdout.write(f"{pack_id}\t文件有错\t{refusal.problems[0]}")
                continue
            state = "已载入" if pack_id in loaded else "未载入"
            self.stdout.write(f"{pack_id}\t{state}\t{found.area}\t{found.title}\t{found.document_number}")
