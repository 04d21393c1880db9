"""A web process for the fault tests: each line of input is a visit to save, each in a child that may die on the way.

Run as a program: `python -m tests.exchange.saver`. Input: JSON {"patient", "level", "form"}; output: JSON {"exit", "ms"}.
"""

import json
import os
import sys
import time
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
    import exchange.tasks
    import tests.exchange.conftest

    assert exchange.tasks and tests.exchange.conftest  # loaded before the forks: a round is then quick
    for line in sys.stdin:
        began = time.monotonic()
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            print(json.dumps({"exit": code, "ms": round(1000 * (time.monotonic() - began))}), flush=True)
        else:
            save(json.loads(line))
            os._exit(0)


if __name__ == "__main__":
    main()
