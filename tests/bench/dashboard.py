"""The whole county dashboard page against the one statement that counts its main figures straight from the visits.

The base is the product's own straight statement (reports.queries.periods), which any other cut-off day runs: as-of
facts, records and counts in one, grouped by township, under the same policies. The closed quarters were counted by
the clock before, as every night.
"""

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from followup.models import Visit
from registry.models import Patient
from reports.queries.figures import Counts, add, counts_sql, figures_of, none_counted, read_counts
from reports.queries.periods import place_of, straight_sql
from reports.rules.cut import Cut
from reports.services.plans import load_plan
from reports.services.quarters import refresh_quarters
from tests import factories
from tests.bench.database import AREA
from tests.bench.measure import Result, compare

GOAL = 0.5
ROUNDS = 60


def commission_of(county: Division) -> User:
    name = f"bench_{county.code}"
    known = User.objects.filter(username=name).first()
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    return known or factories.make_user(Role.COMMISSION, county, agency, username=name, days=3650)


def bench() -> Result:
    county, today = Division.objects.get(code=AREA, valid_to=None), timezone.localdate()
    load_plan("youyang-2023")
    refresh_quarters(today=today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_quartercount")
    user, cut = commission_of(county), Cut(today, today)
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    statement = counts_sql(straight_sql(place_of(county), cut), cut, "township")

    def ours() -> bytes:
        answer = client.get("/reports/")
        assert answer.status_code == 200
        return answer.content

    def base() -> Counts:
        with scope(user), connection.cursor() as cursor:
            cursor.execute(statement)
            total = none_counted()
            for row in cursor.fetchall():
                total = add(total, read_counts(row[1:]))
            return total

    with scope(user):
        figures, _ = figures_of(county, cut)
    assert base() == figures.counts, "summary rows and visits do not give the same figures"
    assert f"{figures.count('registered'):,}" in ours().decode(), "the page does not show them"
    return compare("dashboard", ours, base, goal=GOAL, rounds=ROUNDS, warm=5, facts=_facts())


def _facts() -> dict[str, object]:
    with system_scope():
        return {"patients": Patient.objects.count(), "visits": Visit.objects.current().count()}
