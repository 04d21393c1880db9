"""A list asks the database as often for three rows as for one, on every page and interface that lists something."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Alert, InboxCase
from exchange.services.delivering import deliver_due
from exchange.services.inbox import acknowledge
from followup.rules.facts import VisitFacts
from followup.rules.prescriptions import PrescriptionFacts
from followup.services.attempts import record_missed
from followup.services.prescriptions import prescribe
from followup.services.visits import record_visit
from registry.models import Patient
from registry.services.away import register_away
from registry.services.notices import tell
from registry.services.status import set_status
from registry.services.transfers import propose_transfer
from tests import factories

LONG_ACTING = PrescriptionFacts(
    name="癸氟奋乃静",
    every_weeks="2",
    each="25",
    prescriber="周医师",
    starts_on=timezone.localdate() - timedelta(days=5),
)


def visit(world, patient, level, days):
    """A record some days ago; alerts go out for those of level 3 and above."""
    facts = VisitFacts(
        visited_on=timezone.localdate() - timedelta(days=days), form="2", seen=("1",), level=level, insight=2,
        hospital=0, adherence=1, basis="在家摔东西" if level >= 3 else "",
    )  # fmt: skip
    with scope(world.worker):
        return record_visit(patient=patient, facts=facts, form_id=uuid4(), by=world.worker).visit


def person_with_everything(world, number):
    """One more of everything a list could show: a due date, an alert, a try, a status, an account."""
    patient = world.patient(name=f"试验{'甲乙丙'[number]}")
    visit(world, patient, 1, 120)
    visit(world, patient, 3, 6)
    with scope(world.worker):
        record_missed(patient=patient, on=timezone.localdate(), reason="1", form_id=uuid4(), by=world.worker)
        set_status(patient=patient, value="away", on=timezone.localdate(), by=world.worker, reason="打工")
        type(patient).objects.filter(pk=patient.pk).update(
            next_due_on=timezone.localdate() - timedelta(days=1 + number)
        )
        prescribe(patient=patient, facts=LONG_ACTING, form_id=uuid4(), by=world.worker)
        register_away(patient=patient, on=timezone.localdate(), by=world.worker, to_township=world.town_b)
        propose_transfer(patient=patient, by=world.worker, to_township=world.town_b, reason="moved")
        tell(kind="other", words="请回电。", patient=patient, to_township=world.town_a, by=world.worker)
    deliver_due()
    place = world.town_b
    factories.make_user(Role.TOWNSHIP_LEADER, place, factories.make_agency(AgencyKind.HOSPITAL, place, f"院{number}"))
    return patient


def addresses(world, patient, root, case):
    """(who, address) of every page and interface that lists."""
    one, form = [patient.uuid], [root]
    return [
        *[(world.worker, reverse(name)) for name in (
            "registry:patients", "followup:worklist", "followup:windows", "exchange:sent", "exchange:receipts", "reports:dashboard",
            "reports:unsigned", "api:patients", "api:worklist", "accounts:me", "registry:notices",
            "registry:transfers", "registry:temporary_files", "registry:referrals", "followup:injections", "followup:exams",
        )],
        *[(world.worker, reverse(name, args=one)) for name in (
            "registry:patient", "registry:patient_history", "registry:patient_access", "followup:patient_tab",
            "exchange:patient_tab", "followup:visit_new", "followup:medicine", "api:patient_visits",
        )],
        (world.worker, reverse("followup:visit", args=form)),
        *[(world.commission, reverse(name)) for name in (
            "registry:cases", "reports:dashboard", "reports:reported", "reports:report",
        )],
        *[(world.commission, reverse(name, args=["managed"])) for name in ("reports:indicator", "reports:people")],
        (world.commission, reverse("reports:people", args=["managed"]) + "?side=counted"),
        (world.commission, reverse("reports:live", args=["overdue"])),
        *[(world.police, reverse(name)) for name in ("exchange:inbox", "exchange:inbox_new", "api:alerts")],
        (world.police, reverse("exchange:case", args=[case])),
        (world.auditor, reverse("exchange:ledger")),
        *[(world.security_admin, reverse(name)) for name in ("accounts:users", "accounts:agencies")],
        (world.security_admin, reverse("accounts:user", args=[world.worker.uuid])),
    ]  # fmt: skip


def all_overdue(world):
    """By its own day: the list of the overdue has a row for each."""
    with scope(world.worker):
        Patient.objects.update(next_due_on=timezone.localdate() - timedelta(days=3))


def statements(user, path):
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    assert client.get(path).status_code == 200, path  # what is read once is read now
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def sign(world, patient):
    with scope(world.worker):
        case = Alert.objects.get(patient=patient, agency=world.police.agency).uuid
    with scope(world.police):
        acknowledge(case=InboxCase.objects.get(uuid=case), by=world.police)
    return case


@pytest.mark.django_db(transaction=True)
def test_three_rows_cost_what_one_costs(world):
    first = person_with_everything(world, 0)
    root = visit(world, first, 4, 2).root.uuid
    deliver_due()
    case = sign(world, first)
    pages = addresses(world, first, root, case)
    all_overdue(world)
    for_one = {f"{user.username} {path}": statements(user, path) for user, path in pages}
    for number in (1, 2):
        more = person_with_everything(world, number)
        sign(world, more)
        visit(world, first, 4, 2 - number)  # a longer file of the first, too
    deliver_due()
    sign(world, first)
    all_overdue(world)
    for_three = {f"{user.username} {path}": statements(user, path) for user, path in pages}
    assert for_three == for_one
