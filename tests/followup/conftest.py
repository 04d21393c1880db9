"""Builders of the follow-up tests: facts with everything good, and a record in the right scope."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.scope import scope
from followup.rules.facts import VisitFacts
from followup.services.visits import Recorded, record_visit
from registry.models import Patient
from tests.factories import id_number

GOOD: dict[str, Any] = {
    "form": "2", "seen": ("1",), "level": 0, "insight": 1, "sleep": 1, "diet": 1, "self_care": 1, "housework": 2,
    "work": 2, "learning": 1, "social": 1, "locked": 1, "hospital": 0, "lab": 1, "adherence": 1, "side_effect": 1,
    "effect": 2, "referral": 1, "doctor_name": "冉医生",
}  # fmt: skip


def good(day: date, **changes: Any) -> VisitFacts:
    return VisitFacts(**{"visited_on": day, **GOOD, **changes})


def days_ago(n: int) -> date:
    return timezone.localdate() - timedelta(days=n)


@dataclass(frozen=True)
class Ago:
    """A day in a table of cases: counted from the day the test runs, not from the day the tests were collected."""

    days: int


def of_today(changes: dict[str, Any], *, iso: bool = False) -> dict[str, Any]:
    """The case with its days; `iso` as text."""
    days = {name: days_ago(value.days) for name, value in changes.items() if isinstance(value, Ago)}
    return changes | ({name: day.isoformat() for name, day in days.items()} if iso else days)


@pytest.fixture
def record() -> Callable[..., Recorded]:
    """Record a visit as `by`, in that person's own reach."""

    def save(patient: Any, by: Any, day: date | None = None, **changes: Any) -> Recorded:
        options = {k: changes.pop(k) for k in ("form_id", "choice", "as_recorded") if k in changes}
        with scope(by):
            return record_visit(
                patient=patient,
                facts=good(day or timezone.localdate(), **changes),
                by=by,
                **{"form_id": uuid4(), **options},
            )

    return save


@pytest.fixture
def person(world) -> Callable[..., tuple[Patient, str]]:
    def make(village: str = "990001001001", **facts: Any) -> tuple[Patient, str]:
        number = id_number()
        return world.patient(village, id_number=number, **facts), number

    return make
