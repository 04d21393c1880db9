"""The same rows by the form's service and by the bulk import: every table equal."""

from datetime import date

import pytest
from django.apps import apps
from django.db import transaction

from accounts.models import Placed
from accounts.scope import scope
from registry import services
from registry.models import Patient
from registry.rules.patient_row import COLUMNS, read_patient_row
from registry.rules.table import make_table
from tests.conftest import TOWN_A
from tests.registry.sheets import WHOLE, row

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def written(models, scope_of):
    """Every table as rows of plain values, without keys, random ids and ciphers."""
    hidden = {"id", "uuid", "patient", "id_number", "phone", "disability_number"}
    with scope(scope_of):
        tables = {}
        for model in models:
            fields = [f for f in model._meta.concrete_fields if f.name not in hidden]
            sealed = [f.name for f in model._meta.concrete_fields if f.name in hidden - {"id", "uuid", "patient"}]
            dated = any(field.name == "starts_on" for field in model._meta.fields)
            order = ["number"] if model is Patient else ["patient__number", *(["starts_on", "pk"] if dated else ["pk"])]
            rows = model.objects.order_by(*order)
            tables[model.__name__] = [
                (*(_plain(getattr(r, f.attname)) for f in fields), *(getattr(r, name) for name in sealed)) for r in rows
            ]
        return tables


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_form_and_bulk_give_equal_tables(world):
    rows = [
        row(**WHOLE), row(姓名="单小明", 性别外=None), row(姓名="乙", 死亡日期="2025-03-01", 死亡原因="1"),
        row(姓名="丙", 迁出日期="2025-03-01", 死亡日期="2025-06-01"), row(姓名="丁", 身份证号="", 无证件原因="未办理"),
        row(姓名="戊", 知情同意="0", 经济状况="2", 现住地区划代码=TOWN_A), row(姓名="己", 排除日期="2024-05-06"),
    ]  # fmt: skip
    rows[1].pop("性别外")
    headers = list(COLUMNS)
    table = make_table([headers, *[[r.get(h) for h in headers] for r in rows]])
    models = [m for m in apps.get_app_config("registry").get_models() if issubclass(m, Placed)]
    events = [m for m in apps.get_app_config("registry").get_models() if hasattr(m, "pgh_tracked_model")]

    def trail():
        with scope(world.worker):
            return {m.__name__: sorted(m.objects.values_list("pgh_label", "at_township")) for m in events}

    assert world.worker
    saved = transaction.savepoint()
    services.import_patients(table=table, by=world.worker)
    bulk, bulk_trail = written(models, world.worker), trail()
    transaction.savepoint_rollback(saved)
    assert all(not rows for rows in written(models, world.worker).values())
    with scope(world.worker):
        for one in table.rows:
            facts, problems = read_patient_row(one, today=TODAY)
            assert problems == []
            services.register_patient(facts=facts, by=world.worker)
    assert len(bulk["Patient"]) == len(rows)
    assert written(models, world.worker) == bulk
    assert trail() == bulk_trail
