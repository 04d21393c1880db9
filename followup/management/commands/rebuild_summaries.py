from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.scope import system_scope
from followup.services.rebuild import rebuild_summaries


class Command(BaseCommand):
    help = "Recompute every summary from the records; --check only compares and exits 1 with the differing rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope():
            found = rebuild_summaries(check=options["check"])
        for row in found:
            place = f"year {row.year}" if row.year else "patient"
            self.stdout.write(f"{row.number:05d} {place} {row.field}: stored {row.stored}, expected {row.expected}")
        if options["check"]:
            self.stdout.write(f"{len(found)} differences")
            if found:
                raise SystemExit(1)
        else:
            self.stdout.write(f"{len(found)} corrected")
