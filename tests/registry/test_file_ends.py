"""The end of a file ends what was asked of others for the person: nobody is rung up about somebody who has died."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope
from registry.models import Referral
from registry.queries.referral_work import work_lines
from registry.services.passages import ask_for_help
from registry.services.referrals import (
    accept_referral,
    complete_referral,
    propose_referral,
    receive_referral,
    return_referral,
)
from registry.services.status import close_patient

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def referred(patient, by, **more):
    facts = {"direction": "up", "reason": "unstable", "category": "general", "on": ago(6), **more}
    return propose_referral(patient=patient, by=by, slip={"name": patient.name}, **facts)


def verbs(user):
    with scope(user):
        return [line.verb for line in work_lines(user, timezone.localdate())]


def end(patient, by):
    with scope(by):
        close_patient(patient=patient, value="dead", on=ago(0), by=by, reason="家属告知", death_cause="1")


@pytest.mark.parametrize("received", [False, True])
def test_a_referral_nobody_has_answered_is_taken_back_and_help_is_no_longer_asked_for(world, ran, received):
    with scope(world.worker):
        row = referred(ran, world.worker, to_agency=world.hospital.agency)
        help_ = ask_for_help(patient=ran, by=world.worker, direction="in", guardian="unwilling", asked_on=ago(5))
    if received:
        with scope(world.hospital):
            receive_referral(referral=Referral.objects.get(pk=row.pk), by=world.hospital)
    assert verbs(world.hospital) == ["接诊或不收" if received else "签收转诊单"]
    end(ran, world.worker)
    assert verbs(world.hospital) == verbs(world.worker) == []
    with scope(world.worker):
        row.refresh_from_db()
        help_.refresh_from_db()
        assert (row.state, row.because, row.ended_by) == ("cancelled", "档案已结案", world.worker)
        assert (help_.state, help_.note, help_.ended_on) == ("cancelled", "档案已结案", ago(0))


def test_whoever_referred_down_is_asked_to_sign_for_the_return_slip(world, ran):
    with scope(world.psychiatrist):
        row = referred(ran, world.psychiatrist, direction="down", reason="stable", to_name="东街道卫生院")
    with scope(world.worker):
        receive_referral(referral=row, by=world.worker)
        accept_referral(referral=row, by=world.worker)
        return_referral(referral=row, by=world.worker, slip={"diagnosis": "精神分裂症"})
    assert verbs(world.psychiatrist) == ["签收回转单"]
    assert verbs(world.worker) == verbs(world.county_office) == []
    with scope(world.psychiatrist):
        complete_referral(referral=row, by=world.psychiatrist)
    assert verbs(world.psychiatrist) == []
