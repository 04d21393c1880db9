from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.refusals import Refused
from accounts.services.accounts import clean_username
from accounts.services.tokens import create_token


class Command(BaseCommand):
    help = "Make an API token for a user and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, required=True, help="valid for so many days")
        parser.add_argument("--name", default="命令行办理", help="what the owner sees in the list")

    @transaction.atomic
    def handle(self, **said: Any) -> None:
        user = User.objects.select_related("agency").filter(username=clean_username(said["username"])).first()
        if user is None:
            raise CommandError(f"没有用户名为“{said['username']}”的账号。")
        try:
            token = create_token(user=user, name=said["name"], days=said["days"], by=None)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(token)
