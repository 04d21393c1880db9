from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.scope import system_scope
from registry.services.clues import forget_clues


class Command(BaseCommand):
    help = "Drop the person from clues excluded long enough ago (county setting clue_forget_months); keep the count."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope():
            done = forget_clues(dry_run=options["dry_run"])
        self.stdout.write(f"{done} {'would be forgotten' if options['dry_run'] else 'forgotten'}")
