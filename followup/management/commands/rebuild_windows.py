from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.scope import system_scope
from followup.services.windows import rebuild_windows


class Command(BaseCommand):
    help = "Decide every due window from the facts; --check only compares and exits 1 with the differing rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope():
            found = rebuild_windows(check=options["check"])
        for row in found:
            self.stdout.write(
                f"{row.number:05d} {row.opened_on} {row.field}: stored {row.stored}, expected {row.expected}"
            )
        self.stdout.write(f"{len(found)} {'differences' if options['check'] else 'corrected'}")
        if options["check"] and found:
            raise SystemExit(1)
