"""One referral from slip to return slip, and who may walk which step of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import Role
from registry.models import Patient, Referral
from registry.queries.notices import notices_for
from registry.queries.referrals import referral_for, referrals_for
from registry.services.passages import ask_for_help, move_help, record_passage
from registry.services.referrals import (
    accept_referral,
    cancel_referral,
    complete_referral,
    decline_referral,
    propose_referral,
    receive_referral,
    return_referral,
)
from tests import factories
from tests.conftest import COUNTY, VILLAGE_B1

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def propose(world, patient, by, **more):
    facts = {
        "direction": "up", "reason": "unstable", "category": "general", "slip": {"name": patient.name}, "on": ago(3),
        "to_agency": world.hospital.agency, **more,
    }  # fmt: skip
    return propose_referral(patient=patient, by=by, **facts)


@pytest.fixture
def sent(world, ran):
    with scope(world.worker):
        return propose(world, ran, world.worker)


def test_from_the_slip_to_the_return_slip(world, ran, sent):
    with scope(world.hospital):
        row = referral_for(world.hospital, sent.uuid)
        assert row.slip == {"name": "冉启华"}
        assert Patient.objects.count() == 0  # the slip is all a hospital sees of the person
        receive_referral(referral=row, by=world.hospital)
        accept_referral(referral=row, by=world.hospital, admitted_on=ago(2), kind="voluntary")
        return_referral(referral=row, by=world.hospital, slip={"diagnosis": "精神分裂症"}, discharged_on=ago(1))
    with scope(world.worker):
        back = complete_referral(referral=referral_for(world.worker, sent.uuid), by=world.worker)
        assert (back.state, back.return_slip, back.admitted_on) == ("completed", {"diagnosis": "精神分裂症"}, ago(2))
        assert [back.received_by, back.answered_by, back.returned_by, back.ended_by] == [
            *[world.hospital] * 3,
            world.worker,
        ]


def test_a_second_slip_waits_until_the_first_is_done(world, ran, sent):
    with scope(world.worker):
        with pytest.raises(Refused, match="没有办结"):
            propose(world, ran, world.worker)
        cancel_referral(referral=sent, by=world.worker, because="家属改去门诊")
        assert propose(world, ran, world.worker).state == "proposed"


def test_refusing_and_cancelling_need_a_reason(world, sent):
    with scope(world.hospital):
        receive_referral(referral=sent, by=world.hospital)
        with pytest.raises(Refused, match="请写明不收的原因") as refusal:
            decline_referral(referral=sent, by=world.hospital, because="")
        assert refusal.value.field == "because"
        assert decline_referral(referral=sent, by=world.hospital, because="没有床位").because == "没有床位"
        with pytest.raises(Refused, match="转诊单不能从“不收”变为“已接诊”"):
            accept_referral(referral=sent, by=world.hospital)


def test_neither_side_answers_for_the_other(world, sent):
    with scope(world.worker), pytest.raises(Denied):
        receive_referral(referral=sent, by=world.worker)  # the hospital has an account of its own
    with scope(world.hospital), pytest.raises(Denied):
        cancel_referral(referral=sent, by=world.hospital, because="不去了")


def test_a_hospital_without_an_account_answers_on_paper_through_the_township(world, ran):
    with scope(world.worker):
        row = propose(world, ran, world.worker, to_agency=None, to_name="省精神卫生中心")
        assert receive_referral(referral=row, by=world.worker).state == "received"


def test_a_referral_down_is_answered_by_the_township(world, ran):
    with scope(world.psychiatrist):
        row = propose(world, ran, world.psychiatrist, direction="down", to_agency=world.worker.agency)
        with pytest.raises(Denied):
            receive_referral(referral=row, by=world.psychiatrist)
    with scope(world.worker):
        assert receive_referral(referral=row, by=world.worker).state == "received"


@pytest.mark.parametrize("days", [-1, 4])
def test_a_stay_begins_neither_tomorrow_nor_before_the_slip(world, sent, days):
    with scope(world.hospital):
        receive_referral(referral=sent, by=world.hospital)
        with pytest.raises(Refused) as refusal:
            accept_referral(referral=sent, by=world.hospital, admitted_on=ago(days))
        assert refusal.value.field == "admitted_on"


class TestWall:
    """A referral belongs to the patient's place and to the hospital it is addressed to, to nobody else."""

    @pytest.fixture
    def other(self, world):
        agency = factories.make_agency("hospital", world.places[COUNTY], "乙医院")
        return factories.make_user(Role.HOSPITAL, world.places[COUNTY], agency, username="other_hospital")

    def test_another_hospital_sees_nothing(self, world, sent, other):
        with scope(other):
            assert list(referrals_for(other)) == []
            assert Referral.objects.count() == 0
            with pytest.raises(NotHere):
                referral_for(other, sent.uuid)

    def test_a_hospital_sees_only_its_own(self, world, sent, other):
        with scope(world.worker_b):
            there = world.patient(VILLAGE_B1, "别人")
            propose(world, there, world.worker_b, to_agency=other.agency)
        with scope(world.hospital):
            assert [row.uuid for row in Referral.objects.all()] == [sent.uuid]

    def test_another_township_sees_nothing(self, world, sent):
        with scope(world.worker_b):
            assert Referral.objects.count() == 0

    def test_nobody_set_sees_nothing(self, sent):
        assert Referral.objects.count() == 0

    def test_a_hospital_adds_removes_and_readdresses_nothing(self, world, sent, other):
        with scope(world.hospital):
            copy = Referral.objects.get()
            copy.pk, copy.uuid, copy.slip = None, uuid4(), {}
            with pytest.raises(DatabaseError, match="no rows"), transaction.atomic():
                copy.save(force_insert=True)
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Referral.objects.all()._raw_delete("default")
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Referral.objects.update(to_agency=other.agency)


def test_an_emergency_admission_is_recorded_with_its_dates(world, ran):
    values = {
        "hospital_name": "市三院", "sent_by": "police", "sent_by_name": "某派出所", "arrived_on": ago(2),
        "ground": "item_2", "concluded_on": ago(1), "guardian_agrees": None,
    }  # fmt: skip
    with scope(world.worker):
        row = record_passage(patient=ran, by=world.worker, values=values)
        with pytest.raises(Refused, match="不能早于收到诊断结论的日期") as refusal:
            record_passage(patient=ran, by=world.worker, passage=row, values=values | {"second_asked_on": ago(2)})
        assert refusal.value.field == "second_asked_on"
        record_passage(patient=ran, by=world.worker, passage=row, values=values | {"second_asked_on": ago(0)})
        row.refresh_from_db()
        assert (row.second_asked_on, row.sent_by_name) == (ago(0), "某派出所")


def test_without_a_guardian_the_township_of_the_household_registration_is_asked_to_sign(world, ran):
    """邹城 二(五): its people sign; told with the deadline, and only where it is another township's task."""

    def asked(user):
        with scope(user):
            return [(row.kind, row.words, row.due_on) for row in notices_for(user).filter(read_at=None)]

    with scope(world.worker):
        Patient.objects.filter(pk=ran.pk).update(household_division=world.places[VILLAGE_B1])
        ran.refresh_from_db()
        ask_for_help(patient=ran, by=world.worker, direction="out", guardian="unwilling", asked_on=ago(0))
    assert asked(world.worker_b) == []
    with scope(world.worker):
        row = ask_for_help(patient=ran, by=world.worker, direction="in", guardian="none", asked_on=ago(0))
    words = f"户籍在您这里的{ran.name}没有监护人，请安排人员办理入院手续（现由甲县东街道管理）。"
    assert asked(world.worker_b) == [("escort", words, row.due_on)]
    assert asked(world.worker) == []


def test_help_has_a_deadline_in_working_days_and_ends_with_a_signature(world, ran):
    with scope(world.worker):
        row = ask_for_help(
            patient=ran, by=world.worker, direction="out", guardian="unwilling", asked_on=ago(0), asked_by="市三院"
        )
        assert (row.signer, row.due_on > ago(-2), row.household_town) == ("guardian", True, "东街道")
        with pytest.raises(Refused, match="还没有办结"):
            ask_for_help(patient=ran, by=world.worker, direction="out", guardian="none", asked_on=ago(0))
        with pytest.raises(Refused, match="由谁护送") as refusal:
            move_help(row=row, after="arranged", by=world.worker, on=ago(0), values={})
        assert refusal.value.field == "escorts"
        move_help(row=row, after="arranged", by=world.worker, on=ago(0), values={"escorts": "村干部、民警"})
        done = move_help(row=row, after="done", by=world.worker, on=ago(0), values={"signed_by": "其父"})
        assert (done.state, done.escorts, done.signed_by, done.ended_on) == ("done", "村干部、民警", "其父", ago(0))
