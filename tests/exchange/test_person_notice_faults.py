"""Cut anywhere: who sends, signs or takes back a notice about one person dies at every point; it happens once or not.

Each point twice here, twenty times in the nightly run (NIGHTLY=1).
"""

from uuid import uuid4

import pytest

from accounts.scope import scope
from exchange.models import Disclosure, Notice, PersonNotice, PersonNoticeCopy
from exchange.services.channels import register_channel
from exchange.services.failpoints import PERSON_NOTICING
from tests.exchange.person_notices import lost, make_house, send
from tests.exchange.test_faults import ROUNDS

pytestmark = pytest.mark.django_db(transaction=True)
SENDING, ENDING = PERSON_NOTICING[:3], PERSON_NOTICING[3:]
OFFICES = 5  # police and 综治 of township and county, the county's 精防办


@pytest.fixture
def house(world):
    found = make_house(world, ("police.urgent", "police.lost_report", "political_legal.lost_report",
                               "prevention_office.lost_report"))  # fmt: skip
    assert found["office"].agency
    with scope(found["clerk"]):
        register_channel(agency=found["police"].agency.uuid, kind="mail", address="a@b.example", by=found["clerk"])
    return found


def standing(house, person):
    """Copies, those that went out, lines of the ledger, words for addresses outside."""
    with scope(counties=[house["county"].pk]):
        copies = PersonNoticeCopy.objects.filter(patient=person)
        return (
            copies.count(), copies.filter(delivered_at__isnull=False).count(),
            Disclosure.objects.filter(person=person.uuid, act="disclosed").count(),
            Disclosure.objects.filter(person=person.uuid, act="recalled").count(), Notice.objects.count(),
        )  # fmt: skip


def states(house, person):
    with scope(counties=[house["county"].pk]):
        return list(PersonNotice.objects.filter(patient=person).order_by("pk").values_list("state", flat=True))


def test_a_notice_that_dies_anywhere_is_told_once_or_not(house, packers):
    person = lost(house, house["world"].patient(name="甲"))
    order = {
        "patient": str(person.pk), "situation": "lost_report", "by": house["worker"].username, "form": str(uuid4()),
    }  # fmt: skip
    for _ in range(ROUNDS):
        for point in SENDING:
            packers[0].dies(point, "notify", **order)
            assert (states(house, person), standing(house, person)) == (["pending"], (0, 0, 0, 0, 0))
    for packer in packers:  # the button pressed twice
        packer.begin("notify", **order)
    assert [packer.end() for packer in packers] == [0, 0]
    assert (states(house, person), standing(house, person)) == (["sent"], (OFFICES, OFFICES, OFFICES, 0, 1))
    with scope(house["worker"]):
        notice = {"notice": str(PersonNotice.objects.get().uuid), "by": house["worker"].username}
    for _ in range(ROUNDS):
        for point in ENDING:
            packers[0].dies(point, "withdraw", **notice)
            assert (states(house, person), standing(house, person)) == (["sent"], (OFFICES, OFFICES, OFFICES, 0, 1))
    for packer in packers:
        packer.begin("withdraw", **notice)
    assert sorted(packer.end() for packer in packers) == [0, 1]
    assert (states(house, person), standing(house, person)) == (["withdrawn"], (OFFICES, OFFICES, OFFICES, OFFICES, 2))


def test_a_second_signature_that_dies_anywhere_tells_once_or_not(house, packers):
    person = house["world"].patient(name="乙")
    row = send(house["worker"], person, "urgent")
    order = {"notice": str(row.uuid), "by": house["office"].username}
    for _ in range(ROUNDS):
        for point in SENDING:
            packers[0].dies(point, "sign_notice", **order)
            assert (states(house, person), standing(house, person)) == (["proposed"], (2, 0, 0, 0, 0))
    for packer in packers:
        packer.begin("sign_notice", **order)
    assert sorted(packer.end() for packer in packers) == [0, 1]
    assert (states(house, person), standing(house, person)) == (["sent"], (2, 2, 2, 0, 1))
