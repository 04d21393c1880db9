"""Write docs/glossary.md, docs/clauses.md and docs/states.md from the code; `--check` only compares."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.docs import clauses, glossary, states


class Command(BaseCommand):
    help = "Write the documents that are made from the code"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; exit 1 if a document is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        made = {"glossary.md": glossary.glossary(), "clauses.md": clauses.table(root), "states.md": states.drawings()}
        stale = [name for name, text in made.items() if _old(root / "docs" / name) != text]
        if check and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run bin/manage print_docs")
        for name in stale:
            (root / "docs" / name).write_text(made[name], encoding="utf-8")
        self.stdout.write(f"written {len(stale)}" if not check else "current")


def _old(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
