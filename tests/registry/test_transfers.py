"""A file's way between two townships: each side, both at once, refused twice, silent, outside, and the walls."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.queries.calendar import work_calendar
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.calendar import add_working_days
from accounts.scope import scope
from followup.models import Visit
from followup.services.visits import record_visit
from registry.models import DutyPeriod, Patient, PatientStatus, Transfer
from registry.queries.transfers import transfers_for, work_lines
from registry.rules.id_number import age_on
from registry.services.moves import move_patient
from registry.services.nightly import settle_transfers
from registry.services.status import close_patient
from registry.services.transfers import answer_transfer, propose_transfer, see_transfer
from tests.followup.conftest import good


def today():
    return timezone.localdate()


def working_days_on(days):
    return add_working_days(today(), days, work_calendar())


def propose(world, patient, **facts):
    facts = {"to_township": world.town_b, "reason": "moved", "address": "西一村2组", "words": "随女儿居住"} | facts
    with scope(world.worker):
        return propose_transfer(patient=patient, by=world.worker, **facts)


def answer(user, row, what, reason="", **more):
    with scope(user):
        return answer_transfer(transfer=row.uuid, answer=what, by=user, reason=reason, **more)


def duty(world, patient):
    with scope(counties=[world.county.pk, world.town_c.parent_id]):
        return Patient.objects.get(pk=patient.pk).duty_township


def lines(user):
    with scope(user):
        return [(item.verb, item.name, item.due_on) for item in work_lines(user, timezone.localdate())]


def test_a_proposal_moves_nothing_and_is_the_receivers_work_with_a_day(world, ran):
    row = propose(world, ran)
    assert duty(world, ran) == world.town_a.pk
    assert row.answer_due_on == working_days_on(5)  # five working days
    assert lines(world.worker_b) == [("办理移交", "冉启华", working_days_on(5))]
    assert lines(world.worker) == lines(world.stranger) == lines(world.county_office) == []


def test_the_receiver_learns_six_things_and_not_the_patient(world, ran):
    row = propose(world, ran)
    with scope(world.worker_b):
        seen = see_transfer(transfer=row.uuid, by=world.worker_b)
        assert seen.told == {
            "name": "冉启华", "sex": "男", "age": age_on(date(1980, 5, 6), today()), "address": "西一村2组",
            "level": None, "words": "随女儿居住",
        }  # fmt: skip
        assert not Patient.objects.filter(pk=ran.pk).exists()
    assert (seen.state, seen.seen_by) == ("seen", world.worker_b)


def test_the_proposers_own_look_is_not_the_receivers(world, ran):
    row = propose(world, ran)
    for user in (world.worker, world.county_office):
        with scope(user):
            assert see_transfer(transfer=row.uuid, by=user).state == "proposed"


def test_acceptance_moves_the_duty_today_and_starts_the_first_visits_clock(world, ran):
    row = propose(world, ran)
    village = world.places["990001101201"]
    done = answer(world.worker_b, row, "accept", village=village)
    assert (done.state, done.accepted_on, done.visit_due_on) == ("accepted", today(), working_days_on(10))
    with scope(world.worker_b):
        patient = Patient.objects.get(pk=ran.pk)
        assert (patient.duty_township, patient.village, patient.residence_address) == (
            world.town_b.pk, village, "西一村2组",
        )  # fmt: skip
    assert lines(world.worker_b) == [("首次随访", "冉启华", working_days_on(10))]
    with scope(world.worker):
        assert not Patient.objects.filter(pk=ran.pk).exists()


def test_a_visit_dated_before_the_transfer_is_kept_and_is_not_the_first_visit(world, ran):
    row = propose(world, ran)
    answer(world.worker_b, row, "accept", village=world.places["990001101201"])

    def visited(day):
        with scope(world.worker_b):
            record_visit(patient=Patient.objects.get(pk=ran.pk), facts=good(day), form_id=uuid4(), by=world.worker_b)
        with scope(counties=[world.county.pk]):
            return settle_transfers(today()), Visit.objects.filter(patient=ran).count()

    assert visited(today() - timedelta(days=3)) == (0, 1)
    assert lines(world.worker_b) == [("首次随访", "冉启华", working_days_on(10))]
    assert visited(today()) == (1, 2)
    assert lines(world.worker_b) == []


def test_a_village_of_another_township_is_not_taken(world, ran):
    row = propose(world, ran)
    with pytest.raises(Refused, match="本乡镇"):
        answer(world.worker_b, row, "accept", village=world.places["990001001001"])
    assert duty(world, ran) == world.town_a.pk


def test_a_refusal_needs_its_reason_and_goes_back_with_it(world, ran):
    row = propose(world, ran)
    with pytest.raises(Refused, match="原因"):
        answer(world.worker_b, row, "refuse")
    back = answer(world.worker_b, row, "refuse", "查无此人")
    assert (back.state, [said["words"] for said in back.said]) == ("refused", ["查无此人"])
    assert lines(world.worker) == [("处理退回", "冉启华", None)]
    assert duty(world, ran) == world.town_a.pk


@pytest.mark.parametrize(
    ("decision", "state", "where"), [("accept", "accepted", "town_b"), ("cancel", "cancelled", "town_a")]
)
def test_refused_twice_the_county_decides(world, ran, decision, state, where):
    row = propose(world, ran)
    answer(world.worker_b, row, "refuse", "查无此人")
    answer(world.worker, row, "again", "门牌号已核对")
    assert answer(world.worker_b, row, "refuse", "仍未找到").state == "county"
    for user in (world.worker, world.worker_b):
        with pytest.raises(Refused):
            answer(user, row, "accept", "x")
    assert lines(world.county_office) == [("决定归属", "冉启华", None)]
    assert answer(world.county_office, row, decision, "现场核实").state == state
    assert duty(world, ran) == getattr(world, where).pk


def due(world, row, on):
    with scope(world.county_office):
        Transfer.objects.filter(pk=row.pk).update(answer_due_on=on)


def test_on_its_last_day_a_receiver_is_not_silent(world, ran):
    row = propose(world, ran)
    due(world, row, today())
    assert lines(world.county_office) == []
    with pytest.raises(Refused):
        answer(world.county_office, row, "take_over", "逾期")


def test_a_silent_receiver_is_the_countys_the_day_after_the_last_day(world, ran):
    row = propose(world, ran)
    yesterday = today() - timedelta(days=1)
    due(world, row, yesterday)
    assert lines(world.county_office) == [("催办或接手", "冉启华", yesterday)]
    answer(world.county_office, row, "take_over", "逾期未答复")
    assert answer(world.county_office, row, "accept", "已电话核实").state == "accepted"
    assert duty(world, ran) == world.town_b.pk


def test_the_proposer_takes_it_back_and_a_receiver_who_saw_it_is_told(world, ran):
    row = propose(world, ran)
    with scope(world.worker_b):
        see_transfer(transfer=row.uuid, by=world.worker_b)
    assert answer(world.worker, row, "cancel", "患者没有搬").state == "cancelled"
    with pytest.raises(Refused, match="已撤回"):
        answer(world.worker_b, row, "accept")
    propose(world, ran)  # the way is free again


def test_one_open_request_a_person(world, ran):
    propose(world, ran)
    with pytest.raises(Refused, match="没有办结"):
        propose(world, ran)
    with scope(world.county_office), pytest.raises(Refused, match="没有办结"):
        move_patient(patient=ran, on=today(), to_township=world.town_b, by=world.county_office)


def test_who_proposes_while_one_is_open_is_led_to_it_before_writing_anything(world, ran, log_in):
    client, address = log_in(world.worker), reverse("registry:transfer_new", args=[ran.uuid])
    assert client.get(address).status_code == 200
    row = propose(world, ran)
    answered = client.get(address, follow=True)
    assert answered.redirect_chain == [(reverse("registry:transfer", args=[row.uuid]), 302)]
    assert "已有一件移交没有办结" in answered.content.decode()


def test_everything_that_lacks_is_said_at_once(world, ran, log_in):
    said = (
        log_in(world.worker)
        .post(reverse("registry:transfer_new", args=[ran.uuid]), {"words": "月底前搬"})
        .content.decode()
    )
    assert "请选择接收的乡镇（街道）；不在本系统的" in said
    assert "移交原因：请填写这一项。" in " ".join(said.split())


def test_left_the_county_system_ends_the_file_with_the_receipt(world, ran):
    row = propose(world, ran, to_township=None, outside="邻省某县某镇卫生院")
    with pytest.raises(Refused, match="原因"):
        answer(world.worker, row, "left", on=today())
    assert answer(world.worker, row, "left", "对方回执 2026-3 号", on=today()).state == "left"
    with scope(world.worker):
        status = PatientStatus.objects.filter(patient=ran).latest("starts_on")
        assert (status.value, status.starts_on, status.evidence) == ("moved_out", today(), "对方回执 2026-3 号")
        assert Patient.objects.get(pk=ran.pk).closed_on == today()


@pytest.mark.parametrize(("facts", "says"), [({"to_township": None}, "请选择"), ({"outside": "某县"}, "只能填一个")])
def test_a_proposal_names_one_place(world, ran, facts, says):
    with pytest.raises(Refused, match=says):
        propose(world, ran, **facts)


def test_to_the_next_county_and_it_gets_a_number_there(world, ran):
    row = propose(world, ran, to_township=world.town_c)
    assert answer(world.stranger, row, "accept").state == "accepted"
    assert duty(world, ran) == world.town_c.pk


def test_death_ends_an_open_transfer(world, ran):
    row = propose(world, ran)
    with scope(world.worker):
        close_patient(patient=ran, value="dead", on=today(), by=world.worker, reason="家属告知", death_cause="1")
        assert Transfer.objects.get(pk=row.pk).state == "closed"


def test_nobody_else_opens_or_answers_it(world, ran):
    row = propose(world, ran)
    for user in (world.village_doctor, world.leader, world.police_b, world.commission):
        with scope(user), pytest.raises(Denied):
            see_transfer(transfer=row.uuid, by=user)
    with scope(world.stranger), pytest.raises(NotHere):
        answer_transfer(transfer=row.uuid, answer="accept", by=world.stranger)
    with pytest.raises(Refused):
        answer(world.worker, row, "accept")  # not one's own


def test_the_wall_shows_it_to_both_sides_and_their_county_only(world, ran):
    row = propose(world, ran)
    for user in (world.worker, world.worker_b, world.county_office):
        with scope(user):
            assert [found.pk for found in Transfer.objects.all()] == [row.pk]
    with scope(world.stranger):
        assert not Transfer.objects.exists()
    with transaction.atomic():
        assert not Transfer.objects.exists()


def refused(act, kind=DatabaseError):
    with pytest.raises(kind), transaction.atomic():
        act()


def test_the_wall_lets_nobody_begin_for_others_or_rewrite_what_was_told(world, ran):
    row = propose(world, ran)
    copy = {f.attname: getattr(row, f.attname) for f in Transfer._meta.concrete_fields if f.name not in ("id", "uuid")}
    with scope(world.worker):
        answer_transfer(transfer=row.uuid, answer="cancel", by=world.worker, reason="x")
        refused(lambda: Transfer.objects.create(**copy | {"proposed_by_id": world.worker_b.pk}))
        refused(lambda: Transfer.objects.filter(pk=row.pk).update(to_township=world.town_a))
        refused(lambda: Transfer.objects.filter(pk=row.pk).delete())
    with scope(world.worker_b):
        refused(lambda: Transfer.objects.create(**copy | {"proposed_by_id": world.worker_b.pk}))
    with scope(world.stranger):
        assert Transfer.objects.filter(pk=row.pk).update(refusals=9) == 0


def test_the_database_keeps_one_open_request(world, ran):
    row = propose(world, ran)
    copy = {f.attname: getattr(row, f.attname) for f in Transfer._meta.concrete_fields if f.name not in ("id", "uuid")}
    with scope(world.worker):
        refused(lambda: Transfer.objects.create(**copy), IntegrityError)


def test_the_database_refuses_a_person_without_a_township(world, ran):
    with scope(world.worker):
        with pytest.raises(IntegrityError, match="without a township"), transaction.atomic():
            without_periods(ran)
        assert DutyPeriod.objects.filter(patient=ran).count() == 1


def without_periods(patient):
    DutyPeriod.objects.filter(patient=patient).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_there_and_back_on_one_day_leaves_one_township_for_the_day(world, ran):
    answer(world.worker_b, propose(world, ran), "accept")
    with scope(world.worker_b):
        back = propose_transfer(patient=ran, by=world.worker_b, to_township=world.town_a, reason="other")
    answer(world.worker, back, "accept")
    with scope(world.worker):
        rows = list(DutyPeriod.objects.filter(patient=ran).order_by("starts_on").values_list("starts_on", "township"))
    assert rows == [(date(2024, 5, 6), world.town_a.pk), (today(), world.town_a.pk)]


def test_lists_say_newest_first_for_each_side(world, ran):
    row = propose(world, ran)
    for user in (world.worker, world.worker_b, world.county_office):
        with scope(user):
            assert [found.uuid for found in transfers_for(user)] == [row.uuid]
