"""`python -m ops.manage COMMAND …`: manage.py on the configured database, else on the demo's own."""

import os
import signal
import subprocess
import sys

from ops import embedded, schema

NEEDS_NO_TABLES = {
    "", "--help", "help", "--version", "version", "check", "diffsettings", "collectstatic", "findstatic", "spectacular",
    "makemigrations", "migrate", "showmigrations", "sqlmigrate", "reset_demo", "list_plans", "print_docs",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    command = [sys.executable, str(embedded.PROJECT / "manage.py"), *arguments]
    if embedded.is_configured("DATABASE_URL"):
        os.execv(sys.executable, command)
    embedded.set_defaults()
    with embedded.database():
        if (arguments or [""])[0] not in NEEDS_NO_TABLES and not schema.has_tables():
            schema.bring_up_to_date()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the command's; we still stop the database after it
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen(command, preexec_fn=_hear_again)
        return child.wait()


def _hear_again() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
