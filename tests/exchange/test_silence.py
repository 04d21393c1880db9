"""An office that does not sign within the county's hours."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import CountyPolicy
from exchange.tasks import escalate
from tests.accounts.trail import actions
from tests.exchange.conftest import deliver, save, sign

pytestmark = pytest.mark.django_db(transaction=True)


def noted_after(**span):
    with time_machine.travel(timezone.now() + timedelta(**span)):
        return escalate()


def test_silence_is_noted_once_after_the_hours_have_passed(world):
    save(world.worker, world.patient(), 3)
    deliver()
    sign(world.police)
    assert noted_after(hours=23, minutes=59) == 0
    assert noted_after(hours=24, minutes=1) == 3
    assert noted_after(hours=30) == 0
    assert actions("exchange.alert.unanswered") == ["exchange.alert.unanswered"] * 3


def test_the_hours_are_the_countys(world):
    CountyPolicy.objects.create(county=world.county, key="acknowledge_hours", value=2, starts_on=date(2020, 1, 1))
    save(world.worker, world.patient(), 3)
    deliver()
    assert noted_after(hours=2, minutes=1) == 4
