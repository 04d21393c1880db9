"""Two at once: deliveries, signatures, a move against an assessment."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Assignment
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Alert, AlertEntry, Delivery, DeliveryEvent, JointVisit, Package, Receipt
from exchange.queries.receipts import office_cases, with_receipts
from exchange.rules.deadlines import Patience
from exchange.services.delivering import MOST_ATTEMPTS, claim_next, deliver, deliver_due
from exchange.services.joint import arrange_joint
from exchange.services.preparing import open_due, prepare_due
from exchange.tasks import deliver as deliver_task
from exchange.tasks import sweep
from tests import factories
from tests.exchange.conftest import cases_of, days_ago, ledger, save, sign
from tests.exchange.templates import in_force
from tests.exchange.test_raising import POLICE_A

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own from a common start; results, or the refusal's class name."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            results[index] = act()
        except Refused:  # whichever kind of refusal: to its reader it is one
            results[index] = "Refused"
        except Exception as error:
            results[index] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_many_deliverers_at_once_deliver_each_entry_once(world):
    for n in range(5):
        save(world.worker, world.patient(name=f"第{n}人"), 3)
    assert sum(at_once(*[deliver_due] * 6)) == 20
    with scope(counties=[world.county.pk]):
        assert Receipt.objects.count() == DeliveryEvent.objects.count() == AlertEntry.objects.count() == 20


def test_one_joint_form_sent_twice_at_once_is_one_visit(world):
    patient, form_id, at = world.patient(), uuid4(), timezone.now() + timedelta(days=1)
    worker, police = world.worker, world.police

    def arrange():
        with scope(worker):
            row = arrange_joint(
                patient=patient, planned_at=at, sheet={"name": "x"}, members=[police], form_id=form_id, by=worker
            )
            return row.uuid

    results = at_once(arrange, arrange, arrange)
    with scope(worker):
        assert set(results) == {JointVisit.objects.get().uuid}
    assert [line.act for line in ledger(patient)] == ["disclosed"]


def test_tasks_called_twice_and_in_parallel_change_nothing_more(world):
    save(world.worker, world.patient(), 3)
    at_once(deliver_task, sweep, deliver_task, sweep)
    with scope(counties=[world.county.pk]):
        before = list(Receipt.objects.order_by("id").values_list())
    assert len(before) == 4
    assert (deliver_task(), sweep()) == (0, 0)
    with scope(counties=[world.county.pk]):
        assert list(Receipt.objects.order_by("id").values_list()) == before


def test_a_claim_that_ran_out_is_worth_nothing(world, settings):
    settings.LEASE_SECONDS = 0
    save(world.worker, world.patient(), 3)
    slow = claim_next()
    quick = claim_next()
    assert slow.delivery == quick.delivery
    assert (deliver(slow), deliver(quick), deliver(quick)) == (False, True, False)


@contextmanager
def closed_inbox():
    """The owner holds the inbox's table, so that no delivery gets in, and we do not wait for it."""
    at = connection.settings_dict
    with psycopg2.connect(dbname=at["NAME"], user="owner", host=at["HOST"], port=at["PORT"] or None) as owner:
        owner.cursor().execute("LOCK TABLE exchange_receipt IN SHARE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5ms'")
        yield
    owner.close()
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def test_a_delivery_that_fails_is_put_off_and_comes_later(world, settings):
    settings.LEASE_SECONDS = 0
    save(world.worker, world.patient(), 3)
    with closed_inbox():
        assert deliver_due(limit=4) == 0
    with scope(counties=[world.county.pk]):
        outcomes = list(DeliveryEvent.objects.values_list("outcome", "note"))
    assert outcomes == [("put_off", "OperationalError")] * 4
    assert deliver_due() == 4


def test_a_delivery_that_fails_for_ever_rests_and_the_list_says_so(world, settings):
    settings.LEASE_SECONDS = 0
    save(world.worker, world.patient(), 3)
    with closed_inbox():
        assert deliver_due() == 0
    assert deliver_due() == 0
    with scope(counties=[world.county.pk]):
        assert Delivery.objects.filter(failed_at__isnull=False, attempts=MOST_ATTEMPTS).count() == 4
        (case, *_) = office_cases(
            with_receipts(Alert.objects.all()), patience=Patience(24, 72, 48), now=timezone.localtime()
        )
    assert (case.line.bold, case.line.tone) == (f"{POLICE_A}没有收到", "urgent")


def test_two_officers_sign_at_once_and_one_of_them_is_the_signer(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    deliver_due()
    assert world.police
    assert sorted(at_once(lambda: sign(world.police), lambda: sign(world.police))) == [0, 1]
    assert cases_of(patient)[POLICE_A]


@pytest.mark.parametrize("level", [1, 4])
def test_a_move_against_an_assessment_leaves_the_case_with_one_township(world, level):
    from registry.services.moves import move_patient

    mover = world.county_office  # everybody is there before the threads
    assert world.worker_b != mover
    for n in range(4):
        patient = world.patient(name=f"第{n}人")
        save(world.worker, patient, 3)

        def moving(who=patient):
            with scope(mover):
                found = type(who).objects.get(pk=who.pk)
                move_patient(patient=found, on=days_ago(0), to_township=world.town_b, by=mover)
                return "moved"

        def assessing(who=patient):
            return save(mover, who, level) and "saved"

        assert at_once(moving, assessing) == ["moved", "saved"]
        with scope(counties=[world.county.pk]):
            still = Alert.objects.filter(patient=patient).open().select_related("agency__division")
            places = sorted({case.agency.division.name for case in still})
        assert places == ([] if level < 3 else ["甲县", "西镇"])


def test_two_clocks_open_a_period_once(world):
    """Six beats at the very second of the quarter: each package exists once, opened by one of them."""
    county = world.county
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    clerk, officer = (factories.make_user(role, county, office) for role in (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER))
    Assignment.objects.update(ends_on=None)
    in_force(county, "police.quarterly", clerk=clerk, officer=officer)
    today = timezone.localdate()
    found = at_once(*[lambda: open_due(today)] * 6)
    assert sorted(found) == [0, 0, 0, 0, 0, 1]
    (row,) = Package.objects.all()
    assert sum(at_once(*[prepare_due] * 4)) == 1
    row.refresh_from_db()
    assert row.state == "prepared"
