"""A quarter is frozen, five hundred acts later it says the same digits, and the difference lists exactly who matters.

Source: show 3 of the plans' issue; judged by the slow calculator. The full size runs with NIGHTLY=1.
"""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from registry.models import Patient
from registry.services.identity import id_index
from reports.models import Freeze
from reports.queries.freezes import changes_of, open_freeze
from reports.rules.frozen import outcome_of
from reports.services.freezes import freeze
from reports.terms import FreezeKind
from tests import factories
from tests.journeys.acts import Acts
from tests.journeys.test_numbers_add_up import bring_in, divisions, make_office, places_of  # noqa: F401 - a fixture
from tests.oracle.calculator import SHARES, indicators, outcomes
from tests.oracle.county import County, make_county, write_csv
from tests.oracle.facts import Register

NIGHTLY = bool(os.environ.get("NIGHTLY"))
PATIENTS, VISITS, ACTS = (1_000, 8_000, 500) if NIGHTLY else (110, 800, 120)
AREA = "210905"
OUT = "out"


def last_quarter(today: date) -> date:
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)


@pytest.fixture
def county(divisions: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[County, Register, User]:  # noqa: F811
    today = timezone.localdate()
    office = make_office(AREA)
    made = make_county(AREA, places_of(AREA), seed=23, today=today, patients=PATIENTS, visits=VISITS)
    bring_in("import_patients", write_csv(made.patients, tmp_path / "patients.csv"), office, capsys)
    bring_in("import_visits", write_csv(made.visits, tmp_path / "visits.csv"), office, capsys)
    bring_in("import_population", write_csv(made.population, tmp_path / "population.csv"), office, capsys)
    return made, made.register(), office


def commission_of(code: str) -> User:
    place = Division.objects.get(code=code)
    return factories.make_user(Role.COMMISSION, place, factories.make_agency(AgencyKind.HEALTH_COMMISSION, place))


def who_differs(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> set[tuple[str, str, str, str]]:
    """Figure, person, outcome then and now. Who is not on the register counts like who is out."""
    return {
        (code, key, was, now)
        for code in SHARES
        for key in before[code].keys() | after[code].keys()
        if (was := before[code].get(key, OUT)) != (now := after[code].get(key, OUT))
    }


def listed(row: Freeze, area: Division, by: User, register: Register) -> set[tuple[str, str, str, str]]:
    with scope(by):
        changes = changes_of(open_freeze(row, area), timezone.localdate())
    with system_scope():
        rows = Patient.objects.exclude(id_index=None).values_list("id_index", "pk")
        by_index = {bytes(index): pk for index, pk in rows}
    keys = {by_index[id_index(p.key)]: p.key for p in register.people.values() if id_index(p.key) in by_index}
    return {
        (change.code, keys[each.patient], outcome_of(each.before).value, outcome_of(each.after).value)
        for change in changes
        if change.code in SHARES
        for each in change.people
    }


def test_a_frozen_quarter_keeps_its_digits_and_lists_exactly_who_counts_otherwise(
    county: tuple[County, Register, User],
) -> None:
    made, register, office = county
    today, commission = timezone.localdate(), commission_of(AREA)
    day, area = last_quarter(today), Division.objects.get(code=AREA)
    wanted = indicators(register, made.townships, day)
    before = {code: outcomes(register, towns, day) for code, towns in _areas(made).items()}
    with scope(commission):
        row = freeze(kind=FreezeKind.QUARTER, area=area, as_of=day, by=commission)
    frozen = json.dumps(Freeze.objects.get(pk=row.pk).content, sort_keys=True)
    said = row.content["total"]
    shares = {code: (wanted[code]["numerator"], wanted[code]["denominator"]) for code in SHARES if code in wanted}  # type: ignore[index]
    assert {code: tuple(said[code]) for code in shares} == shares
    assert said["registered"][0] == row.people == wanted["registered"]

    Acts(register, office, seed=23, today=today).do(ACTS)

    again = Freeze.objects.select_related("area", "frozen_by").get(pk=row.pk)
    with scope(commission):
        opened = open_freeze(again, area)
    assert json.dumps(again.content, sort_keys=True) == frozen
    assert (opened.checked.holds, opened.checked.parts) == (True, len(made.townships))
    found = {}
    for code, towns in _areas(made).items():
        after = outcomes(register, towns, day)
        found[code] = who_differs(before[code], after)
        place = Division.objects.get(code=code)
        assert listed(again, place, commission, register) == found[code], code
    assert len({key for _code, key, _was, _now in found[AREA]}) > 5  # the acts did matter
    assert len({code for code, _key, _was, _now in found[AREA]}) > 8


def _areas(made: County) -> dict[str, list[str]]:
    """The county whole, and each of its townships: a transfer backdated moves people between these."""
    return {AREA: made.townships, **{code: [code] for code in made.townships}}
