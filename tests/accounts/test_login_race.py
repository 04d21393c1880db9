"""Many at once: a code is spent once, guesses queue up at the gate. Real connections, real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import BackupCode, LoginThrottle
from accounts.services.codes import code_digest
from accounts.services.login import check_backup_code, check_code, check_password
from tests.accounts.conftest import ADDRESS, code_now
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(times, act):
    """Run `act` on so many connections at the same moment; the answers."""
    gate = Barrier(times)

    def one(_):
        gate.wait(10)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_one_code_lets_one_of_eight_in(worker):
    code = code_now()
    passed = at_once(8, lambda: check_code(user=worker, code=code, address=ADDRESS))
    assert sorted(passed) == [*[False] * 7, True]


def test_one_code_from_eight_addresses_lets_one_in(worker):
    code, addresses = code_now(), iter([f"192.0.2.{n}" for n in range(1, 9)])
    passed = at_once(8, lambda: check_code(user=worker, code=code, address=next(addresses)))
    assert sorted(passed) == [*[False] * 7, True]


def test_one_backup_code_lets_one_in(worker):
    BackupCode.objects.create(user=worker, digest=code_digest("backup", "K7QM-3XTA-9BWD"))
    passed = at_once(6, lambda: check_backup_code(user=worker, code="K7QM-3XTA-9BWD", address=ADDRESS))
    assert sorted(passed) == [*[False] * 5, True]


def test_eight_guesses_at_once_are_five_guesses_then_a_wait(worker):
    assert at_once(8, lambda: check_password(username="worker", password="wrong", address=ADDRESS)) == [None] * 8
    assert LoginThrottle.objects.get().failures == 5
    assert check_password(username="worker", password=PASSWORD, address=ADDRESS) is None
