"""The reach of a transaction: what the database shows is what the assignments of the day allow."""

import pytest
from django.db import connection, transaction

from accounts.scope import scope, system_scope
from registry.models import Patient
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1, World


@pytest.fixture
def four(world: World) -> dict[str, Patient]:
    return {code: world.patient(code) for code in (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1)}


def seen() -> set[str]:
    return {code for code in Patient.objects.values_list("village__code", flat=True) if code}


def test_tests_run_as_the_application_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("app",)


def test_without_a_scope_nobody_is_visible(four: dict[str, Patient]) -> None:
    assert seen() == set()


@pytest.mark.parametrize(
    ("member", "expected"),
    (
        ("worker", {VILLAGE_A1, VILLAGE_A2}),
        ("worker_b", {VILLAGE_B1}),
        ("county_office", {VILLAGE_A1, VILLAGE_A2, VILLAGE_B1}),
        ("stranger", {VILLAGE_C1}),
        ("police", set()),
        ("auditor", set()),
        ("system_admin", set()),
    ),
)
def test_the_wall_shows_the_reach_of_the_assignment(
    world: World, four: dict[str, Patient], member: str, expected: set[str]
) -> None:
    with scope(getattr(world, member)):
        assert seen() == expected


def test_a_village_doctor_is_narrowed_by_the_filter_to_the_village(world: World, four: dict[str, Patient]) -> None:
    with scope(world.village_doctor):
        visible = Patient.objects.visible_to(world.village_doctor).values_list("village__code", flat=True)
        assert list(visible) == [VILLAGE_A1]


def test_a_nested_scope_gives_the_outer_reach_back(world: World, four: dict[str, Patient]) -> None:
    with scope(world.worker):
        with scope(world.stranger):
            assert seen() == {VILLAGE_C1}
        assert seen() == {VILLAGE_A1, VILLAGE_A2}
        with pytest.raises(ValueError, match="undone"), scope(world.stranger):
            raise ValueError("undone")
        assert seen() == {VILLAGE_A1, VILLAGE_A2}
    assert seen() == set()


def test_the_system_reaches_every_county(four: dict[str, Patient]) -> None:
    with system_scope():
        assert seen() == set(four)


def test_the_duty_township_cannot_be_rewritten_even_by_the_county(world: World, four: dict[str, Patient]) -> None:
    with scope(world.county_office), pytest.raises(Exception, match="hand_over"), transaction.atomic():
        Patient.objects.filter(village__code=VILLAGE_A1).update(duty_township=world.town_b.pk)
