"""At rest and in the history: what was disclosed is ciphertext, bound to its row."""

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from accounts.scope import scope
from exchange.models import AlertEntry, Disclosure
from exchange.services.disclosing import content_digest
from tests.exchange.conftest import save

pytestmark = pytest.mark.django_db
SECRETS = ("试验患者", "19900000002", "3组18号", "试验监护人")


def rows_as_text():
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'exchange\\_%%'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT t::text FROM {table} t")
                yield from (text for (text,) in cursor.fetchall())


def test_no_table_of_exchange_holds_a_persons_data_in_clear(world):
    save(world.worker, world.patient(), 4)
    with scope(world.worker):
        whole = "\n".join(rows_as_text())
    assert "东一社区" in whole  # the area does stand there: the search finds what is to be found
    assert [secret for secret in SECRETS if secret in whole or secret.encode().hex() in whole] == []


def test_a_content_copied_to_another_entry_does_not_open(world):
    save(world.worker, world.patient(), 4)
    with scope(world.worker):
        first, second = AlertEntry.objects.order_by("id")[:2]
        stolen = first.__dict__["content"]
        second.__dict__["content"] = stolen
        with pytest.raises(InvalidTag):
            assert second.content


def test_the_ledgers_digest_proves_what_was_told(world):
    patient = world.patient()
    save(world.worker, patient, 4)
    with scope(world.worker):
        told = {entry.uuid: content_digest(entry.content) for entry in AlertEntry.objects.all()}
        proven = {line.entry: bytes(line.digest) for line in Disclosure.objects.all()}
    assert told == proven
