"""A web process for the fault tests: each line of input is a visit to save, each in a child that may die on the way.

Run as a program: `python -m tests.exchange.saver`. Input: JSON {"patient", "level", "form"}; output: {"exit": code}.
"""

import json
import os
import sys
from uuid import UUID


def save(order: dict[str, str]) -> None:
    from accounts.models import User
    from accounts.scope import scope
    from followup.services.visits import record_visit
    from registry.models import Patient
    from tests.exchange.conftest import facts_of

    by = User.objects.select_related("agency").get(username="worker")
    with scope(by):
        patient = Patient.objects.get(uuid=order["patient"])
        record_visit(patient=patient, facts=facts_of(int(order["level"])), form_id=UUID(order["form"]), by=by)


def main() -> None:
    import django

    django.setup()
    import tests.exchange.conftest  # noqa: F401 - loaded before the forks: a round is then quick

    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            sys.stdout.write(json.dumps({"exit": os.waitstatus_to_exitcode(status)}) + "\n")
            sys.stdout.flush()
        else:
            save(json.loads(line))
            os._exit(0)


if __name__ == "__main__":
    main()
