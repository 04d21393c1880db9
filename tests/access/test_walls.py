"""The second wall at work, table by table: as `app`, with one township set, nothing else is seen, changed or added."""

import json
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg2.sql import SQL, Identifier, Placeholder

from accounts.scope import scope
from tests.access.world import COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B
from tests.architecture.test_database import event_tables, tables_with

# Nothing of these is in this world; their policies are read from the catalog all the same.
EMPTY_HERE = {
    "exchange_packagerefusal",
    *("exchange_feedback", "exchange_jointvisit", "exchange_jointmember"),
    *("followup_attempt", "followup_caseteam", "followup_draft", "followup_emergency", "followup_emergencycheck"),
    *("followup_checkup", "followup_dispensing", "followup_injection"),
    "followup_colourfall",
    *("followup_incident", "followup_offlist", "followup_plan", "followup_planversion"),
    *("registry_admission", "registry_admissionhelp", "registry_economicstatus", "registry_greenchannel"),
    *("registry_mergeproposal", "registry_parkedchange", "registry_patientgrant", "registry_referral"),
    *("subsidy_agreement", "subsidy_agreementassistant", "subsidy_dutyrecord"),
}
REFUSED = "42501"  # a policy, a trigger or a missing grant
NOT_THERE = "P0002"  # take_place() looks for the patient and sees none


def distinct(table, column):
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT DISTINCT {} FROM {}").format(Identifier(column), Identifier(table)))
        return {value for (value,) in cursor.fetchall()}


def outcome(statement, parameters):
    """Rows touched, or the code of the database's refusal. What was done is taken back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            touched = cursor.rowcount
            transaction.set_rollback(True)
        return touched
    except DatabaseError as error:
        return error.__cause__.pgcode


@pytest.fixture(scope="module")
def towns(world):
    return world.places[TOWN_A].pk, world.places[TOWN_B].pk


@pytest.fixture(scope="module")
def placed(world):
    return tables_with("duty_township")


@pytest.fixture(scope="module")
def filled(placed):
    return [table for table in placed if table not in EMPTY_HERE]


@pytest.fixture(scope="module")
def of_patients(filled):
    return [table for table in filled if table in tables_with("patient_id")]


def test_every_table_has_something_to_hide(placed, towns, world):
    """A wall is proven only against rows of the other side."""
    with scope(counties=[world.places[COUNTY].pk]):
        there = {table: distinct(table, "duty_township") for table in placed}
    assert {table for table, found in there.items() if not set(towns) <= found} == EMPTY_HERE & set(placed)


def test_without_a_setting_nothing_is_seen(placed, world):
    with transaction.atomic():
        assert {table: found for table in placed if (found := distinct(table, "duty_township"))} == {}


def test_a_township_sees_its_own_rows_and_no_others(filled, towns):
    here, _there = towns
    with scope(townships=[here]):
        seen = {table: distinct(table, "duty_township") for table in filled}
    assert seen == {table: {here} for table in filled}


def test_a_county_sees_its_own_rows_and_no_others(filled, world):
    for code in (COUNTY, OTHER_COUNTY):
        county = world.places[code].pk
        with scope(counties=[county]):
            seen = {table: distinct(table, "duty_county") - {county} for table in filled}
        assert seen == {table: set() for table in filled}


def test_a_grant_shows_one_patient_and_no_neighbour(of_patients, world):
    with scope(counties=[world.places[COUNTY].pk]), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_patient WHERE uuid = %s", [world.uuids["other_township"]])
        (patient,) = cursor.fetchone()
    with scope(patients=[patient]):
        assert distinct("registry_patient", "id") == {patient}
        assert {
            table: others for t in of_patients for table in [t] if (others := distinct(t, "patient_id") - {patient})
        } == {}


@pytest.mark.parametrize("act", ["UPDATE {} SET at_township = at_township", "DELETE FROM {}"], ids=["update", "delete"])
def test_another_townships_rows_cannot_be_touched(filled, towns, act):
    here, there = towns
    with scope(townships=[here]):
        done = {
            table: outcome(SQL(act + " WHERE duty_township = %s").format(Identifier(table)), [there])
            for table in filled
        }
    assert {table: code for table, code in done.items() if code not in (0, REFUSED)} == {}


@pytest.mark.parametrize("level", ["township", "county"])
def test_no_row_leaves_its_township_by_an_update(filled, towns, world, level):
    """Also for a county that sees both sides: only hand_over() moves."""
    here, there = towns
    reach = {"township": {"townships": [here]}, "county": {"counties": [world.places[COUNTY].pk]}}[level]
    move = "UPDATE {} SET duty_township = %s WHERE duty_township = %s"
    with scope(**reach):
        done = {table: outcome(SQL(move).format(Identifier(table)), [there, here]) for table in filled}
    assert done == dict.fromkeys(filled, REFUSED)


@pytest.mark.parametrize("written", ["theirs", "ours"])
def test_a_row_cannot_be_added_under_anothers_patient(of_patients, towns, world, written):
    """A row of the other township is offered from here, with its own place on it and with ours."""
    here, there = towns
    done = {}
    for table in of_patients:
        row = _copy_of(table, there, world) | {"duty_township": there if written == "theirs" else here}
        insert = SQL("INSERT INTO {} ({}) VALUES ({})").format(
            Identifier(table), SQL(", ").join(map(Identifier, row)), SQL(", ").join([Placeholder()] * len(row))
        )
        with scope(townships=[here]):
            done[table] = outcome(insert, [*row.values()])
    assert {table: code for table, code in done.items() if code not in (REFUSED, NOT_THERE)} == {}


def _copy_of(table, township, world):
    """A row of the other side as it could be inserted: fresh keys, generated columns left out."""
    with scope(counties=[world.places[COUNTY].pk]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
            "AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position",
            [table],
        )
        kinds = dict(cursor.fetchall())
        columns = SQL(", ").join(map(Identifier, kinds))
        select = SQL("SELECT {} FROM {} WHERE duty_township = %s LIMIT 1").format(columns, Identifier(table))
        cursor.execute(select, [township])
        row = dict(zip(kinds, cursor.fetchone(), strict=True))
    for name, kind in kinds.items():
        if kind == "uuid":
            row[name] = str(uuid4())
        elif kind == "jsonb" and row[name] is not None:
            row[name] = json.dumps(row[name])
    return row


def test_history_follows_the_patient(towns, world):
    here, _there = towns
    tables = sorted(event_tables() & set(tables_with("patient_id")))
    assert len(tables) > 5
    with scope(townships=[here]):
        mine = distinct("registry_patient", "id")
        seen = {table: distinct(table, "patient_id") for table in tables}
    assert {table: found - mine for table, found in seen.items() if found - mine} == {}
    assert len([table for table, found in seen.items() if found]) > 5
    with transaction.atomic():
        assert {table: found for table in tables if (found := distinct(table, "patient_id"))} == {}
