"""A merge forgets no table: each one that names a patient is written down with what becomes of its rows."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.refusals import Refused
from accounts.scope import scope
from registry.models import Address, Patient, Transfer
from registry.services.merging import confirm_merge, propose_merge, undo_merge
from registry.services.transfers import propose_transfer
from tests.conftest import VILLAGE_A1, VILLAGE_A2
from tests.registry.merge_fates import FATES, MOVES, ONCE, OPEN, TIMELINE

pytestmark = pytest.mark.django_db
UNIQUE = """
SELECT coalesce(array_agg(a.attname::text ORDER BY a.attname), '{}'), i.indpred IS NOT NULL
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY i.indexrelid, i.indpred IS NOT NULL
"""
# Days of one kind that overlap, among those that still run: merge_begin() drops none of them.
EXCLUDED = """
SELECT EXISTS (SELECT 1 FROM pg_constraint k JOIN pg_index i ON i.indexrelid = k.conindid
WHERE k.conrelid = %s::regclass AND k.contype = 'x' AND i.indpred IS NOT NULL)
"""


def models_of_a_patient():
    found = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.remote_field is not None and field.remote_field.model is Patient and field.db_constraint:
                found[model._meta.db_table] = field.column
    return found


def fate(table, column):
    """What the database functions do with the table, read from its walls as they read them."""
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE, [table])
        walls = [(set(names), partial) for names, partial in cursor.fetchall() if column in names]
        cursor.execute(EXCLUDED, [table])
        excluded = cursor.fetchone() == (True,)
    if ({column, "starts_on"}, False) in walls or table == "registry_address":
        return TIMELINE
    if excluded or (any(partial for _names, partial in walls) and table != "registry_identitystep"):
        return OPEN
    return ONCE if walls else MOVES


def test_every_table_that_names_a_patient_says_what_a_merge_does_with_it():
    """A new table stands in tests/registry/merge_fates.py; its unique walls decide, so think before adding one."""
    tables = models_of_a_patient()
    assert sorted(tables) == sorted(FATES)
    assert {table: fate(table, column) for table, column in tables.items()} == FATES


def test_the_database_finds_the_same_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('app', 'merge_begin(uuid, text[])', 'EXECUTE')")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT DISTINCT k.conrelid::regclass::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
            "WHERE k.contype = 'f' AND k.confrelid = 'registry_patient'::regclass AND NOT c.relispartition"
        )
        assert {table for (table,) in cursor.fetchall()} == set(FATES)


@pytest.fixture
def both(world):
    return world.patient(VILLAGE_A1, "冉启华"), world.patient(VILLAGE_A2, "冉起华")


def proposed(world, both, **said):
    kept, other = both
    with scope(world.worker):
        return propose_merge(kept=kept, other=other, said=said, reason="同一人", by=world.worker)


def test_an_open_transfer_in_both_files_is_settled_first_and_none_is_lost(world, both):
    for one in both:
        with scope(world.worker):
            propose_transfer(patient=one, by=world.worker, to_township=world.town_b, reason="moved")
    proposal = proposed(world, both)
    with scope(world.county_office):
        with pytest.raises(Refused, match="请先把其中一件办结"):
            confirm_merge(proposal=proposal, by=world.county_office)
        assert Transfer.objects.count() == 2


def test_the_addresses_are_the_kept_files_and_a_chosen_one_begins_today(world, both):
    kept, other = both
    with scope(world.worker):
        for one, detail in ((kept, "甲街"), (other, "乙街")):
            said = {"starts_on": one.opened_on, "kind": "household", "detail": detail, "source": "opened"}
            Address.objects.create(patient=one, **said)
            one.household_address = detail
            one.save(update_fields=["household_address"])
    proposal = proposed(world, both, household_address="other")
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
        rows = Address.objects.filter(patient=kept, kind="household").order_by("starts_on")
        assert [(row.detail, row.source) for row in rows] == [("甲街", "opened"), ("乙街", "merged")]
        proposal.refresh_from_db()
        undo_merge(proposal=proposal, reason="弄错", by=world.county_office)
        assert [row.detail for row in Address.objects.filter(patient=other)] == ["乙街"]
        assert [row.detail for row in Address.objects.filter(patient=kept)] == ["甲街"]
