"""The whole county dashboard page against the best single statement straight from the visits (plain_dashboard).

Both run as the commission under the same policies. The quarters were counted by the clock before, as every night and
every minute; the page's numbers are compared with the statement's before anything is timed.
"""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from followup.models import Dispensing, Medicine, Visit
from followup.services.rebuild import rebuild_summaries
from followup.terms import DrugClass
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
BATCH = "bench"
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
    _hand_out(user := commission_of(county), today)
    refresh_quarters(today=today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_quartercount")
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
        figures, _ = figures_of(county, Cut(today, today), CODES)
    for code, total in totals.items():
        counts = figures.counts[DENOMINATORS.get(code, code)]
        assert counts[1 if code in DENOMINATORS else 0] == total, f"{code}: {counts} against {total} from the visits"
    assert f"{totals['registered']:,}" in ours().decode(), "the page does not show them"
    return compare("dashboard", ours, base, goal=GOAL, rounds=ROUNDS, warm=5, facts=_facts())


def _hand_out(by: User, today: date) -> None:
    """Free medicine for every second patient, as the county's plan wants it for all; once."""
    with system_scope():
        if Dispensing.objects.filter(batch=BATCH).exists():
            return
        medicine = Medicine.objects.filter(kind=DrugClass.SECOND, county=None).order_by("code")[0]
        start = today.replace(month=1, day=1)
        Dispensing.objects.bulk_create(
            Dispensing(
                patient=patient, form_id=uuid4(), medicine=medicine, name=medicine.name, handed_on=start, pack="1",
                amount=Decimal(2), batch=BATCH, days=30, receiver="1", handed_by="-", next_on=today, entered_by=by,
            )
            for patient in Patient.objects.filter(closed_on=None).order_by("pk")[::2]
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE followup_dispensing")


def _facts() -> dict[str, object]:
    with system_scope():
        return {"patients": Patient.objects.count(), "visits": Visit.objects.current().count()}
