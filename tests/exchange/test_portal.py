"""Limits of the partners' pages: one person at a scene by an exact number, and not everybody within an hour."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, CountyPolicy
from accounts.refusals import Denied, NotHere, Refused, StepUpNeeded
from accounts.rules.work import in_order, urgency_of
from accounts.scope import scope, system_scope
from accounts.services.tokens import create_token
from accounts.terms import AgencyKind, Role
from exchange.models import Disclosure, EmergencyRequest, MyEmergency, Notice, PortalStop
from exchange.queries.inbox import own_cases
from exchange.queries.portal import emergency_for, emergency_lines, stops_for
from exchange.services.channels import end_channel, register_channel
from exchange.services.emergency import answer_emergency, ask_emergency
from exchange.services.emergency_forgetting import forget_emergencies
from exchange.services.inbox import open_cases
from exchange.services.noticing import send_due
from exchange.services.watching import TooMany, lift_stop
from registry.services.objections import record_objection
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1
from tests.exchange.conftest import as_partner, client_of, deliver, ledger, save, sign
from tests.exchange.test_notices import TELLING

STRANGER = "11010119900307213X"


@pytest.fixture
def house(world):
    """Four people told of to the police, who may open two freely and three at most; doctor and privacy officer."""
    county = world.places[COUNTY]
    for key, value in (("portal_step_up_people", 2), ("portal_stop_people", 3)):
        CountyPolicy.objects.create(county=county, key=key, value=value, starts_on=timezone.localdate() - timedelta(days=1),
                                    set_by=world.worker)  # fmt: skip
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    officer = factories.make_user(Role.PRIVACY_OFFICER, county, office)
    doctor = factories.make_user(Role.PSYCHIATRIST, county, factories.make_agency(AgencyKind.HOSPITAL, county))
    Assignment.objects.update(ends_on=None)
    patients = [world.patient(VILLAGE_A1, f"第{n}人") for n in range(4)]
    for patient in patients:
        save(world.worker, patient, 3)
    deliver()
    sign(world.police)
    return {"county": county, "officer": officer, "doctor": doctor, "patients": patients, "police": world.police,
            "world": world}  # fmt: skip


def within(police, act):
    """A request commits what it has written also when it refuses (accounts.middleware): so does this."""
    with as_partner(police):
        try:
            return act()
        except Refused as refusal:
            refused = refusal
    raise refused


def open_one(police, place, *, proven=True):
    def act():
        case = list(own_cases([police.agency_id]).order_by("id"))[place]
        return open_cases(cases=[case], by=police, proven=proven)

    return within(police, act)


def ask(police, number, *, form=None, proven=True):
    facts = {"number": number, "scene": "路口持刀", "phone": "19900000009", "form_id": form or uuid4()}
    return within(police, lambda: ask_emergency(**facts, proven=proven, by=police))


def answers(police) -> list[tuple[str, str]]:
    with as_partner(police):
        return list(MyEmergency.objects.order_by("id").values_list("state", "answer"))


# the urgent question


def test_the_answer_is_the_same_whoever_it_is_until_the_doctor_has_spoken(house):
    police, known = house["police"], house["patients"][0]
    assert ask(police, known.id_number)
    assert ask(police, STRANGER)
    assert answers(police) == [("waiting", "")] * 2
    with scope(house["doctor"]):
        for row in EmergencyRequest.objects.order_by("id"):
            answer_emergency(request=row, answer="nothing", advice=[], by=house["doctor"])
    assert len(set(answers(police))) == 1
    assert [line for line in ledger(known) if line.basis == "emergency"] == []


def test_what_was_told_on_the_telephone_stands_in_the_ledger(house):
    police, doctor, known = house["police"], house["doctor"], house["patients"][0]
    ask(police, known.id_number)
    with scope(doctor):
        row = EmergencyRequest.objects.get()
        for wrong in (("phoned", []), ("nothing", ["approach"]), ("x", []), ("phoned", ["diagnosis"])):
            with pytest.raises(Refused):
                answer_emergency(request=row, answer=wrong[0], advice=wrong[1], by=doctor)
        answer_emergency(request=row, answer="phoned", advice=["approach", "hospital"], by=doctor)
        with pytest.raises(Refused, match="已经有人"):
            answer_emergency(request=row, answer="nothing", advice=[], by=doctor)
    (line,) = [line for line in ledger(known) if line.basis == "emergency"]
    assert (line.fields, line.recipient, line.actor) == (["approach", "hospital"], police.agency.uuid, doctor.uuid)
    assert answers(police) == [("answered", "phoned")]


def test_an_objection_is_before_the_doctor_and_in_the_ledgers_line(house, log_in):
    police, doctor, known = house["police"], house["doctor"], house["patients"][0]
    ask(police, known.id_number)
    with scope(house["world"].worker):
        record_objection(
            patient=known, on=timezone.localdate(), made_by="guardian", about="sharing", words="",
            by=house["world"].worker,
        )  # fmt: skip
    with scope(doctor):
        row = EmergencyRequest.objects.get()
    assert "有异议" in log_in(doctor).get(reverse("exchange:emergency", args=[row.uuid])).content.decode()
    with scope(doctor):
        answer_emergency(request=row, answer="phoned", advice=["approach"], by=doctor)
    (line,) = [line for line in ledger(known) if line.basis == "emergency"]
    assert line.fields == ["approach", "disputed"]


def test_only_an_exact_number_only_the_police_only_the_own_county(house):
    police = house["police"]
    for wrong in ("试验患者", "1101", "110101199003072131", ""):
        with pytest.raises(Refused):
            ask(police, wrong)
    form = uuid4()
    assert ask(police, STRANGER, form=form)
    assert not ask(police, STRANGER, form=form)
    clerk = house["officer"]
    with scope(clerk), pytest.raises(Denied):
        ask_emergency(number=STRANGER, scene="x", phone="1", form_id=uuid4(), proven=True, by=clerk)
    other = house["world"].places["990002"]
    foreign = factories.make_user(Role.PSYCHIATRIST, other, factories.make_agency(AgencyKind.HOSPITAL, other))
    Assignment.objects.update(ends_on=None)
    with scope(house["doctor"]):
        row = EmergencyRequest.objects.get()
    with scope(foreign):
        assert emergency_for(foreign, row.uuid) is None
        with pytest.raises(NotHere):
            answer_emergency(request=row, answer="nothing", advice=[], by=foreign)


# how many people


def test_beyond_the_free_number_one_shows_who_one_is_then_it_stops(house):
    police = house["police"]
    for place in (0, 1):
        assert open_one(police, place, proven=False)
    with pytest.raises(StepUpNeeded):
        open_one(police, 2, proven=False)
    assert open_one(police, 2)
    with pytest.raises(TooMany):
        open_one(police, 3)
    assert open_one(police, 0, proven=False)  # already opened: costs nothing
    (stop,) = PortalStop.objects.all()
    assert (stop.user, stop.people) == (police, 4)
    with time_machine.travel(timezone.now() + timedelta(hours=2)), pytest.raises(TooMany):
        open_one(police, 3)
    with pytest.raises(Denied):
        lift_stop(stop=stop, because="x", by=house["doctor"])
    with pytest.raises(Refused, match="理由"):
        lift_stop(stop=stop, because="", by=house["officer"])
    lift_stop(stop=stop, because="集中走访，已核实", by=house["officer"])
    assert open_one(police, 3, proven=False)


def test_questions_from_a_scene_count_with_the_opened(house):
    police = house["police"]
    open_one(police, 0)
    open_one(police, 1)
    with pytest.raises(StepUpNeeded):
        ask(police, STRANGER, proven=False)
    assert ask(police, STRANGER)
    assert ask(police, STRANGER)  # the same person again
    with pytest.raises(TooMany):
        ask(police, house["patients"][3].id_number)
    with pytest.raises(TooMany):
        open_one(police, 3)


def test_pages_lead_to_the_step_up_a_token_cannot_and_tabs_share_the_count(house):
    police = house["police"]
    with as_partner(police):
        cases = [case.uuid for case in own_cases([police.agency_id]).order_by("id")]
    first, second = client_of(police), client_of(police)
    assert first.get(reverse("exchange:case", args=[cases[0]])).status_code == 200
    assert second.get(reverse("exchange:case", args=[cases[1]])).status_code == 200
    answer = first.get(reverse("exchange:case", args=[cases[2]]))
    assert answer.status_code == 302
    assert reverse("accounts:step_up") in answer.url
    token = create_token(user=police, name="t", days=1, by=police)
    text = token if isinstance(token, str) else token[0]
    answer = Client().get(reverse("api:alerts"), headers={"authorization": f"Bearer {text}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up")
    with scope(counties=[house["county"].pk]):
        opened = Disclosure.objects.filter(act="opened", actor=police.uuid).values("person").distinct().count()
    assert opened == 2


def test_who_waits_at_a_scene_stands_before_all_other_work_the_first_first(house):
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        ask(house["police"], STRANGER)
    ask(house["police"], house["patients"][0].id_number)
    with scope(house["doctor"]):
        first, second = emergency_lines(house["doctor"], timezone.localdate())
        oldest = EmergencyRequest.objects.earliest("asked_at")
    assert str(oldest.uuid) in first.href
    yesterday = timezone.localdate() - timedelta(days=1)
    other = replace(
        first, name="一人", urgency=urgency_of(yesterday, today=timezone.localdate(), danger=True), due_on=yesterday
    )
    assert in_order([other, second, first])[2] is other


def test_who_asks_often_shows_who_one_is_and_what_was_typed_stays(house):
    client, url = client_of(house["police"]), reverse("exchange:emergency_ask")
    people = [patient.id_number for patient in house["patients"]]
    for number in people[:2]:
        assert client.post(url, {"number": number, "scene": "路口", "phone": "19900000009"}).status_code == 302
    answer = client.post(url, {"number": people[2], "scene": "路口持刀", "phone": "19900000009"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert reverse("accounts:step_up") in page
    assert "还没有送到医生" in page
    assert "路口持刀" in page
    assert people[2] in page
    assert len(answers(house["police"])) == 2


def test_nobody_can_be_called_back_on_words(house):
    with pytest.raises(Refused, match="电话应为"):
        within(house["police"], lambda: ask_emergency(number=STRANGER, scene="路口", phone="对讲机", form_id=uuid4(),
                                                      proven=True, by=house["police"]))  # fmt: skip


def test_the_pages(house):
    police, doctor, officer = (client_of(house[one]) for one in ("police", "doctor", "officer"))
    url = reverse("exchange:emergency_ask")
    assert url in police.get(reverse("exchange:inbox")).content.decode()
    answer = police.post(url, {"number": "1", "scene": "", "phone": "对讲机"})
    assert answer.status_code == 400
    for all_at_once in ("身份证号应为 18 位", "请写现场情况", "电话应为 7 至 16 位数字"):
        assert all_at_once in answer.content.decode()
    number = house["patients"][0].id_number
    assert police.post(url, {"number": number, "scene": "路口", "phone": "19900000009"}).status_code == 302
    page = police.get(url).content.decode()
    assert "等待医生答复" in page
    assert number not in page
    with scope(house["doctor"]):
        row = EmergencyRequest.objects.get()
    page = doctor.get(reverse("exchange:emergency", args=[row.uuid])).content.decode()
    assert "第0人" in page
    assert "可不填" not in page  # what was said must be ticked where one telephoned
    assert doctor.get(reverse("exchange:emergencies")).status_code == 200
    answer = doctor.post(reverse("exchange:emergency", args=[row.uuid]), {"answer": "phoned", "advice": ["danger"]})
    assert answer.status_code == 302
    assert "医生已用电话答复" in police.get(url).content.decode()
    page = doctor.get(reverse("exchange:emergency", args=[row.uuid])).content.decode()
    assert "说了：现场要防什么。" in page
    assert "保存答复" not in page
    for place in (0, 1):
        open_one(house["police"], place)
    with pytest.raises(TooMany):
        open_one(house["police"], 3)
    (stop,) = stops_for(house["officer"], timezone.localdate())
    assert house["police"].display_name in officer.get(reverse("exchange:stops")).content.decode()
    lift = reverse("exchange:stop_lift", args=[stop.uuid])
    assert officer.post(lift, {"because": ""}).status_code == 400
    assert officer.post(lift, {"because": "已核实"}).status_code == 302
    assert "已经解除过了" in officer.get(lift, follow=True).content.decode()
    assert doctor.get(reverse("exchange:stops")).status_code == 403


# told by a notice, forgotten after a term


def address_of(house, agency, kind="mail", address="duty@county.example"):
    with scope(house["clerk"]):
        return register_channel(agency=agency.uuid, kind=kind, address=address, by=house["clerk"]).channel


@pytest.fixture
def told(house):
    """The doctor's hospital has a mailbox; the hospital of the next county has one too."""
    county, there = house["county"], house["world"].town_c.parent
    clerks = [factories.make_user(Role.EXCHANGE_CLERK, place, factories.make_agency(AgencyKind.HEALTH_COMMISSION, place))
              for place in (county, there)]  # fmt: skip
    Assignment.objects.update(ends_on=None)
    foreign = factories.make_agency(AgencyKind.HOSPITAL, there)
    address_of({"clerk": clerks[1]}, foreign, address="other@county.example")
    return {**house, "clerk": clerks[0], "channel": address_of({"clerk": clerks[0]}, house["doctor"].agency)}


@pytest.mark.django_db(transaction=True)
def test_the_doctor_hears_by_mail_that_somebody_waits_and_nothing_else(told, settings):
    settings.NOTICE_MAIL_FROM = "notices@county.example"
    settings.PUBLIC_URL = "https://county.example"
    known, form = told["patients"][0], uuid4()
    assert ask(told["police"], known.id_number, form=form)
    assert not ask(told["police"], known.id_number, form=form)
    assert ask(told["police"], STRANGER)
    assert (send_due(), send_due()) == (2, 0)
    with scope(told["doctor"]):
        rows = list(EmergencyRequest.objects.order_by("id"))
    assert [message.to for message in mail.outbox] == [["duty@county.example"]] * 2
    for row, message in zip(rows, mail.outbox, strict=True):
        words = f"{message.subject}\n{message.body}"
        assert reverse("exchange:emergency", args=[row.uuid]) in words
        for word in (known.name, known.id_number, STRANGER, "路口持刀", "19900000009", *TELLING):
            assert word not in words.replace("https://county.example", "")
    said = [message.body.replace(str(row.uuid), "") for row, message in zip(rows, mail.outbox, strict=True)]
    assert said[0] == said[1]  # the same whoever it is about
    page = client_of(told["doctor"]).get(reverse("exchange:emergency", args=[rows[0].uuid]))
    assert known.name in page.content.decode()


def test_a_notice_of_a_question_is_nobodys_of_the_office_and_goes_with_its_address(told):
    with scope(told["clerk"]):
        page = client_of(told["clerk"]).get(reverse("exchange:channels")).content.decode()
        assert "现场紧急查询" in page
        end_channel(channel=told["channel"].uuid, by=told["clerk"])
    ask(told["police"], STRANGER)
    assert Notice.objects.filter(word="urgent").count() == 0
    with as_partner(told["police"]), pytest.raises(DatabaseError), transaction.atomic():
        list(Notice.objects.all())


def test_questions_are_forgotten_after_the_countys_term_and_not_within_the_week(house):
    day = timezone.localdate()
    CountyPolicy.objects.create(county=house["county"], key="emergency_forget_days", value=10, starts_on=day,
                                set_by=house["world"].worker)  # fmt: skip
    Assignment.objects.update(starts_on=day - timedelta(days=30))
    for ago, number in ((10, STRANGER), (9, house["patients"][0].id_number), (0, house["patients"][1].id_number)):
        with time_machine.travel(timezone.now() - timedelta(days=ago)):
            ask(house["police"], number)
    with system_scope():
        with transaction.atomic(), pytest.raises(DatabaseError, match="of this week stays"):
            EmergencyRequest.objects.all().delete()
        assert forget_emergencies(today=day - timedelta(days=1)) == 0
        assert forget_emergencies(today=day) == 1
        assert forget_emergencies(today=day) == 0
        kept = [(day - timezone.localdate(row.asked_at)).days for row in EmergencyRequest.objects.order_by("asked_at")]
    assert kept == [9, 0]
    assert len(answers(house["police"])) == 2
