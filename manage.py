#!/usr/bin/env python
"""Django's command line. bin/manage calls it in the project's environment."""

import os
import sys

# The only commands that may change the schema: they connect as the owner, every other one as `app`.
AS_OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    if len(sys.argv) > 1 and sys.argv[1] in AS_OWNER:
        for suffix in ("", "_FILE"):
            if owner := os.environ.get("DATABASE_OWNER_URL" + suffix):
                for other in ("DATABASE_URL", "DATABASE_URL_FILE"):
                    os.environ.pop(other, None)
                os.environ["DATABASE_URL" + suffix] = owner
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
