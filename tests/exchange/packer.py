"""A worker and a web process for the fault tests: each line of input is an act, each in a child that may die.

Run as a program: `python -m tests.exchange.packer`. Input: JSON {"act", "database", …}; output: {"exit": code}.
"""

import json
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def save(order: dict[str, Any]) -> None:
    from uuid import UUID

    from accounts.models import User
    from accounts.scope import scope
    from followup.services.visits import record_visit
    from registry.models import Patient
    from tests.exchange.conftest import facts_of

    by = User.objects.select_related("agency").get(username="worker")
    with scope(by):
        patient = Patient.objects.get(uuid=order["patient"])
        record_visit(patient=patient, facts=facts_of(int(order["level"])), form_id=UUID(order["form"]), by=by)


def prepare(order: dict[str, Any]) -> None:
    from exchange.services.preparing import prepare_due

    prepare_due()


def correct(order: dict[str, Any]) -> None:
    from exchange.services.deltas import open_corrections

    open_corrections()


def compare(order: dict[str, Any]) -> None:
    from exchange.services.inbound_comparing import compare_due

    compare_due()


def answer(order: dict[str, Any]) -> None:
    from exchange.services.answering import answer_due

    answer_due()


def remind(order: dict[str, Any]) -> None:
    from exchange.services.late_differences import escalate_differences

    escalate_differences()


def sign(order: dict[str, Any]) -> None:
    from accounts.models import User
    from accounts.scope import scope
    from exchange.models import Package
    from exchange.services.packages import sign_package

    by = User.objects.select_related("agency").get(username=order["by"])
    with scope(by):
        row = Package.objects.get(uuid=order["package"])
        sign_package(package=row, seen=row.content_sha256, by=by)


def fetch(order: dict[str, Any]) -> None:
    from accounts.models import User
    from accounts.scope import scope, take_on
    from exchange.models import MyPackage
    from exchange.services.delivery_fetching import fetch as begin
    from exchange.terms import FetchWay

    by = User.objects.select_related("agency").get(username=order["by"])
    with scope(by):
        take_on(by)
        made = begin(package=MyPackage.objects.get(uuid=order["package"]), way=FetchWay.API, by=by)
    for _block in made.blocks():
        pass


def notify(order: dict[str, Any]) -> None:
    from uuid import UUID

    from accounts.models import User
    from registry.models import Patient
    from tests.exchange.person_notices import send

    by = User.objects.select_related("agency").get(username=order["by"])
    send(by, Patient(pk=int(order["patient"])), order["situation"], form_id=UUID(order["form"]))


def _on_notice(order: dict[str, Any], act: Any) -> None:
    from accounts.models import User
    from accounts.scope import scope
    from exchange.models import PersonNotice

    by = User.objects.select_related("agency").get(username=order["by"])
    with scope(by):
        act(PersonNotice.objects.get(uuid=order["notice"]), by)


def sign_notice(order: dict[str, Any]) -> None:
    from exchange.services.person_notices import sign_notice as sign_it

    _on_notice(order, lambda row, by: sign_it(notice=row, seen=bytes(row.digest).hex(), by=by))


def withdraw(order: dict[str, Any]) -> None:
    from exchange.services.person_notices import withdraw_notice

    _on_notice(order, lambda row, by: withdraw_notice(notice=row, because="发错", by=by))


ACTS = {act.__name__: act for act in (
    save, prepare, correct, compare, answer, remind, sign, fetch, notify, sign_notice, withdraw,
)}  # fmt: skip


def _load() -> None:
    """Before the forks, so that a round is quick: everything an act uses, and the engine that prints."""
    import django

    django.setup()
    import exchange.services
    import tests.exchange.person_notices  # noqa: F401
    from accounts.services import pdf, pdf_child

    for module in iter_modules(exchange.services.__path__, "exchange.services."):
        import_module(module.name)
    pdf.engine = pdf_child.answer
    pdf.make_pdf("<html lang=zh><title>x</title><p>字</p></html>", "")


def main() -> None:
    _load()
    from django.db import connections

    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            sys.stdout.write(json.dumps({"exit": os.waitstatus_to_exitcode(status)}) + "\n")
            sys.stdout.flush()
        else:
            order = json.loads(line)
            connections.databases["default"]["NAME"] = order["database"]
            ACTS[order["act"]](order)
            os._exit(0)


if __name__ == "__main__":
    main()
