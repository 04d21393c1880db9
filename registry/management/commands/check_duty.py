from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.scope import system_scope
from registry.queries.duty import breaches


class Command(BaseCommand):
    help = "检查每位在册患者每一天都恰好有一个管理乡镇，逐条写明不对的档案（只写编号）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when anybody is named."""
        with system_scope():
            found = breaches(timezone.localdate())
        for breach in found:
            self.stdout.write(f"{breach.number} {breach.uuid} {breach.words}")
        if found:
            raise CommandError(f"{len(found)} 份档案的管辖不正确。")
        self.stdout.write("每位在册患者都有一个管理乡镇。")
