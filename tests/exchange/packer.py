"""A worker and a web process for the fault tests of packages: each line of input is an act, each in a child that may die.

Run as a program: `python -m tests.exchange.packer`. Input: JSON {"act", …}; output: {"exit": code}.
"""

import json
import os
import sys
from typing import Any


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
    prepare, correct, compare, answer, remind, sign, fetch, notify, sign_notice, withdraw,
)}  # fmt: skip


def main() -> None:
    import django

    django.setup()
    import tests.exchange.person_notices  # noqa: F401 - loaded before the forks: a round is then quick

    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            sys.stdout.write(json.dumps({"exit": os.waitstatus_to_exitcode(status)}) + "\n")
            sys.stdout.flush()
        else:
            order = json.loads(line)
            ACTS[order["act"]](order)
            os._exit(0)


if __name__ == "__main__":
    main()
