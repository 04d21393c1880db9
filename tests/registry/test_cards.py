"""A report card from the hospital to the register, through every hand that may hold it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Conflict, Denied, NotHere, Refused
from accounts.scope import scope
from registry.models import Patient, PatientStatus, ReportCard
from registry.services.cards import (
    accept_card,
    accept_new,
    correct_card,
    save_card,
    settle_correction,
)
from registry.services.county_papers import address_paper, end_paper_elsewhere, hold_paper
from registry.services.refusals import FactsRefused
from registry.services.transfers import answer_transfer, propose_transfer
from registry.terms import CardState, Held
from tests.conftest import VILLAGE_A1, VILLAGE_B1, VILLAGE_C1
from tests.registry.hospital import accepted, again, card_facts, hospital_of, lines, sent_card, sent_discharge

pytestmark = pytest.mark.django_db
S = CardState


@pytest.fixture
def hospital(world):
    return hospital_of(world)


# ── the hospital ──
def test_a_card_goes_to_the_township_of_the_residence(world, hospital):
    card = sent_card(hospital)
    assert (card.state, card.township_id, card.county_id) == (S.SENT, world.town_a.pk, world.county.pk)
    assert len(card.number) == 14
    ((verb, name, why),) = lines(world.worker)
    assert (verb, name) == ("接收", "报卡甲")
    assert "还剩 5 个工作日" in why
    assert lines(world.worker_b) == []


def test_a_card_without_a_township_goes_to_the_county(world, hospital):
    card = sent_card(hospital, residence_code="0")
    assert (card.state, card.held_because) == (S.AT_COUNTY, Held.UNSETTLED)
    assert [verb for verb, *_ in lines(world.county_office)] == ["核对报告卡"]


def test_a_draft_shows_its_limit_before_it_is_late_and_is_seen_by_its_hospital_only(world, hospital):
    today = timezone.localdate()
    with scope(hospital):
        said = {"name": "草稿甲", "diagnosed_on": today, "residence_code": VILLAGE_A1}
        card = save_card(said=said, form_id=uuid4(), by=hospital, send=False)
    assert [(verb, "还剩 10 个工作日" in why) for verb, _n, why in lines(hospital)] == [("填完并报告", True)]
    assert lines(hospital, days=30)[0][2].startswith("报告卡还没有报告，已超期")
    with scope(world.worker):
        assert ReportCard.objects.count() == 0
    with scope(hospital):
        done = save_card(said=card_facts(), form_id=uuid4(), by=hospital, send=True, card=card, version=1)
        assert (done.pk, done.state, done.reported_on) == (card.pk, S.SENT, today)
        with pytest.raises(Refused, match="已经报告"):
            save_card(said=card_facts(), form_id=uuid4(), by=hospital, send=True, card=card)


def test_two_open_tabs_on_one_draft_meet_a_conflict(hospital):
    with scope(hospital):
        said = {"name": "草稿甲", "diagnosed_on": timezone.localdate()}
        card = save_card(said=said, form_id=uuid4(), by=hospital, send=False)
        save_card(said=said, form_id=uuid4(), by=hospital, send=False, card=card, version=1)
        with pytest.raises(Conflict):
            save_card(said=said, form_id=uuid4(), by=hospital, send=False, card=card, version=1)


def test_the_same_form_twice_is_one_card(hospital):
    form = uuid4()
    with scope(hospital):
        first = save_card(said=card_facts(), form_id=form, by=hospital, send=True)
        assert save_card(said=card_facts(), form_id=form, by=hospital, send=True).pk == first.pk


def test_an_unfinished_card_is_refused_by_field(hospital):
    with scope(hospital), pytest.raises(FactsRefused) as refusal:
        save_card(said=card_facts(past_acts=["1", "7"], icd10=None), form_id=uuid4(), by=hospital, send=True)
    assert {problem.field for problem in refusal.value.problems} == {"past_acts", "past_danger", "icd10"}


def test_the_county_enters_a_paper_card_in_the_hospitals_name(world, hospital):
    today = timezone.localdate()
    office = world.county_office
    with scope(office):
        with pytest.raises(FactsRefused, match="收到纸质卡"):
            save_card(said=card_facts(), form_id=uuid4(), by=office, send=True, hospital=hospital.agency)
        said = card_facts(paper_on=today)
        card = save_card(said=said, form_id=uuid4(), by=office, send=True, hospital=hospital.agency)
        assert (card.hospital_id, card.paper_on, card.state) == (hospital.agency_id, today, S.SENT)


def test_nobody_else_reports_a_card(world):
    with scope(world.worker), pytest.raises(Denied):
        save_card(said=card_facts(), form_id=uuid4(), by=world.worker, send=True)


# ── walls ──
@pytest.mark.parametrize("send", [sent_card, sent_discharge])
def test_a_paper_is_walled_by_hospital_and_place(world, hospital, send):
    other = hospital_of(world, "甲县第二医院")
    paper = send(hospital)
    model = type(paper)
    assert model.objects.count() == 0
    seen = {}
    for who in (
        hospital,
        other,
        world.worker,
        world.worker_b,
        world.county_office,
        world.stranger,
        world.village_doctor,
    ):
        with scope(who):
            seen[who.username] = model.objects.count()
    assert list(seen.values()) == [1, 0, 1, 0, 1, 0, 1]  # the wall knows townships; the pages ask for the right as well
    with scope(other):
        assert model.objects.filter(pk=paper.pk).update(held_because="address") == 0
        paper.pk, paper.uuid, paper.form_id, paper.entered_by = None, uuid4(), uuid4(), hospital
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            paper.save(force_insert=True)


def test_pages_show_a_hospital_its_own_cards_only(world, hospital, log_in):
    other = hospital_of(world, "甲县第二医院")
    card = sent_card(hospital)
    client = log_in(other)
    assert client.get(reverse("registry:card", args=[card.uuid])).status_code == 404
    assert "报卡甲" not in client.get(reverse("registry:cards")).content.decode()
    assert "报卡甲" in log_in(hospital).get(reverse("registry:cards")).content.decode()
    assert log_in(hospital).get(reverse("registry:patients")).status_code == 403
    assert log_in(world.village_doctor).get(reverse("registry:card", args=[card.uuid])).status_code == 403


def test_numbers_stay_out_of_every_page_but_the_paper(world, hospital, log_in):
    card = sent_card(hospital)
    number = card.said["id_number"]
    for who, name in ((hospital, "card"), (world.worker, "card"), (world.worker, "card_accept")):
        page = log_in(who).get(reverse(f"registry:{name}", args=[card.uuid])).content.decode()
        assert ("报卡甲" in page, number in page, "19900000011" in page) == (True, False, False)
    assert number in log_in(hospital).get(reverse("registry:card_print", args=[card.uuid])).content.decode()


# ── acceptance ──
def test_acceptance_opens_the_file_and_makes_the_first_visit_due(world, hospital):
    card = sent_card(hospital)
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        assert again(card).state == S.ACCEPTED
        assert (person.id_number, person.name, person.diagnosing_hospital) == (
            card.said["id_number"], "报卡甲", "甲县精神卫生中心",
        )  # fmt: skip
    ((verb, name, why),) = lines(world.worker)
    assert (verb, name) == ("首次随访", "报卡甲")
    assert "还剩 10 个工作日" in why
    with scope(world.worker):  # due within the days ahead: on the list of visits, and not here as well
        due = Patient.objects.filter(pk=person.pk)
        due.update(next_due_on=timezone.localdate())
    assert lines(world.worker) == []
    with scope(world.worker):
        due.update(next_due_on=None)
    assert len(lines(world.worker)) == 1
    with scope(world.worker):
        Patient.objects.filter(pk=person.pk).update(last_visit_on=timezone.localdate())
    assert lines(world.worker) == []


def test_a_known_number_here_is_linked_to_its_file(world, hospital, log_in):
    person = world.patient(VILLAGE_A1, "在册甲")
    with scope(world.worker):
        number = person.id_number
    card = sent_card(hospital, id_number=number)
    page = log_in(world.worker).get(reverse("registry:card_accept", args=[card.uuid])).content.decode()
    assert "证件号在册：在册甲" in page
    assert (
        log_in(world.worker).post(reverse("registry:card_accept", args=[card.uuid]), {"sure": "1"}).status_code == 302
    )
    with scope(world.worker):
        assert (again(card).state, card.patient_id, Patient.objects.count()) == (S.ACCEPTED, person.pk, 1)


def test_a_number_known_elsewhere_answers_neutrally_and_becomes_the_countys(world, hospital, log_in):
    there = world.patient(VILLAGE_C1, "外县甲")
    with scope(world.stranger):
        number = there.id_number
    card = sent_card(hospital, id_number=number)
    with scope(world.worker):
        facts = accepted(card)
        assert accept_new(card=card, facts=facts, by=world.worker) is None
        assert (again(card).state, card.held_because) == (S.AT_COUNTY, Held.KNOWN)
        assert Patient.objects.count() == 0
    page = log_in(hospital).get(reverse("registry:card", args=[card.uuid])).content.decode()
    assert "证件号需县级核对" not in page
    with scope(world.county_office):
        with pytest.raises(Refused, match="原因"):
            end_paper_elsewhere(paper=card, reason="", by=world.county_office)
        end_paper_elsewhere(paper=card, reason="已转告乙县", by=world.county_office)
    assert lines(world.county_office) == []


def test_a_number_known_in_another_township_is_linked_by_the_county(world, hospital, log_in):
    there = world.patient(VILLAGE_B1, "西镇甲")
    with scope(world.worker_b):
        number = there.id_number
    card = sent_card(hospital, id_number=number)
    with scope(world.worker):
        assert accept_new(card=card, facts=accepted(card), by=world.worker) is None
    answer = log_in(world.county_office).post(reverse("registry:card_address", args=[card.uuid]), {"act": "link"})
    assert answer.status_code == 302
    with scope(world.county_office):
        assert (again(card).state, card.patient_id) == (S.ACCEPTED, there.pk)


def test_a_closed_file_takes_no_card(world, hospital):
    person = world.patient(VILLAGE_A1, "结案甲", status="dead", closed_on=timezone.localdate())
    card = sent_card(hospital)
    with scope(world.worker), pytest.raises(Refused, match="已经结案"):
        accept_card(card=card, patient=person, by=world.worker)


def test_a_wrong_address_goes_to_the_county_and_on_to_the_right_township(world, hospital):
    card = sent_card(hospital)
    with scope(world.worker):
        with pytest.raises(Refused, match="原因"):
            hold_paper(paper=card, because=Held.ADDRESS, reason="", by=world.worker)
        hold_paper(paper=card, because=Held.ADDRESS, reason="派出所查无此址", by=world.worker)
    ((verb, _name, why),) = lines(world.county_office)
    assert verb == "核对报告卡"
    assert "还剩 5 个工作日" in why
    with scope(world.county_office):
        with pytest.raises(Refused, match="本县"):
            address_paper(paper=card, township=world.town_c, by=world.county_office)
        address_paper(paper=card, township=world.town_b, by=world.county_office)
    assert [verb for verb, *_ in lines(world.worker_b)] == ["接收"]
    with scope(world.worker), pytest.raises(NotHere):
        hold_paper(paper=card, because=Held.ADDRESS, reason="再退", by=world.worker)


def test_a_township_cannot_address_and_a_second_return_is_refused(world, hospital):
    card = sent_card(hospital)
    with scope(world.worker):
        with pytest.raises(Denied):
            address_paper(paper=card, township=world.town_b, by=world.worker)
        hold_paper(paper=card, because=Held.ADDRESS, reason="查无此址", by=world.worker)
        with pytest.raises(Refused, match="现在已经是“待县级处理”"):
            hold_paper(paper=card, because=Held.ADDRESS, reason="查无此址", by=world.worker)


def test_the_hospital_sees_that_its_card_was_taken_and_no_more(world, hospital, log_in):
    card = sent_card(hospital)
    with scope(world.worker):
        accept_new(card=card, facts=accepted(card), by=world.worker)
    page = log_in(hospital).get(reverse("registry:card", args=[card.uuid]))
    assert page.status_code == 200
    assert ("已接收" in page.content.decode(), "打开在册档案" in page.content.decode()) == (True, False)


# ── correction ──
def test_a_corrected_diagnosis_takes_the_person_off_the_register_with_its_evidence(world, hospital):
    card, today = sent_card(hospital), timezone.localdate()
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
    with scope(hospital):
        with pytest.raises(Refused, match="依据"):
            correct_card(card=card, on=today, reason="再次诊断", evidence="", by=hospital)
        correct_card(card=card, on=today, reason="再次诊断", evidence="市医院 2026-11-20 再次诊断", by=hospital)
    assert "按更正结案" in [verb for verb, *_ in lines(world.worker)]
    with scope(world.worker):
        settle_correction(card=card, on=today, by=world.worker)
        person.refresh_from_db()
        status = PatientStatus.objects.get(patient=person, value="excluded")
        assert (person.status, person.closed_on, again(card).state) == ("excluded", today, S.WITHDRAWN)
        assert "市医院 2026-11-20 再次诊断" in status.evidence
    assert lines(world.worker) == []


def test_a_correction_reaches_the_township_that_keeps_the_file_now(world, hospital):
    """The person moved after the card was accepted: whoever holds the file is asked, nobody else."""
    card, today = sent_card(hospital), timezone.localdate()
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        moving = propose_transfer(patient=person, by=world.worker, reason="home", to_township=world.town_b)
    with scope(world.worker_b):
        answer_transfer(transfer=moving.uuid, answer="accept", by=world.worker_b)
    with scope(hospital):
        correct_card(card=card, on=today, reason="再次诊断", evidence="市医院 2026-11-20 再次诊断", by=hospital)
    assert lines(world.worker) == []
    assert "按更正结案" in [verb for verb, *_ in lines(world.worker_b)]
    with scope(world.worker_b):
        card = ReportCard.objects.get(pk=card.pk)
        settle_correction(card=card, on=today, by=world.worker_b)
        person.refresh_from_db()
        assert (person.status, again(card).state) == ("excluded", S.WITHDRAWN)


def test_a_card_not_yet_accepted_is_simply_withdrawn(world, hospital):
    card = sent_card(hospital)
    with scope(hospital):
        with pytest.raises(Refused, match="更正日期"):
            correct_card(
                card=card, on=timezone.localdate() + timedelta(days=1), reason="误报", evidence="", by=hospital
            )
        correct_card(card=card, on=timezone.localdate(), reason="误报", evidence="", by=hospital)
        assert again(card).state == S.WITHDRAWN
    assert lines(world.worker) == []
    with scope(world.worker), pytest.raises(Refused, match="没有后续操作"):
        hold_paper(paper=card, because=Held.ADDRESS, reason="查无此址", by=world.worker)
