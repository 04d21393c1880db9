"""The receiving office: what it sees before and after 签收, what it answers, and what is left when the case is over."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Denied, NotHere, StepUpNeeded
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Disclosure, Feedback, Receipt
from exchange.queries.inbox import own_case, own_cases
from exchange.rules.shelves import Shelf
from exchange.services.inbox import AnswerRefused, FormUsed, NotOpen, acknowledge, answer, open_cases, see
from exchange.services.watching import TooMany
from tests.accounts.trail import actions
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.exchange.conftest import (
    as_partner,
    cases_of,
    deliver,
    given,
    inbox,
    ledger,
    opened,
    save,
    sign,
)  # fmt: skip
from tests.exchange.test_closing import confirmed
from tests.exchange.test_raising import POLICE_A
from tests.factories import make_agency, make_user

pytestmark = pytest.mark.django_db


def raised(world, level=3, **facts):
    patient = world.patient(**facts)
    save(world.worker, patient, level)
    deliver()
    return patient


def test_nothing_is_in_the_inbox_before_delivery(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    assert inbox(world.police) == []
    deliver()
    assert [card.case.number for card in inbox(world.police)] == [cases_of(patient)[POLICE_A].number]


def test_before_signing_there_is_number_time_level_and_area(world):
    raised(world, 4)
    (card,) = inbox(world.police)
    assert (card.shelf, card.case.level, card.case.area) == (Shelf.TO_ACKNOWLEDGE, 4, "东街道 东一社区")
    assert opened(world.police) == {}


def test_after_signing_the_content_is_read_and_every_opening_is_a_ledger_line(world):
    patient = raised(world, 4)
    assert sign(world.police) == 1
    ((content,),) = opened(world.police).values()
    assert (content["name"], content["guardian_phone"]) == ("试验患者", "19900000002")
    opened(world.police)
    lines = [line for line in ledger(patient) if line.act == "opened"]
    assert [(line.recipient_name, line.actor) for line in lines] == [(POLICE_A, world.police.uuid)] * 2
    assert "guardian_phone" in lines[0].fields


def test_seen_and_signed_are_moments_of_their_own_and_the_first_stays(world):
    raised(world)
    noon = timezone.now()
    for hours, act in ((1, "see"), (2, "see"), (3, "sign"), (4, "sign")):
        with time_machine.travel(noon + timedelta(hours=hours), tick=False):
            if act == "sign":
                sign(world.police)
            else:
                with as_partner(world.police):
                    see(by=world.police)
    with scope(world.worker):
        receipt = Receipt.objects.get(alert__agency__name=POLICE_A)
    assert (receipt.seen_at, receipt.acknowledged_at) == (noon + timedelta(hours=1), noon + timedelta(hours=3))
    assert (receipt.seen_by, receipt.acknowledged_by) == (world.police, world.police)


def test_two_officers_of_one_office_share_the_inbox(world):
    patient = raised(world)
    second = make_user(Role.TOWNSHIP_POLICE, world.town_a, world.police.agency, username="police_2")
    assert sign(world.police) == 1
    assert sign(second) == 0
    (card,) = inbox(second)
    assert card.signed_words.endswith(f"由{world.police.display_name}签收")
    (card,) = inbox(world.police)
    assert card.signed_words.endswith("由您签收")
    assert not card.signed_words.startswith("以前")
    save(world.worker, patient, 3)
    deliver()
    (card,) = inbox(world.police)  # the new entry waits: what was signed for is the earlier one
    assert card.signed_words.startswith("以前的内容 ")
    assert card.previous_level is None  # 3 again: nothing has become anything


@pytest.mark.parametrize("who", ["police_b", "political_legal", "county_police"])
def test_another_office_finds_nothing(world, who):
    patient = raised(world)
    case = cases_of(patient)[POLICE_A]
    other = getattr(world, who)
    with as_partner(other):
        assert own_case([other.agency_id], case.uuid) is None
        assert own_cases([case.agency_id]).count() == 0  # naming the other's office does not help
        with pytest.raises(NotHere):
            acknowledge(case=case, by=other)
        assert open_cases(cases=[case], by=other) == {}
        with pytest.raises(NotOpen):
            answer(case=case, given=given(), form_id=uuid4(), by=other)


def test_a_health_role_does_not_receive(world):
    patient = raised(world)
    with scope(world.worker), pytest.raises(Denied):
        acknowledge(case=cases_of(patient)[POLICE_A], by=world.worker)


def test_each_office_signs_for_itself(world):
    raised(world)
    sign(world.police)
    assert [card.shelf for card in inbox(world.political_legal)] == [Shelf.TO_ACKNOWLEDGE]


def test_an_answer_is_kept_once_per_form(world):
    patient = raised(world)
    sign(world.police)
    form = uuid4()
    case = cases_of(patient)[POLICE_A]
    with as_partner(world.police):
        kept = [answer(case=case, given=given(note="家里有人"), form_id=form, by=world.police) for _ in range(2)]
    assert kept == [True, False]
    with scope(world.worker):
        row = Feedback.objects.get()
        assert (row.met, row.actions, row.result, row.note) == ("patient", ["joint_visit"], "calm", "家里有人")
        assert row.duty_township == patient.duty_township
    assert [card.shelf for card in inbox(world.police)] == [Shelf.ANSWERED]


def test_a_form_of_another_case_is_refused_in_words(world):
    first, second = raised(world), raised(world)
    sign(world.police)
    form, one, other = uuid4(), cases_of(first)[POLICE_A], cases_of(second)[POLICE_A]
    with as_partner(world.police):
        answer(case=one, given=given(), form_id=form, by=world.police)
        with pytest.raises(FormUsed):
            answer(case=other, given=given(), form_id=form, by=world.police)
    with scope(world.worker):
        assert [row.patient_id for row in Feedback.objects.all()] == [first.pk]


def test_an_answer_before_signing_is_refused(world):
    case = cases_of(raised(world))[POLICE_A]
    with as_partner(world.police), pytest.raises(NotOpen):
        answer(case=case, given=given(), form_id=uuid4(), by=world.police)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"met": "nobody_else"}, "met"),
        ({"result": ""}, "result"),
        ({"actions": ()}, "actions"),
        ({"actions": ("shoot",)}, "actions"),
        ({"met_at": timezone.localtime() + timedelta(days=1)}, "met_at"),
        ({"met_at": datetime(1, 1, 1, tzinfo=UTC)}, "met_at"),
        ({"note": "长" * 501}, "note"),
    ],
)
def test_a_wrong_answer_names_the_field(world, wrong, field):
    case = cases_of(raised(world))[POLICE_A]
    sign(world.police)
    with as_partner(world.police), pytest.raises(AnswerRefused) as refused:
        answer(case=case, given=given(**wrong), form_id=uuid4(), by=world.police)
    assert list(refused.value.fields) == [field]


def test_news_on_an_answered_case_wants_another_signature(world):
    patient = raised(world)
    sign(world.police)
    case = cases_of(patient)[POLICE_A]
    with as_partner(world.police):
        answer(case=case, given=given(), form_id=uuid4(), by=world.police)
    save(world.worker, patient, 5)
    deliver()
    (card,) = inbox(world.police)
    assert (card.shelf, card.case.level, len(card.waiting)) == (Shelf.TO_ACKNOWLEDGE, 5, 1)
    assert [len(contents) for contents in opened(world.police).values()] == [1]  # the new one waits for its 签收
    sign(world.police)
    assert [len(contents) for contents in opened(world.police).values()] == [2]


def test_closing_takes_everything_but_number_and_date_away_at_once(world):
    patient = raised(world, 4)
    sign(world.police)
    save(world.worker, patient, 1)  # the notice is not even delivered yet
    assert opened(world.police) == {}
    (card,) = inbox(world.police)
    assert (card.case.level, card.case.area, card.case.status) == (None, None, "closed")
    assert {(entry.level, entry.occurred_on) for entry in card.entries} == {(None, None)}
    deliver()
    (card,) = inbox(world.police)
    assert (card.shelf, card.is_release) == (Shelf.TO_ACKNOWLEDGE, True)
    sign(world.police)
    assert [card.shelf for card in inbox(world.police)] == [Shelf.CLOSED]
    case = cases_of(patient)[POLICE_A]
    with as_partner(world.police), pytest.raises(NotOpen):
        answer(case=case, given=given(), form_id=uuid4(), by=world.police)


def test_under_review_the_new_level_is_not_told(world):
    patient = raised(world, 4)
    confirmed(world, patient, 4)
    save(world.worker, patient, 1)
    deliver()
    sign(world.police)
    (card,) = inbox(world.police)
    assert (card.is_under_review, card.case.level) == (True, 4)
    assert [entry.level for entry in card.entries] == [4, 4, None]
    assert {content["level"] for contents in opened(world.police).values() for content in contents} == {"4 级"}


def test_a_corrected_level_is_the_only_one_left_to_read(world):
    from tests.exchange.conftest import correct

    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    deliver()
    sign(world.police)
    correct(world.worker, recorded, 5)
    assert opened(world.police) == {}  # the old content is out of sight with the correction
    (card,) = inbox(world.police)
    assert [(entry.is_withdrawn, entry.level, entry.occurred_on) for entry in card.entries] == [(True, None, None)]
    deliver()
    sign(world.police)
    assert [[content["level"] for content in contents] for contents in opened(world.police).values()] == [["5 级"]]


@pytest.mark.django_db(transaction=True)
def test_opening_many_people_within_an_hour_is_noted_and_then_refused(world):
    office = make_agency("police", world.places[TOWN_A])
    assert office == world.police.agency
    patients = [world.patient(VILLAGE_A1, f"第{n}人") for n in range(61)]
    for patient in patients:
        save(world.worker, patient, 3)
    deliver()
    sign(world.police)
    with as_partner(world.police):
        cases = list(own_cases([office.pk]).order_by("id"))
        for case in cases[:20]:
            assert len(open_cases(cases=[case], by=world.police)) == 1
        with pytest.raises(StepUpNeeded):
            open_cases(cases=[cases[20]], by=world.police)
        for case in cases[20:60]:
            assert len(open_cases(cases=[case], by=world.police, proven=True)) == 1
        with pytest.raises(TooMany):
            open_cases(cases=[cases[60]], by=world.police, proven=True)
        assert len(open_cases(cases=[cases[0]], by=world.police)) == 1  # one already opened may be opened again
    assert sorted(actions("exchange.portal")) == ["exchange.portal.stopped"] + ["exchange.portal.watched"] * 40
    later = time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False)
    with later, as_partner(world.police), pytest.raises(TooMany):  # until the privacy officer has looked into it
        open_cases(cases=[cases[60]], by=world.police, proven=True)


def test_the_ledger_says_who_was_told_and_who_looked(world):
    patient = raised(world)
    sign(world.police)
    opened(world.police)
    save(world.worker, patient, 1)
    acts = [line.act for line in ledger(patient)]
    assert sorted(acts) == ["disclosed"] * 4 + ["opened"] + ["recalled"] * 4
    with scope(world.worker_b):
        assert Disclosure.objects.count() == 0
