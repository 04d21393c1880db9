from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from followup.rules.medicines import DictionaryRefused
from followup.services.medicines import SHIPPED, load_dictionary


class Command(BaseCommand):
    help = "载入药品词典：逐项检查文件，按代码更新，不删除；县里增加、停用的不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=SHIPPED, help="词典文件，不写用系统自带的")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version, number = load_dictionary(options["path"])
        except (DictionaryRefused, OSError, UnicodeDecodeError) as refusal:
            raise CommandError(f"词典不能载入：{refusal}") from refusal
        self.stdout.write(f"已载入 {version}：{number} 种药。")
