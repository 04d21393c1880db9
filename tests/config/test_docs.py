"""The documents made from the code are current."""

from django.core.management import call_command


def test_glossary_and_clauses_are_current() -> None:
    call_command("print_docs", check=True)
