"""Packages of one day are drawn together: everybody is read once, and one that breaks does not hold up the others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Package
from exchange.queries.packages import rows_of
from exchange.services import preparing
from exchange.services.preparing import open_due, prepare_due
from tests.exchange.templates import in_force
from tests.exchange.test_packages import house

__all__ = ["house"]


@pytest.fixture
def three(house):
    """A list with numbers in full, one with the middle hidden, one without any."""
    for key in ("political_legal.standard", "political_legal.quarterly"):
        in_force(
            house["county"], key, clerk=house["who"][Role.EXCHANGE_CLERK], officer=house["who"][Role.PRIVACY_OFFICER]
        )
    assert open_due(timezone.localdate()) == 3
    return house


def test_everybody_is_read_once_for_all_and_each_gets_its_own_columns(three):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert prepare_due() == 3
    assert (
        len([one for one in asked if "FROM registry_patient p" in one["sql"]]) == 2
    )  # the batch, and that there is no more
    high, number = three["high"], str(three["high"].id_number)
    with scope(counties=[three["county"].pk]):
        rows = {
            (package.agency.kind, section.kind.value): dict(rows_of(package, section.kind.value)).get(str(high.uuid))
            for package in Package.objects.select_related("agency", "template") for section in package.template.parts
        }  # fmt: skip
    assert rows["political_legal", "standard"][0] == number
    assert rows["political_legal", "standard"][14] == "19900000001"
    masked = rows["police", "high_risk"][3]
    assert (masked[:4], masked[-4:]) == (number[:4], number[-4:])
    assert "*" in masked


def test_one_that_breaks_does_not_hold_up_the_others(three, monkeypatch):
    bad = Package.objects.get(situation="standard")
    plain = preparing.Filling.take

    def breaks(self, key, person, lists):
        if self.package.pk == bad.pk:
            raise ValueError("a fault of one package")
        return plain(self, key, person, lists)

    monkeypatch.setattr(preparing.Filling, "take", breaks)
    assert prepare_due() == 2
    bad.refresh_from_db()
    assert (bad.state, bad.fault) == ("opened", preparing.BROKE)
    monkeypatch.undo()
    assert prepare_due() == 1
    bad.refresh_from_db()
    assert (bad.state, bad.fault) == ("prepared", "")
