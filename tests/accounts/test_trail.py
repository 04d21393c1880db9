"""The trail: append-only for the application, kept for refused looks too, and readable for one person."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AccessLog, AuditEvent
from accounts.queries.access import who_saw
from accounts.scope import scope
from accounts.terms import FieldGroup, Purpose
from tests.conftest import World

TABLES = ("accounts_accesslog", "accounts_auditevent")


def refused(sql: str) -> str:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ("UPDATE {} SET request = 'x'", "DELETE FROM {}", "TRUNCATE {}", "SELECT * FROM {}"))
def test_the_application_only_adds_to_the_trail(db: None, table: str, act: str) -> None:
    assert "permission denied" in refused(act.format(table))


@pytest.mark.parametrize("table", TABLES)
def test_a_month_s_own_table_is_closed_too(db: None, table: str) -> None:
    month = timezone.localdate().strftime("%Y%m")
    assert "permission denied" in refused(f"DELETE FROM {table}_{month}")
    assert "permission denied" in refused(f"INSERT INTO {table}_{month} (at, uuid) VALUES (now(), gen_random_uuid())")


def test_a_command_s_reads_stand_in_the_log(world: World) -> None:
    person = uuid4()
    with scope(world.worker, route="command:test"):
        audit.saw([person], [FieldGroup.IDENTITY], Purpose.IMPORT)
    with scope(world.worker):
        rows = who_saw(person)
    assert [(row.actor_name, row.groups, row.purpose, row.route) for row in rows] == [
        (world.worker.display_name, ["F1"], "import", "command:test")
    ]


def test_a_task_that_reads_very_many_leaves_nobody_out_and_nobody_twice(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(audit, "MOST_IN_A_ROW", 4)
    people, rows = [uuid4() for _ in range(10)], []
    plain = audit.write_access
    monkeypatch.setattr(
        audit, "write_access", lambda seen, **more: (rows.append(len(seen.persons)), plain(seen, **more))
    )
    with scope(world.worker, route="command:test"):
        for start in range(0, 10, 3):
            audit.saw(people[start : start + 3], [FieldGroup.IDENTITY], Purpose.EXCHANGE)
    assert rows == [6, 4]
    with scope(world.worker):
        found = {person: [(row.groups, row.purpose, row.route) for row in who_saw(person)] for person in people}
    assert all(seen == [(["F1"], "exchange", "command:test")] for seen in found.values())


def test_events_carry_actor_agency_and_request(world: World) -> None:
    with audit.look("abc") as look:
        facts = audit.event_facts("x.y", world.worker, by=world.worker, because="因为", facts={"day": "2026-01-01"})
    assert look.persons == set()
    assert facts["actor"] == world.worker.uuid
    assert facts["agency"] == world.worker.agency.uuid
    assert facts["request"] == "abc"
    system = audit.event_facts("x.y", None, by=None)
    assert (system["actor"], system["actor_name"]) == (None, "系统")


def test_both_logs_have_months_made_ahead(db: None) -> None:
    with connection.cursor() as cursor:
        for model in (AccessLog, AuditEvent):
            cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [model._meta.db_table])
            assert cursor.fetchone()[0] >= 13
