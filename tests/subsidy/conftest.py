"""Builders: a county with its scheme, an agreement as signed, people beside the patient."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.scope import scope
from registry.services.around import name_companion
from registry.terms import CompanionRole
from subsidy.models import Agreement, CountyScheme
from subsidy.queries.presets import FOLDER
from subsidy.rules.agreements import AgreementFacts
from subsidy.services.agreements import sign_agreement
from subsidy.services.schemes import adopt_scheme


def day(ago: int) -> date:
    return timezone.localdate() - timedelta(days=ago)


def facts(**more: Any) -> AgreementFacts:
    start = more.pop("starts_on", day(100))
    values: dict[str, Any] = {
        "starts_on": start, "ends_on": start + timedelta(days=364), "signed_on": min(start, day(0)), "duties_read": True,
    }  # fmt: skip
    return AgreementFacts(**values | more)


@pytest.fixture
def sign(world: Any) -> Callable[..., Agreement]:
    def make(patient: Any, by: Any = None, upload: Any = None, **more: Any) -> Agreement:
        user = by or world.worker
        with scope(user):
            return sign_agreement(patient=patient, facts=facts(**more), by=user, upload=upload)

    return make


@pytest.fixture
def adopt(world: Any) -> Callable[..., CountyScheme]:
    def make(scheme: str = "zoucheng-2019", starts_on: date | None = None) -> CountyScheme:
        text = (FOLDER / f"{scheme}.toml").read_text(encoding="utf-8")
        with scope(world.county_office):
            return adopt_scheme(
                county=world.county, text=text, starts_on=starts_on or day(400), basis="县办〔2026〕1号",
                by=world.county_office,
            )  # fmt: skip

    return make


@pytest.fixture
def assistants(world: Any) -> Callable[..., None]:
    def name(patient: Any, *names: str, on: date | None = None) -> None:
        with scope(world.worker):
            for one in names:
                name_companion(
                    patient=patient, role=CompanionRole.ASSISTANT, on=on or day(200), name=one, by=world.worker,
                    relation="4",
                )  # fmt: skip

    return name
