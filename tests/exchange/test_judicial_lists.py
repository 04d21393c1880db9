"""司法: people under correction (mostly nobody of ours) and people in compulsory treatment (all of them patients)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.terms import AgencyKind, Role
from exchange.models import InboundList
from exchange.queries.inbound import senders_of
from exchange.terms import InboundKind
from tests import factories
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.exchange.inbound import by_police, clues, compared, differences, row_of, stranger

K = InboundKind
pytestmark = pytest.mark.django_db


@pytest.fixture
def judicial(lists):
    office = factories.make_agency(AgencyKind.JUDICIAL, lists["county"])
    return {**lists, "judicial": factories.make_user(Role.JUDICIAL, lists["county"], office), "judicial_office": office}


def handed_in(judicial, kind, rows):
    return compared(judicial["judicial"], judicial["judicial_office"], judicial["county"], kind, rows)


def test_the_judicial_office_hands_in_its_two_lists_and_no_other(judicial):
    (one,) = senders_of(judicial["judicial"], timezone.localdate())
    assert {kind.code for kind in one.kinds} == {K.CORRECTION, K.COMPULSORY}


def test_of_people_under_correction_who_are_nobody_of_ours_nothing_stays(judicial):
    patient = judicial["world"].patient(VILLAGE_A1, "不同乙")
    row = handed_in(judicial, K.CORRECTION, [row_of(patient, phone="19900000099"), stranger("无关丁")])
    assert {name: n for name, n in row.counts.items() if n} == {"differs": 1, "only_theirs": 1}
    assert set(differences(judicial["county"])) == {"differs 不同乙"}
    assert clues(judicial["county"]) == []


def test_somebody_in_compulsory_treatment_without_a_file_is_a_clue_of_that_office(judicial):
    until = (timezone.localdate() + timedelta(days=40)).isoformat()
    row = handed_in(judicial, K.COMPULSORY, [stranger(released_on=until)])
    assert (row.counts["only_theirs"], row.refusals) == (1, [])
    (clue,) = clues(judicial["county"])
    assert (clue.source, clue.township.code) == ("judicial", TOWN_A)
    assert differences(judicial["county"])["only_theirs 外来丁"].said["released_on"] == until


def test_the_police_may_hand_in_who_is_treated_by_order_and_what_a_list_no_longer_shows_agrees(judicial):
    patient = judicial["world"].patient(VILLAGE_A1, "强制己")
    wrong = [row_of(patient, guardian_phone="19900000098", guardian_name="甲父")]
    args = (judicial["police"], judicial["police_office"], judicial["county"], K.COMPULSORY)
    compared(*args, wrong)
    assert set(differences(judicial["county"])) == {"differs 强制己"}
    compared(*args, [stranger("别人庚", 903)])
    assert set(differences(judicial["county"])) == {"only_theirs 别人庚"}
    assert by_police(judicial, [row_of(patient)]).counts["same"] == 1
    assert InboundList.objects.count() == 3
