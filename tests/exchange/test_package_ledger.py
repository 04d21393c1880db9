"""The ledger of a package: one line for each person and act, over all its lists, whatever the size of a block."""

import pytest
from django.db import transaction

from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Disclosure
from exchange.queries import packages as reading
from exchange.queries.packages import told_in_blocks
from exchange.services.packages import recall_package, sign_package
from registry.models import Patient
from registry.services.moves import move_patient
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import days_ago, save
from tests.exchange.test_packages import house, made, signed

__all__ = ["house"]


@pytest.fixture
def both(house):
    """Somebody who stands in two lists of the quarter: new in it, and at level 4."""
    one = house["one"]
    person = house["world"].patient(VILLAGE_A1, "两名单", opened_on=one.last)
    ago = (days_ago(0) - one.last).days
    save(house["world"].worker, person, 4, ago)
    return {**house, "both": person}


def lines(house, **what):
    with scope(counties=[house["county"].pk]):
        return {
            (str(line.person), line.act): line.fields
            for line in Disclosure.objects.filter(release__isnull=False, **what)
        }


@pytest.mark.parametrize("block", [1, 2, 1000])
def test_a_person_in_two_lists_has_one_line_with_the_columns_of_both(both, monkeypatch, block):
    monkeypatch.setattr(reading, "BLOCK", block)
    package = signed(both, made(both))
    with scope(counties=[both["county"].pk]):
        rows = [row for found in told_in_blocks(package) for row in found]
    mine = [row for row in rows if row.person == both["both"].uuid]
    assert len(mine) == 2
    assert len({row.items for row in mine}) == 2
    found = lines(both)
    assert found[str(both["both"].uuid), "disclosed"] == sorted({name for row in mine for name in row.items})
    assert len(found) == len({row.person for row in rows}) == 3


@pytest.mark.parametrize("block", [1, 1000])
def test_who_has_left_the_county_holds_up_a_release_and_no_recall(both, monkeypatch, block):
    monkeypatch.setattr(reading, "BLOCK", block)
    package, who, world = made(both), both["who"], both["world"]
    package = sign_package(package=package, seen=package.content_sha256, by=who[Role.COMMISSION])
    with transaction.atomic():
        gone(world, both["both"])
        with pytest.raises(Refused, match="转到别的县"):
            sign_package(package=package, seen=package.content_sha256, by=who[Role.PRIVACY_OFFICER])
        assert lines(both) == {}
        transaction.set_rollback(True)
    package.refresh_from_db()
    package = sign_package(package=package, seen=package.content_sha256, by=who[Role.PRIVACY_OFFICER])
    gone(world, both["both"])
    recall_package(package=package, because="发错单位", by=who[Role.PRIVACY_OFFICER])
    assert sorted(act for _person, act in lines(both)) == ["disclosed", "disclosed", "recalled", "recalled"]


def gone(world, patient):
    with scope(world.county_office):
        patient = Patient.objects.get(pk=patient.pk)
        move_patient(patient=patient, on=days_ago(0), to_township=world.town_c, by=world.county_office)
