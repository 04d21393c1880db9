from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Division
from accounts.queries.places import division
from accounts.refusals import Refused
from accounts.services.accounts import create_first_administrator


class Command(BaseCommand):
    help = "A county's first security administrator; prints the one-time code with which that person sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--area", required=True, help="code of the county")

    def handle(self, **said: Any) -> None:
        try:
            county = division(said["area"])
            code = create_first_administrator(
                username=said["username"], display_name=said["name"], county=county, today=timezone.localdate()
            )
        except Division.DoesNotExist:
            raise CommandError("没有这个区划。请先运行 load_divisions。") from None
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(code)
