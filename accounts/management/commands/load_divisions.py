from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refused
from accounts.services.divisions import OWN_FILE, load_divisions


class Command(BaseCommand):
    help = "Load division codes from a CSV file (code,name,level,parent_code); without a file the project's own areas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=OWN_FILE)

    def handle(self, **said: Any) -> None:
        if not said["file"].is_file():
            raise CommandError(f"找不到文件 {said['file'].name}。请核对文件的位置。")
        try:
            done = load_divisions(said["file"])
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except UnicodeDecodeError:
            raise CommandError("文件的编码不是 UTF-8。请另存为“CSV UTF-8”再导入。") from None
        self.stdout.write(f"created {done.created}, updated {done.updated}, unchanged {done.unchanged}")
