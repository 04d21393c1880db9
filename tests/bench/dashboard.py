"""The whole county dashboard page against the best single statement straight from the visits (plain_dashboard).

Both run as the commission under the same policies. The quarters were counted by the clock before, as every night and
every minute; the page's numbers are compared with the statement's before anything is timed.
"""

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from followup.models import Visit
from followup.services.rebuild import rebuild_summaries
from registry.models import Patient
from reports.queries.figures import figures_of
from reports.rules.cut import Cut
from reports.rules.months import closed_quarters
from reports.services.plans import load_plan
from reports.services.quarters import refresh_quarters
from tests import factories
from tests.bench.database import AREA
from tests.bench.measure import Result, compare
from tests.bench.plain_dashboard import CODES, STATEMENT, asked

GOAL = 0.5
ROUNDS = 60
DENOMINATORS = {"scz": "scz_treated", "home": "stable"}


def commission_of(county: Division) -> User:
    name = f"bench_{county.code}"
    known = User.objects.filter(username=name).first()
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    return known or factories.make_user(Role.COMMISSION, county, agency, username=name, days=3650)


def bench() -> Result:
    county, today = Division.objects.get(code=AREA, valid_to=None), timezone.localdate()
    load_plan("youyang-2023")
    with system_scope():
        rebuild_summaries()  # the visit benchmark's base writes bare rows that no summary knows
    refresh_quarters(today=today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_quartercount")
    user = commission_of(county)
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    question = asked(county.pk, today, len(closed_quarters(today)))

    def ours() -> bytes:
        answer = client.get("/reports/")
        assert answer.status_code == 200
        return answer.content

    def base() -> list[tuple[int, ...]]:
        with scope(user), connection.cursor() as cursor:
            cursor.execute(STATEMENT, question)
            return list(cursor.fetchall())

    totals = dict(zip(CODES, (sum(column) for column in list(zip(*base(), strict=True))[1:]), strict=True))
    with scope(user):
        figures, _ = figures_of(county, Cut(today, today))
    for code, total in totals.items():
        counts = figures.counts[DENOMINATORS.get(code, code)]
        assert counts[1 if code in DENOMINATORS else 0] == total, f"{code}: {counts} against {total} from the visits"
    assert f"{totals['registered']:,}" in ours().decode(), "the page does not show them"
    return compare("dashboard", ours, base, goal=GOAL, rounds=ROUNDS, warm=5, facts=_facts())


def _facts() -> dict[str, object]:
    with system_scope():
        return {"patients": Patient.objects.count(), "visits": Visit.objects.current().count()}
