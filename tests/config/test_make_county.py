"""The synthetic county: the same for the same seed, believable in its numbers, and ready to be logged into."""

import base64
import json
import stat
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.queries.places import division
from accounts.rules.passwords import PasswordOwner, problems
from accounts.scope import scope
from accounts.services.passwords import known_passwords, password_policy
from accounts.terms import AgencyKind, Role
from config.demo.facts import Township, Village
from config.demo.people import make_people
from config.demo.visits import visit_rows
from exchange.models import Alert
from followup.models import Visit
from registry.models import Patient
from registry.rules.id_number import read_id_number
from tests.accounts.conftest import code_now

TODAY = date(2026, 12, 7)
TOWNS = [
    Township(
        f"500242{number:03d}",
        f"第{number}镇",
        tuple(Village(f"500242{number:03d}{place:03d}", f"{place}村") for place in range(1, 8)),
        "随访医生",
        0.93,
    )
    for number in range(101, 121)
]


def people(seed=1, area="500242", patients=2000):
    return make_people(area=area, towns=TOWNS, patients=patients, years=2, seed=seed, today=TODAY)


def visits(made, seed=1, years=2):
    by_code = {town.code: town for town in TOWNS}
    return [
        list(visit_rows(one, by_code[one.township], area="500242", years=years, seed=seed, today=TODAY))
        for one in made.people
    ]


def test_the_same_seed_draws_the_same_county():
    first, second = people(patients=300), people(patients=300)
    assert first == second
    assert visits(first) == visits(second)


def test_another_seed_or_area_draws_another():
    first = people(patients=300)
    assert people(seed=2, patients=300) != first
    assert {one.id_number for one in people(area="370481").people}.isdisjoint(
        one.id_number for one in people(patients=2000).people
    )


def test_more_patients_leave_the_first_ones_as_they_were_but_for_their_home():
    few, many = people(patients=100).people, people(patients=300).people
    assert [one.row["姓名"] for one in few] == [one.row["姓名"] for one in many[:100]]


def test_nothing_in_it_can_be_a_real_person():
    made = people()
    numbers = [one.id_number for one in made.people]
    assert len(set(numbers)) == len(numbers)
    assert {read_id_number(number, today=TODAY).area for number in numbers} == {"999999"}
    phones = {row[key] for row in (one.row for one in made.people) for key in ("联系电话", "监护人电话")}
    assert {phone[:7] for phone in phones} == {"1990000"}


def test_prevalence_is_near_five_per_mille_in_every_township():
    made = people()
    living = Counter(one.township for one in made.people if one.ends_on is None)
    residents = {row["区划代码"]: int(row["常住人口"]) for row in made.population if row["年份"] == "2026"}
    rates = {code: 1000 * count / residents[code] for code, count in living.items()}
    assert min(rates.values()) >= 4.5
    assert max(rates.values()) <= 5.5


def test_levels_and_classes_are_as_seldom_as_in_life():
    rows = [row for one in visits(people()) for row in one]
    levels = Counter(row["危险性"] for row in rows)
    share = {level: count / len(rows) for level, count in levels.items()}
    assert share["0"] > 0.85
    assert 0 < share["3"] + share["4"] + share["5"] < 0.02
    assert 0 < share[""] < 0.02, "only those on a ward have no level"


def test_no_visit_lies_before_the_file_after_its_end_or_in_the_future():
    made = people()
    for one, rows in zip(made.people, visits(made), strict=True):
        days = [date.fromisoformat(row["随访日期"]) for row in rows]
        assert days == sorted(set(days))
        assert all(one.opened_on <= day <= TODAY for day in days)
        assert one.ends_on is None or all(day < one.ends_on for day in days)


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def county(transactional_db, tmp_path):
    """Made by the command: 120 patients, one year."""
    call_command("load_divisions", verbosity=0)
    file = tmp_path / "demo" / "accounts.json"
    call_command("make_county", patients=120, years=1, accounts=file)
    return file


def test_the_command_makes_a_county_to_log_into(county):
    accounts = json.loads(county.read_text(encoding="utf-8"))
    assert stat.S_IMODE(county.stat().st_mode) == 0o600
    assert {tuple(account) for account in accounts} == {("username", "password", "totp_secret", "role", "area")}
    assert {account["role"] for account in accounts} == {role.value for role in Role}
    for role in ("township_worker", "township_police"):
        assert len({account["area"] for account in accounts if account["role"] == role}) >= 2
    assert_passwords_are_strong(accounts)
    assert_offices_of_every_kind()
    assert_people_and_visits_are_there()
    for name in ("worker1", "police2", "security1"):
        assert_can_log_in(next(account for account in accounts if account["username"] == name))
    assert_it_is_made_once(county)


def assert_passwords_are_strong(accounts):
    for account in accounts:
        owner = PasswordOwner(account["username"])
        assert problems(account["password"], owner, known_passwords(), password_policy()) == ()


def assert_offices_of_every_kind():
    assert set(Agency.objects.values_list("kind", flat=True)) == {kind.value for kind in AgencyKind}


def assert_people_and_visits_are_there():
    place, today = division("500242"), timezone.localdate()
    with scope(counties=[place.pk]):
        assert Patient.objects.count() == 120
        open_files = Patient.objects.filter(closed_on=None)
        assert open_files.filter(next_due_on__lt=today).exists()
        recent = Visit.objects.filter(level__gte=3, visited_on__gte=today - timedelta(days=7), source="form")
        assert recent.values("duty_township").distinct().count() == 3
        assert Visit.objects.filter(is_current=True).count() > 300
        for police in User.objects.filter(username__in=["police1", "police2"]):
            assert Alert.objects.filter(agency=police.agency).count() == 2


def assert_can_log_in(account):
    client = Client()
    client.post("/login/", {"username": account["username"], "password": account["password"]})
    code = code_now(secret=base64.b32decode(account["totp_secret"]).hex())
    assert client.post("/login/code/", {"code": code}).url == "/"


def assert_it_is_made_once(county):
    before = county.read_bytes()
    with pytest.raises(CommandError, match="already"):
        call_command("make_county", patients=10, years=1, accounts=county)
    call_command("make_county", patients=0, accounts=county)
    assert county.read_bytes() == before


def test_a_second_county_stands_beside_the_first(transactional_db, tmp_path):
    call_command("load_divisions", verbosity=0)
    file = tmp_path / "accounts.json"
    call_command("make_county", patients=0, accounts=file)
    call_command("make_county", patients=20, years=1, area="410102", accounts=file)
    accounts = json.loads(file.read_text(encoding="utf-8"))
    names = [account["username"] for account in accounts]
    assert len(set(names)) == len(names)
    assert "worker1" in names
    assert "worker1-410102" in names


@pytest.mark.parametrize("area", ["5002", "500242001", "999999", ""])
def test_what_is_no_county_is_refused(area, db, tmp_path):
    call_command("load_divisions", verbosity=0)
    with pytest.raises(CommandError, match="no county"):
        call_command("make_county", area=area, patients=0, accounts=tmp_path / "a.json")


def test_it_is_refused_outside_the_demo(db, settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Only for demo"):
        call_command("make_county", patients=0, accounts=tmp_path / "a.json")
