"""The receiver takes a file while its own township ends it: one waits for the other, nobody meets an error page."""

import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.scope import scope
from registry.models import Transfer
from registry.services.facts import locked
from registry.services.status import close_patient
from registry.services.transfers import answer_transfer, propose_transfer

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits():
    """True once another session waits for a lock (pg_stat_activity would show the same all transaction long)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_taking_a_file_waits_for_its_end_and_holds_nothing_meanwhile(world):
    """Both hold the patient first. Were the transfer held first, closing would wait for it and the database end one."""
    person, answered = world.patient(), []
    worker, receiver = world.worker, world.worker_b
    with scope(worker):
        row = propose_transfer(patient=person, by=worker, to_township=world.town_b, reason="moved")

    def take():
        try:
            with scope(receiver):
                answer_transfer(transfer=row.uuid, answer="accept", by=receiver)
            answered.append("taken")
        except Exception as error:
            answered.append(type(error).__name__)
        finally:
            connections.close_all()

    other = threading.Thread(target=take)
    with scope(worker), transaction.atomic():
        locked(person)
        other.start()
        while other.is_alive() and not somebody_waits():
            time.sleep(0.01)
        close_patient(
            patient=person, value="dead", on=timezone.localdate(), by=worker, reason="家属告知", death_cause="1"
        )
    other.join()
    with scope(receiver):
        assert (answered, Transfer.objects.get().state) == (["Refused"], "closed")
