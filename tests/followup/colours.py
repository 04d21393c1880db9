"""A county with a colour table, for tests: the start values, put in force by the county office."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.scope import scope, system_scope
from followup.models import ColourTable
from followup.queries.colour_difference import difference
from followup.rules.colour_table import START, Table
from followup.services.colour_tables import activate_table, draft_table
from followup.services.colours import sweep_colours
from tests.followup.conftest import days_ago


def put_in_force(world: Any, table: Table = START, starts_on: date | None = None) -> ColourTable:
    day = starts_on or timezone.localdate()
    office = world.county_office
    with scope(office):
        row = draft_table(
            county=world.county, table=table, starts_on=day, basis="试卫发〔2026〕9号", version=None, by=office
        )
        seen = difference(world.county, table, day).moved_count
        row = activate_table(table=row, version=row.version, seen=seen, by=office)
    sweep()
    return row


def sweep(day: date | None = None, *, whole: bool = False) -> int:
    with system_scope():
        return sweep_colours(day, whole=whole)


@pytest.fixture
def red(world: Any, record: Any) -> Any:
    """Somebody red by an assessment, whose newest one is 0."""
    put_in_force(world)
    patient = world.patient(name="分色甲")
    record(patient, world.worker, days_ago(40), level=3, basis="在家砸东西")
    record(patient, world.worker, days_ago(1), level=0)
    return patient
