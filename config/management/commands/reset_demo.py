"""`reset_demo --yes`: an empty demo database with tables, divisions and the plan pack; the next bin/demo fills it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ops import embedded, schema


class Command(BaseCommand):
    help = "Drops the demo's own database and makes it anew, without people. Refused where DATABASE_URL is set."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="say that everything in the demo may go")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        server = embedded.server()
        if connection.settings_dict["HOST"] != str(server.socket):
            raise CommandError("DATABASE_URL is set: only the demo's own database can be made anew.")
        if not yes:
            raise CommandError("Everything in the demo goes. If that is meant: bin/manage reset_demo --yes")
        connection.close()
        server.drop(embedded.DATABASE)
        server.prepare(embedded.DATABASE)
        schema.forget()
        schema.bring_up_to_date()
        self.stdout.write("The demo is empty. The next bin/demo makes a county; make_county makes one now.")
