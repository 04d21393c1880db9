"""A discharge notice to the first visit; and the pages and sheets of both papers."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from followup.models import Window
from registry.models import DischargeNotice, Patient, PatientStatus, ReportCard
from registry.queries.cards import work_lines
from registry.services.cards import (
    accept_new,
    save_card,
)
from registry.services.county_papers import address_paper, hold_paper
from registry.services.discharges import accept_discharge, ask_for_card, settle_waiting
from registry.services.refusals import FactsRefused
from registry.terms import CardState, Held
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import save
from tests.registry.hospital import (
    accepted,
    again,
    card_facts,
    discharge_facts,
    hospital_of,
    lines,
    sent_card,
    sent_discharge,
)

pytestmark = pytest.mark.django_db
S = CardState


@pytest.fixture
def hospital(world):
    return hospital_of(world)


# ── discharge ──
def test_a_discharge_of_a_registered_person_makes_the_first_visit_due(world, hospital):
    person = world.patient(
        VILLAGE_A1, "出院甲", status="managed", last_visit_on=timezone.localdate() - timedelta(days=90)
    )
    with scope(world.worker):
        number = person.id_number
    notice = sent_discharge(hospital, id_number=number)
    assert [verb for verb, *_ in lines(world.worker)] == ["接收"]
    with scope(world.worker):
        accept_discharge(notice=notice, patient=person, by=world.worker)
        assert work_lines(world.worker, timezone.localdate()) == []  # on the list of visits, so nowhere else
        Patient.objects.filter(pk=person.pk).update(next_due_on=None)
    ((verb, _name, why),) = lines(world.worker)
    assert verb == "首次随访"
    assert "出院后还没有随访，还剩 10 个工作日" in why
    with scope(world.worker):
        Patient.objects.filter(pk=person.pk).update(last_visit_on=notice.discharged_on - timedelta(days=1))
        assert len(work_lines(world.worker, timezone.localdate())) == 1
        Patient.objects.filter(pk=person.pk).update(last_visit_on=notice.discharged_on)
        assert work_lines(world.worker, timezone.localdate()) == []


def test_an_admitted_person_is_in_care_again_from_the_day_of_the_discharge(world, hospital):
    person = world.patient(VILLAGE_A1, "出院甲", status="admitted")
    with scope(world.worker):
        notice = sent_discharge(hospital, id_number=person.id_number)
        accept_discharge(notice=notice, patient=person, by=world.worker)
        person.refresh_from_db()
        newest = PatientStatus.objects.filter(patient=person).latest("starts_on")
        assert (person.status, newest.starts_on) == ("managed", notice.discharged_on)


def test_a_discharge_of_nobody_registered_waits_for_the_card_and_follows_it(world, hospital, log_in):
    notice = sent_discharge(hospital)
    number = notice.said["id_number"]
    page = log_in(world.worker).get(reverse("registry:discharge_accept", args=[notice.uuid])).content.decode()
    assert "没有这个证件号的在册档案" in page
    with scope(world.worker):
        ask_for_card(notice=notice, by=world.worker)
    assert [verb for verb, *_ in lines(hospital)] == ["补报告卡"]
    begun = log_in(hospital).get(f"{reverse('registry:card_new')}?discharge={notice.uuid}").content.decode()
    assert ("出院甲" in begun, number in begun) == (True, False)
    card = sent_card(hospital, id_number=number, name="出院甲")
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        notice = DischargeNotice.objects.get(pk=notice.pk)
        assert (notice.state, notice.patient_id) == ("accepted", person.pk)
    assert lines(hospital) == []


def test_a_notice_that_waits_elsewhere_is_not_taken_by_a_stranger_but_shown_to_the_county(world, hospital):
    notice = sent_discharge(hospital)
    with scope(world.county_office):
        hold_paper(paper=notice, because=Held.ADDRESS, reason="查无此址", by=world.county_office)
        address_paper(paper=notice, township=world.town_b, by=world.county_office)
        ask_for_card(notice=notice, by=world.worker_b)
    card = sent_card(hospital, id_number=notice.said["id_number"], name="出院甲")
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
    with scope(world.county_office):  # the wall is open here: the door must hold by itself
        assert settle_waiting(person, by=world.worker) == 0
        assert DischargeNotice.objects.get(pk=notice.pk).state == "needs_card"
    ((verb, name, why),) = lines(world.county_office)
    assert (verb, name) == ("核对出院单", "出院甲")
    assert "已在别的乡镇建档" in why
    with scope(world.county_office):
        hold_paper(paper=notice, because=Held.ADDRESS, reason="在东街道建档", by=world.county_office)
        accept_discharge(notice=notice, patient=person, by=world.county_office)
        assert DischargeNotice.objects.get(pk=notice.pk).state == "accepted"


def test_a_notice_that_waits_for_a_card_is_taken_when_the_person_got_a_file_without_one(world, hospital, log_in):
    """建档 from an own survey or a list: no card ever comes, and the first visit after the discharge is owed all the same."""
    notice = sent_discharge(hospital)
    with scope(world.worker):
        ask_for_card(notice=notice, by=world.worker)
    assert lines(world.worker) == []
    world.patient(VILLAGE_A1, "出院甲", id_number=notice.said["id_number"])
    ((verb, name, why),) = lines(world.worker)
    assert (verb, name) == ("接收", "出院甲")
    assert "已建档" in why
    assert lines(world.worker_b) == []
    client = log_in(world.worker)
    assert client.post(reverse("registry:discharge_accept", args=[notice.uuid]), {"go": "1"}).status_code == 302
    with scope(world.worker):
        assert DischargeNotice.objects.get(pk=notice.pk).state == "accepted"


def test_a_discharge_nobody_knew_of_opens_the_window_of_the_first_visit(world, hospital):
    """The township had the person at home all the time; the notice is the first it hears of the stay."""
    today = timezone.localdate()
    person = world.patient(VILLAGE_A1, "出院甲", opened_on=today - timedelta(days=60))
    save(world.worker, person, 0, ago=12)
    with scope(world.worker):
        person.refresh_from_db()
        assert person.next_due_on == today + timedelta(days=2)
        notice = sent_discharge(hospital, id_number=person.id_number)
        accept_discharge(notice=notice, patient=person, by=world.worker)
        person.refresh_from_db()
        newest = Window.objects.filter(patient=person).latest("opened_on", "pk")
        assert (newest.opener, newest.due_on) == ("discharged", person.next_due_on)
        assert person.next_due_on <= notice.discharged_on + timedelta(days=14)


def test_a_discharge_with_a_wrong_address_is_the_countys(world, hospital):
    notice = sent_discharge(hospital)
    with scope(world.worker):
        hold_paper(paper=notice, because=Held.ADDRESS, reason="查无此址", by=world.worker)
    assert [verb for verb, *_ in lines(world.county_office)] == ["核对出院单"]


def test_a_discharge_before_its_admission_is_refused(hospital):
    today = timezone.localdate()
    with scope(hospital), pytest.raises(FactsRefused, match="不能早于入院日期"):
        sent_discharge(hospital, admitted_on=today, discharged_on=today - timedelta(days=1))


# ── pages ──
def test_the_card_form_is_sent_by_the_hospital_and_refused_beside_the_field(hospital, log_in):
    client, address = log_in(hospital), reverse("registry:card_new")
    page = client.get(address).content.decode()
    assert "两系三代精神疾病家族史" in page
    data = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in card_facts().items()}
    data |= {"form_id": str(uuid4()), "drug1_name": "奥氮平", "drug1_night": "5", "onset_on": "2015"}
    data.pop("drugs")
    refused = client.post(address, {**data, "past_acts": ["1", "7"], "past_danger": "2"})
    assert refused.status_code == 400
    assert "选了“无”，就不能再选别的。" in refused.content.decode()
    assert client.post(address, data).status_code == 302
    with scope(hospital):
        card = ReportCard.objects.get()
        assert (card.said["onset_on"], card.said["drugs"][0]["night"]) == ("2015-01-01", "5")


def test_a_draft_keeps_its_number_out_of_the_page_and_in_the_card(hospital, log_in):
    with scope(hospital):
        said = {name: card_facts()[name] for name in ("name", "diagnosed_on", "id_number", "id_kind")}
        card = save_card(said=said, form_id=uuid4(), by=hospital, send=False)
    client, address = log_in(hospital), reverse("registry:card_edit", args=[card.uuid])
    page = client.get(address).content.decode()
    assert ("还剩" in page, said["id_number"] in page) == (True, False)
    data = {"form_id": str(uuid4()), "version": "1", "draft": "1", "name": "报卡乙", "id_kind": "01",
            "diagnosed_on": said["diagnosed_on"].isoformat()}  # fmt: skip
    assert client.post(address, data).status_code == 302
    with scope(hospital):
        assert (again(card).said["name"], card.said["id_number"]) == ("报卡乙", said["id_number"])


@pytest.mark.parametrize("paper", ["1-1", "1-2", "1-3", "1-4"])
def test_blank_sheets_hold_every_field_and_nobody(world, hospital, log_in, paper):
    sent_card(hospital)
    page = log_in(hospital).get(reverse("registry:paper_blank", args=[paper])).content.decode()
    assert f"表{paper}" in page
    assert "报卡甲" not in page
    assert "p-chosen" not in page


def test_filled_sheets_print(world, hospital, log_in):
    card, notice = sent_card(hospital), sent_discharge(hospital)
    printed = log_in(world.worker).get(reverse("registry:card_print", args=[card.uuid])).content.decode()
    for words in ("严重精神障碍患者报告卡", card.number, "东街道", "F20.0", "奥氮平"):
        assert words in printed
    printed = log_in(world.worker).get(reverse("registry:discharge_print", args=[notice.uuid])).content.decode()
    assert "出院信息单" in printed
    assert discharge_facts()["doctor"] in printed


def test_every_step_page_opens_for_whose_it_is(world, hospital, log_in):
    card, notice = sent_card(hospital), sent_discharge(hospital)

    def status(who, name, paper):
        return log_in(who).get(reverse(f"registry:{name}", args=[paper.uuid])).status_code

    for who, name in ((world.worker, "card_hold"), (world.worker, "card_accept"), (hospital, "card_correct")):
        assert status(who, name, card) == 200
    assert [status(world.worker, name, notice) for name in ("discharge", "discharge_hold")] == [200, 200]
    pages = ((card, "card_address"), (notice, "discharge_address"))
    assert [status(world.county_office, name, paper) for paper, name in pages] == [302, 302]  # not with the county yet
    with scope(world.worker):
        for paper in (card, notice):
            hold_paper(paper=paper, because=Held.ADDRESS, reason="找不到", by=world.worker)
    assert [status(world.county_office, name, paper) for paper, name in pages] == [200, 200]
    assert log_in(hospital).get(reverse("registry:discharges")).status_code == 200
    assert log_in(hospital).get(reverse("registry:discharge_new")).status_code == 200


def test_a_limit_that_runs_into_a_year_not_announced_warns_on_the_page(world, hospital, log_in):
    with time_machine.travel(datetime(2026, 12, 28, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        card = sent_card(hospital)
        for who, address in (
            (world.worker, reverse("registry:card", args=[card.uuid])),
            (world.worker, reverse("registry:cards")),
            (hospital, reverse("registry:cards")),
            (world.worker, reverse("registry:card_accept", args=[card.uuid])),
        ):
            page = log_in(who).get(address).content.decode()
            assert "2027 年的放假安排还没有公布" in page
            assert "1 月 5 日前" in page
