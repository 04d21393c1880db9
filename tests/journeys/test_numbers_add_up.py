"""Every indicator the product prints equals the slow calculator's, after an import and after hundreds of edits.

Source: show 2 of the first issue and of the fourth. The full size (1,000 people, 8,000 records, 800 acts a county; ten
counties of the five areas with five seeds, on six days) runs with NIGHTLY=1.
"""

import json
import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import AgencyKind, Role
from tests import factories
from tests.journeys.acts import Acts
from tests.journeys.yearly_return import check_return
from tests.oracle.calculator import indicators
from tests.oracle.county import County, make_county, write_csv, write_xlsx
from tests.oracle.facts import Register
from tests.oracle.people import Place

NIGHTLY = bool(os.environ.get("NIGHTLY"))
PATIENTS, VISITS, ACTS = (1_000, 8_000, 800) if NIGHTLY else (150, 1_200, 260)


class Case(NamedTuple):
    code: str
    seed: int
    workbook: bool  # files as .xlsx with real dates, else .csv


CASES = [
    pytest.param(Case("500242", 11, workbook=False), id="39-townships-csv"),
    pytest.param(Case("370883", 12, workbook=True), id="zoucheng-xlsx"),
    pytest.param(Case("210905", 13, workbook=False), id="four-townships-csv"),
]
if NIGHTLY:
    MORE = ("370481", "410102", "210921", "210922", "210902", "210911", "210904")
    CASES += [pytest.param(Case(code, 11 + at % 5, workbook=False), id=code) for at, code in enumerate(MORE, 3)]


def cut_off_dates(today: date) -> list[date]:
    """A quarter's end, a day inside a quarter, the end of last year, today; at full size two days of earlier years."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    earlier = [date(today.year - 1, 5, 17), date(today.year - 2, 12, 31)] if NIGHTLY else []
    return [quarter, quarter - timedelta(days=44), date(today.year - 1, 12, 31), today, *earlier]


def places_of(code: str) -> list[Place]:
    """The townships with their villages, from the project's own list of divisions."""
    townships = Division.objects.filter(level="township", code__startswith=code).order_by("code")
    villages = Division.objects.filter(level="village", code__startswith=code).order_by("code")
    below: dict[str, list[str]] = {}
    for village in villages:
        below.setdefault(village.code[:9], []).append(village.code)
    return [Place(town.code, below.get(town.code, [town.code])) for town in townships]


@pytest.fixture
def divisions(transactional_db: None) -> None:
    call_command("load_divisions", verbosity=0)


def make_office(code: str) -> User:
    place = Division.objects.get(code=code)
    return factories.make_user(Role.COUNTY_OFFICE, place, factories.make_agency(AgencyKind.PREVENTION_OFFICE, place))


def bring_in(command: str, file: Path, by: User, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """Run an import command; answers its last line as numbers. Exit code 1 means refused rows, and only that."""
    code = 0
    try:
        call_command(command, str(file), "--by", by.username)
    except SystemExit as stop:
        code = int(stop.code or 0)
    line = capsys.readouterr().out.strip().splitlines()[-1]
    counts = {word: int(number) for word, number in re.findall(r"(\w+) (\d+)", line)}
    assert line == "created {created}, updated {updated}, unchanged {unchanged}, refused {refused}".format(**counts)
    assert code == (1 if counts["refused"] else 0)
    return counts


def printed(area: str, day: date, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    call_command("indicators", "--area", area, "--as-of", day.isoformat(), "--by", "township", "--format", "json")
    return json.loads(capsys.readouterr().out)


def only_known(found: dict[str, object], wanted: dict[str, object]) -> dict[str, object]:
    """What the calculator knows, of what was printed; extra words beside the three numbers are free."""
    kept: dict[str, object] = {}
    for code, value in wanted.items():
        said = found[code]
        kept[code] = {key: said[key] for key in value} if isinstance(value, dict) else said  # type: ignore[index]
        if code == "prevalence" and isinstance(value, dict) and value["denominator"] is None:
            kept[code]["denominator"] = None  # type: ignore[index]  # only the rate must be unknown then
    return kept


def check(county: County, register: Register, day: date, capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(county.code, day, capsys)
    wanted = indicators(register, county.townships, day)
    assert only_known(said["indicators"], wanted) == wanted, day  # type: ignore[arg-type]
    towns: dict[str, dict[str, object]] = said["townships"]  # type: ignore[assignment]
    assert sorted(towns) == sorted(county.townships)  # also those with nobody
    for code in county.townships:
        own = indicators(register, [code], day)
        assert only_known(towns[code], own) == own, (day, code)


def check_other_areas(county: County, register: Register, day: date, capsys: pytest.CaptureFixture[str]) -> None:
    """A township asked for alone, and the city above: the same people counted from below and from above."""
    busiest = max(county.townships, key=lambda code: sum(p.township(day) == code for p in register.people.values()))
    own = indicators(register, [busiest], day)
    said = printed(busiest, day, capsys)
    assert only_known(said["indicators"], own) == own  # type: ignore[arg-type]
    assert list(said["townships"]) == [busiest]  # type: ignore[call-overload]
    above = Division.objects.get(code=county.code).parent
    assert above is not None
    townships = [place.township for place in places_of(above.code)]
    whole = indicators(register, townships, day)
    said = printed(above.code, day, capsys)
    assert only_known(said["indicators"], whole) == whole  # type: ignore[arg-type]
    assert sorted(said["townships"]) == sorted(townships)  # type: ignore[call-overload]


@pytest.mark.parametrize("case", CASES)
def test_indicators_equal_the_calculator(
    case: Case, divisions: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = timezone.localdate()
    office = make_office(case.code)
    county = make_county(case.code, places_of(case.code), seed=case.seed, today=today, patients=PATIENTS, visits=VISITS)
    register = county.register()
    write, kind = (write_xlsx, "xlsx") if case.workbook else (write_csv, "csv")
    files = {
        "import_patients": write(county.patients, tmp_path / f"patients.{kind}"),
        "import_visits": write(county.visits, tmp_path / f"visits.{kind}"),
        "import_population": write_csv(county.population, tmp_path / "population.csv"),
    }

    first = {command: bring_in(command, file, office, capsys) for command, file in files.items()}
    assert first["import_patients"] == {"created": PATIENTS, "updated": 0, "unchanged": 0, "refused": 0}
    assert first["import_visits"] == {
        "created": VISITS, "updated": 0, "unchanged": 0, "refused": county.refused_visits,
    }  # fmt: skip
    assert first["import_population"]["refused"] == 0
    for day in cut_off_dates(today):
        check(county, register, day, capsys)

    again = {command: bring_in(command, file, office, capsys) for command, file in files.items()}
    assert [(counts["created"], counts["updated"]) for counts in again.values()] == [(0, 0)] * 3

    acts = Acts(register, office, seed=case.seed, today=today)
    acts.do(ACTS)
    assert sum(acts.done.values()) == ACTS
    assert len(acts.done) == 16  # every kind of act was done
    for day in cut_off_dates(today):
        check(county, register, day, capsys)
    check_other_areas(county, register, today, capsys)
    check_other_areas(county, register, cut_off_dates(today)[1], capsys)
    for year in (today.year - 1, today.year):
        check_return(register, county.townships, Division.objects.get(code=case.code), year, today)
    call_command("rebuild_summaries", "--check")  # exits 1 on any difference
