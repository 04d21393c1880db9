"""A plan for the test county: the pack of 酉阳 with another area."""

import pytest
from django.db.models.signals import post_save

from accounts.models import AccessLog, AuditEvent
from reports.queries import packs
from reports.services.plans import load_plan
from tests.conftest import COUNTY, VILLAGE_A1
from tests.reports.records import add_visits
from tests.reports.supervising import found

PLAN = "test-plan"


@pytest.fixture
def someone(world):
    """A patient by name, with visits."""

    def made(name, *history, village=VILLAGE_A1, **facts):
        patient = world.patient(village, name, **facts)
        add_visits(patient, history, world.worker)
        return patient

    return made


@pytest.fixture
def plan_text():
    return (packs.FOLDER / "youyang-2023.toml").read_text(encoding="utf-8")


@pytest.fixture
def plan(world, plan_text, tmp_path, monkeypatch):
    """Loaded for 甲县; `packs.pack(PLAN)` reads it."""
    text = plan_text.replace('area = "500242"', f'area = "{COUNTY}"').replace('id = "youyang-2023"', f'id = "{PLAN}"')
    (tmp_path / f"{PLAN}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan(PLAN)
    return packs.pack(PLAN)


@pytest.fixture
def events():
    """The audit events written during the test, in order. The application itself may not read them back."""
    yield from _written(AuditEvent)


@pytest.fixture
def looks():
    """The access rows written during the test."""
    yield from _written(AccessLog)


def _written(model):
    found = []

    def note(instance, **_):
        found.append(instance)

    post_save.connect(note, sender=model)
    yield found
    post_save.disconnect(note, sender=model)


@pytest.fixture
def late(world, plan):
    """A finding of the first township whose term passed yesterday."""
    return found(world)
