"""Two administrators, or two departments, do one thing at the same moment: one gets through, the other a sentence."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import CountyPolicy, User
from accounts.refusals import Refused
from accounts.services import county_rules
from accounts.services.races import refusing
from accounts.terms import AgencyKind, Role
from tests import factories


@pytest.fixture
def noted():
    """What a colleague wrote after our check and before our row: the check saw nothing, the constraint does."""
    return Refused("有人先办了。", field="x")


def test_the_named_constraint_becomes_the_sentence_and_the_rest_goes_on(world, noted):
    agency = factories.make_agency(AgencyKind.HEALTH_CENTRE, world.town_a)
    with transaction.atomic():
        with pytest.raises(Refused, match="有人先办了"), refusing("accounts_user_username_key", noted):
            User.objects.create_user(world.worker.username, None, display_name="同名", agency=agency)
        other = User.objects.create_user("another", None, display_name="另一人", agency=agency)
    assert User.objects.filter(pk=other.pk).exists()


def test_the_wall_between_duties_answers_in_words(world, noted):
    user = factories.make_user(
        Role.AUDITOR, world.county, factories.make_agency(AgencyKind.HEALTH_COMMISSION, world.county)
    )
    held = user.assignments.get()
    with pytest.raises(Refused, match="有人先办了"), refusing("no_two_separated_duties", noted):
        user.assignments.create(
            role=Role.SECURITY_ADMIN, agency=held.agency, division=world.county, starts_on=held.starts_on
        )


def test_another_breach_stays_an_error(world, noted):
    agency = factories.make_agency(AgencyKind.HEALTH_CENTRE, world.town_a)
    with pytest.raises(IntegrityError), refusing("some_other_constraint", noted):
        User.objects.create_user(world.worker.username, None, display_name="同名", agency=agency)


def test_one_day_has_one_value(world):
    said = {
        "county": world.county,
        "key": "alert_from_level",
        "value": 3,
        "starts_on": date(2026, 12, 1),
        "basis": "试验",
    }
    county_rules.set_policy(**said, by=world.county_office)
    with pytest.raises(Refused, match="换一个生效日期"):
        county_rules.set_policy(**said, by=world.county_office)
    assert CountyPolicy.objects.filter(key="alert_from_level").count() == 1
