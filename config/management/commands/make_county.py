from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.build import AlreadyThere, NoSuchCounty, Order, build
from config.demo.load import NotMade


class Command(BaseCommand):
    help = "Make a synthetic county: places, offices, accounts, patients and their visits; the same for the same seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", default="500242", help="code of the county (default 500242)")
        parser.add_argument("--patients", type=int, default=400, help="0: only places, offices and accounts")
        parser.add_argument("--years", type=int, default=2, help="years of visits up to today")
        parser.add_argument("--seed", type=int, default=1)
        default = settings.BASE_DIR / "var" / "demo" / "accounts.json"
        parser.add_argument("--accounts", type=Path, default=default, help="file for the accounts (mode 0600)")

    def handle(self, **said: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for demo and tests: its accounts have passwords that everyone can compute.")
        if said["patients"] < 0 or not 1 <= said["years"] <= 10:
            raise CommandError("--patients must not be negative, --years must be 1 to 10.")
        order = Order(
            said["area"], said["patients"], said["years"], said["seed"], timezone.localdate(), said["accounts"]
        )
        try:
            build(order, say=self.stdout.write)
        except (NoSuchCounty, AlreadyThere, NotMade) as error:
            raise CommandError(str(error)) from error
