"""One synthetic county from nothing: places first, then people, then years of their visits."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import DivisionLevel
from config.demo import (
    around,
    colours,
    doubles,
    exchanging,
    freezes,
    ledger,
    lists,
    load,
    moving,
    outlines,
    plans,
    referrals,
    reporting,
    single_notices,
    supervision,
)
from config.demo.hospital import fill as fill_hospital
from config.demo.incidents import fill_clue_incidents, fill_incidents
from config.demo.medicine import fill_medicine
from config.demo.people import make_people
from config.demo.places import make_agencies
from config.demo.staff import DemoAccount, make_accounts, write_accounts
from registry.models import Patient


@dataclass(frozen=True)
class Order:
    area: str
    patients: int
    years: int
    seed: int
    today: date
    accounts_file: Path


class NoSuchCounty(Exception):
    """The code names no county of the loaded divisions."""


class AlreadyThere(Exception):
    """The county has patients: a synthetic one is made once, never mixed into another."""


def build(order: Order, *, say: load.Say) -> list[DemoAccount]:
    """Make the county; the same order on the same day makes the same. Raises: NoSuchCounty, AlreadyThere, NotMade."""
    county = Division.objects.filter(code=order.area, level=DivisionLevel.COUNTY, valid_to=None).first()
    if county is None:
        raise NoSuchCounty(f"{order.area} is no county here; load_divisions comes first")
    with transaction.atomic():
        say(f"offices: {make_agencies(county, seed=order.seed)} new")
        accounts = make_accounts(county, seed=order.seed, today=order.today)
    write_accounts(order.accounts_file, accounts)
    say(f"accounts: {len(accounts)}, in {order.accounts_file}")
    if order.patients:
        _refuse_if_inhabited(county)
        _people(order, county, accounts, say)
    return accounts


def _refuse_if_inhabited(county: Division) -> None:
    with scope(counties=[county.pk]):
        if Patient.objects.filter(duty_county=county.pk).exists():
            raise AlreadyThere(f"{county.name} has patients already: nothing was added (reset_demo --yes starts anew)")


def _people(order: Order, county: Division, accounts: list[DemoAccount], say: load.Say) -> None:
    area, seed, today, years = order.area, order.seed, order.today, order.years
    office = next(account.username for account in accounts if account.role == "county_office")
    by = User.objects.select_related("agency__division").get(username=office)
    towns = load.draw_towns(county, seed=seed)
    made = make_people(area=area, towns=towns, patients=order.patients, years=years, seed=seed, today=today)
    load.load_people(made, by=by, say=say)
    load.load_visits(made, towns, area=area, years=years, seed=seed, today=today, by=by, say=say)
    load.turn_lives(made, county, area=area, seed=seed, today=today, by=by)
    say(f"alerts of the last days: {load.raise_alarms(made, county, accounts, seed=seed, today=today)} visits")
    say(f"incidents: {fill_incidents(county, accounts, office=by, seed=seed, today=today)}")
    say(f"medicine: {fill_medicine(county, accounts, seed=seed, today=today)} plans")
    say(f"people around patients: {around.fill(county, seed=seed, today=today, by=by)}")
    say(f"plans: {plans.fill(county, accounts, today=today)}")
    say(f"colours: {colours.fill(county, accounts, office=by, today=today)}")
    say(f"exchange templates: {exchanging.fill(county, accounts, today=today)}")
    say(f"notices about one person: {single_notices.fill(county, accounts, today=today)}")
    say(f"reported values: {reporting.fill(county, accounts, today=today)}")
    say(f"closed periods: {freezes.fill(county, accounts, today=today)}")
    say(f"transfers: {moving.fill(county, seed=seed, today=today, by=by)}")
    say(f"clues, cards, discharge notices: {fill_hospital(county, accounts, seed=seed, today=today)}")
    say(f"incidents before a file: {fill_clue_incidents(county, accounts, seed=seed, today=today)}")
    say(f"referrals: {referrals.fill(county, accounts, by=by, today=today)}")
    say(f"tasks and joint meetings: {ledger.fill(county, accounts, today=today)}")
    say(f"supervision: {supervision.fill(county, accounts, today=today)} findings")
    say(f"outline of the map: {outlines.fill(county, accounts)} townships")
    say(f"lists of other agencies: {lists.fill(county, accounts, by=by, today=today)} differences")
    say(f"a merge to judge and parked changes: {doubles.fill(county, by=by, today=today)}")
