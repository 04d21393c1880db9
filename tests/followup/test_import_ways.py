"""Two ways to write the same records, one by one and by sets: no table may tell them apart. Source: decisions A9."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.scope import scope, system_scope
from followup.rules.visit_row import read_visit_row
from followup.services.rebuild import rebuild_summaries
from followup.services.visit_import import import_visits
from followup.services.visits import record_visit
from registry.models import Patient
from tests.followup.conftest import days_ago
from tests.followup.test_import import row, table

pytestmark = pytest.mark.django_db


def _mixed(number: str) -> list[dict[str, Any]]:
    """Rows in no order, classes given and not, hospital, loss, two on a day, checks within 21 days."""
    return [
        row(number, days_ago(300), 危险性="1"),
        row(number, days_ago(290), 危险性="1", 治疗效果="3"),
        row(number, days_ago(279), 危险性="2", 目前症状="3;12", 治疗效果="1"),
        row(number, days_ago(700), 随访分类="3", 下次随访日期=days_ago(600).isoformat()),
        row(number, days_ago(150), 危险性=None, 住院情况="1", 用药依从性="2"),
        row(number, days_ago(120), 住院情况="2", 末次出院日期=days_ago(130).isoformat(), 危险性="4", 随访分类="2"),
        row(number, days_ago(120), 随访形式="3", 危险性="3", 肇事="1", 轻度滋事="2"),
        row(number, days_ago(60), 危险性=None, 住院情况=None, 失访原因="1"),
        row(number, days_ago(30), 症状明显="1", 不良反应严重="1", 药物不良反应="2", 随访医生=None),
        row(number, days_ago(12), 用药指导="同上", 个案管理="每月一次家庭会"),
    ]


SKIPPED = {"id", "root_id", "patient_id", "entered_at", "form_id", "uuid", "pgh_id", "pgh_obj_id", "pgh_created_at",
           "pgh_context", "pgh_context_id", "at", "subject", "person", "request"}  # fmt: skip


def _dump(table_name: str, patient: Patient) -> list[dict[str, Any]]:
    key = {"registry_patient": "id"}.get(table_name, "patient_id")
    order = {"registry_patient": "id", "followup_patientyear": "year"}.get(table_name, "id")
    if table_name.endswith("historyevent"):
        order = "pgh_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table_name} WHERE {key} = %s ORDER BY {order}", [patient.pk])
        names = [column.name for column in cursor.description]
        return [{n: v for n, v in zip(names, line, strict=True) if n not in SKIPPED} for line in cursor.fetchall()]


PERSONAL = {"number", "name", "id_number", "id_index", "phone", "version"}


def _one_by_one(patient: Patient, number: str, by: Any) -> None:
    rows = [read_visit_row(line, today=timezone.localdate())[0] for line in table(*_mixed(number)).rows]
    with scope(by):
        for line in sorted(rows, key=lambda r: (r.facts.visited_on, r.number)):
            record_visit(
                patient=patient,
                facts=line.facts,
                choice=line.choice,
                form_id=uuid4(),
                by=by,
                source="import",
                as_recorded=True,
            )


def test_one_by_one_and_by_sets_write_the_same_rows_in_every_table(world, person):
    one, number_one = person()
    many, number_many = person()
    import_visits(table=table(*_mixed(number_many)), by=world.worker)
    _one_by_one(one, number_one, world.worker)
    with scope(world.worker):
        for name in ("followup_visitroot", "followup_visit", "followup_visithistoryevent", "followup_patientyear"):
            assert _dump(name, one) == _dump(name, many), name
        (mine,), (theirs,) = _dump("registry_patient", one), _dump("registry_patient", many)
        assert {k: v for k, v in mine.items() if k not in PERSONAL} == {
            k: v for k, v in theirs.items() if k not in PERSONAL
        }
        assert len(_dump("followup_visit", one)) == 10
    with system_scope():
        assert rebuild_summaries(check=True) == []


def _rows_of(sql: str, params: Any, names: list[str]) -> list[Any]:
    """One row goes in with its values, many from the temporary table that they were copied to."""
    if "staged_accounts_auditevent" not in sql:
        return [params]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM staged_accounts_auditevent ORDER BY row_order")
        return list(cursor.fetchall())


def _plain(value: Any) -> Any:
    """JSON goes in as its text and comes out as what it says."""
    adapted = getattr(value, "adapted", value)
    if isinstance(adapted, str) and adapted.startswith("{"):
        return json.loads(adapted)
    return adapted if isinstance(adapted, dict) else str(adapted or "")


def test_the_audit_is_the_same_both_ways(world, person):
    """The application may write the trail and not read it: the rows are caught on their way to the database."""
    written: list[dict[str, Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "accounts_auditevent"'):
            names = [name.strip(' "') for name in sql.split("(")[1].split(")")[0].split(",")]
            for values in _rows_of(sql, params, names):
                line = dict(zip(names, values, strict=True))
                written.append({k: _plain(v) for k, v in line.items() if k not in SKIPPED})
        return execute(sql, params, many, context)

    one, number_one = person()
    _, number_many = person()
    with connection.execute_wrapper(watch):
        import_visits(table=table(*_mixed(number_many)), by=world.worker)
        by_sets = written[:]
        written.clear()
        _one_by_one(one, number_one, world.worker)
    assert len(by_sets) == 10
    assert written == by_sets
