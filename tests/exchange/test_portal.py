"""Limits of the partners' pages: one person at a scene by an exact number, and not everybody within an hour."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, CountyPolicy
from accounts.refusals import Denied, NotHere, Refused, StepUpNeeded
from accounts.scope import scope
from accounts.services.tokens import create_token
from accounts.terms import AgencyKind, Role
from exchange.models import Disclosure, EmergencyRequest, MyEmergency, PortalStop
from exchange.queries.inbox import own_cases
from exchange.queries.portal import emergency_for, stops_for
from exchange.services.emergency import answer_emergency, ask_emergency
from exchange.services.inbox import open_cases
from exchange.services.watching import TooMany, lift_stop
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1
from tests.exchange.conftest import as_partner, client_of, deliver, ledger, save, sign

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


def test_the_pages(house):
    police, doctor, officer = (client_of(house[one]) for one in ("police", "doctor", "officer"))
    url = reverse("exchange:emergency_ask")
    assert url in police.get(reverse("exchange:inbox")).content.decode()
    answer = police.post(url, {"number": "1", "scene": "", "phone": ""})
    assert answer.status_code == 400
    assert "请写现场情况" in answer.content.decode()
    number = house["patients"][0].id_number
    assert police.post(url, {"number": number, "scene": "路口", "phone": "19900000009"}).status_code == 302
    page = police.get(url).content.decode()
    assert "等待医生答复" in page
    assert number not in page
    with scope(house["doctor"]):
        row = EmergencyRequest.objects.get()
    page = doctor.get(reverse("exchange:emergency", args=[row.uuid])).content.decode()
    assert "第0人" in page
    assert doctor.get(reverse("exchange:emergencies")).status_code == 200
    answer = doctor.post(reverse("exchange:emergency", args=[row.uuid]), {"answer": "phoned", "advice": ["danger"]})
    assert answer.status_code == 302
    assert "医生已用电话答复" in police.get(url).content.decode()
    for place in (0, 1):
        open_one(house["police"], place)
    with pytest.raises(TooMany):
        open_one(house["police"], 3)
    (stop,) = stops_for(house["officer"], timezone.localdate())
    assert house["police"].display_name in officer.get(reverse("exchange:stops")).content.decode()
    lift = reverse("exchange:stop_lift", args=[stop.uuid])
    assert officer.post(lift, {"because": ""}).status_code == 400
    assert officer.post(lift, {"because": "已核实"}).status_code == 302
    assert doctor.get(reverse("exchange:stops")).status_code == 403
