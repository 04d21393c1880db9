"""`demo_code USERNAME`: the one-time code of a demo account right now, for who has no authenticator at hand."""

import base64
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_otp.oath import TOTP

from ops.schema import accounts_file


class Command(BaseCommand):
    help = "Prints the current one-time code of an account of var/demo/accounts.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        if not settings.DEMO or not accounts_file().exists():
            raise CommandError("Only for the demo, after bin/demo has made its accounts.")
        secrets = {one["username"]: one["totp_secret"] for one in json.loads(accounts_file().read_text())}
        if username not in secrets:
            raise CommandError(f"{username} is not an account of the demo.")
        self.stdout.write(f"{TOTP(base64.b32decode(secrets[username])).token():06d}")
