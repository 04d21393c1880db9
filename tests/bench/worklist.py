"""The worklist page against an f-string page over one optimal statement, behind the same login and access log.

A whole page of fifty rows (performance.md, row 1). A made county of 8,000 has fewer than fifty due within seven days in
a township, so its list looks further ahead here, by the setting that a county has for it.
"""

import re
from datetime import timedelta

from django.db.models import Count
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy, Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from followup.views.worklist import PAGE
from registry.models import Patient
from tests import factories
from tests.bench.measure import Result, compare
from tests.bench.plain_worklist import AHEAD, people_in, rows_of

GOAL = 1.7


def busiest_township(ahead: int = 0) -> tuple[Division, int]:
    """The township with the longest list within so many days."""
    until = timezone.localdate() + timedelta(days=ahead)
    with system_scope():
        due = Patient.objects.filter(closed_on=None, next_due_on__lte=until)
        found = due.values_list("duty_township").annotate(n=Count("pk")).order_by("-n").first()
    assert found, "the bench county has nobody due"
    return Division.objects.get(pk=found[0]), found[1]


def worker_of(town: Division) -> User:
    name = f"bench_{town.code}"
    known = User.objects.filter(username=name).first()
    return known or factories.make_user(
        Role.TOWNSHIP_WORKER, town, factories.make_agency(AgencyKind.HEALTH_CENTRE, town), username=name, days=3650
    )


def names_on(page: bytes) -> list[str]:
    return re.findall(r'class="work-name" href="/patients/([0-9a-f-]{36})/"', page.decode())


def look_ahead(town: Division, by: User) -> None:
    with scope(by):
        CountyPolicy.objects.get_or_create(
            county_id=town.parent_id,
            key="worklist_days_ahead",
            starts_on=timezone.localdate(),
            defaults={"value": AHEAD, "basis": "bin/bench", "set_by": by},
        )


def bench() -> Result:
    town, due = busiest_township(AHEAD)
    client = Client()
    client.force_login(worker_of(town), backend="accounts.backends.AccountBackend")
    look_ahead(town, worker_of(town))
    with override_settings(ROOT_URLCONF="tests.bench.urls"):

        def ours() -> bytes:
            answer = client.get(reverse("followup:worklist"))
            assert answer.status_code == 200
            return answer.content

        def base() -> bytes:
            answer = client.get("/bench/worklist/")
            assert answer.status_code == 200
            return answer.content

        with scope(worker_of(town)):
            expected = [str(uuid) for uuid in people_in(rows_of(town.pk, timezone.localdate()))]
        assert len(expected) == PAGE, f"{len(expected)} of {PAGE} rows"
        assert names_on(ours()) == names_on(base()) == expected, "the two pages do not show the same people"
        facts = {"rows": len(expected), "due_in_township": due, "patients": _patients()}
        return compare("worklist", ours, base, goal=GOAL, rounds=200, facts=facts)


def _patients() -> int:
    with system_scope():
        return Patient.objects.count()
