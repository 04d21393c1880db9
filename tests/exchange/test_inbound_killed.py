"""Cut anywhere: who compares a list, prints its answer or tells of what is late dies at every point, and it happens once.

Each point twice here, twenty times in the nightly run (NIGHTLY=1). Source: issue 4, Shows 3 and Bad input and faults.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope
from exchange.models import Difference, InboundContent, InboundLetter, InboundList
from exchange.services.differences import accept_differences
from exchange.services.failpoints import ANSWERING, COMPARING, REMINDING
from exchange.terms import InboundKind
from registry.models import Clue, DeathReport
from tests.accounts.trail import actions
from tests.conftest import VILLAGE_A1
from tests.exchange.inbound import answer, compared, differences, row_of, send, stranger
from tests.exchange.test_faults import ROUNDS

K = InboundKind
pytestmark = pytest.mark.django_db(transaction=True)
MADE = (Difference, Clue, DeathReport)


def count(lists, model, **what):
    with scope(counties=[lists["county"].pk]):
        return model.objects.filter(**what).count()


def events(action):
    return len(actions(action))


def test_there_are_enough_points():
    assert len(COMPARING) >= 4


def test_a_comparison_that_dies_anywhere_is_done_again_and_nothing_is_doubled(lists, packers):
    """The list has every consequence in it: a difference, a clue, a hold on payments."""
    world, today = lists["world"], timezone.localdate().isoformat()
    dead, differs = world.patient(VILLAGE_A1, "亡者辛"), world.patient(VILLAGE_A1, "不同乙")
    send(lists["civil"], lists["civil_office"], lists["county"], K.DEATHS, [row_of(dead, died_on=today)])
    rows = [row_of(differs, phone="19900000099"), stranger()]
    send(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, rows)
    before = COMPARING[: COMPARING.index("list_committed")]
    for _ in range(ROUNDS):
        for point in before:
            packers[0].dies(point, "compare")
            assert set(InboundList.objects.values_list("state", "counts__same", "fault")) == {("sent", None, "")}, point
            assert [count(lists, one) for one in MADE] == [0, 0, 0], point
            assert count(lists, InboundContent) == 2
    packers[0].dies("list_committed", "compare")  # one list is done, the other waits
    assert InboundList.objects.filter(state="compared").count() == 1
    for packer in packers:
        packer.begin("compare")
    assert [packer.end() for packer in packers] == [0, 0]
    assert set(InboundList.objects.values_list("state", flat=True)) == {"compared"}
    assert [count(lists, one) for one in MADE] == [3, 1, 1]
    assert count(lists, InboundContent) == 0
    assert [events(f"exchange.{one}") for one in ("inbound.compared", "difference.opened")] == [2, 3]


@pytest.fixture
def done(lists):
    """Compared, its one difference answered and accepted."""
    patient = lists["world"].patient(VILLAGE_A1, "不同乙")
    row = compared(
        lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [row_of(patient, phone="19900000099")]
    )  # fmt: skip
    (one,) = differences(lists["county"]).values()
    answer(lists["world"].worker, one, "theirs_wrong")
    with scope(lists["office"]):
        accept_differences(row=row, chosen=[one.uuid], by=lists["office"])
    return {**lists, "row": row}


def test_an_answer_that_dies_anywhere_is_printed_once(done, packers):
    for _ in range(ROUNDS):
        for point in ANSWERING:
            packers[0].dies(point, "answer")
            assert InboundList.objects.get().state == "compared"
            assert InboundLetter.objects.count() == 0
    for packer in packers:
        packer.begin("answer")
    assert [packer.end() for packer in packers] == [0, 0]
    assert InboundList.objects.get().state == "answered"
    assert (InboundLetter.objects.count(), events("exchange.inbound.answered")) == (1, 1)


def test_a_clock_that_dies_anywhere_tells_of_each_late_difference_once(lists, packers):
    rows = [stranger(f"外来{n}", 930 + n) for n in range(3)]
    compared(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, rows)
    with scope(counties=[lists["county"].pk]):
        Difference.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    for _ in range(ROUNDS):
        packers[0].dies(REMINDING[0], "remind")
        assert count(lists, Difference, late_noted_at__isnull=False) == 0
    packers[0].dies(REMINDING[1], "remind")
    for packer in packers:
        packer.begin("remind")
    assert [packer.end() for packer in packers] == [0, 0]
    assert count(lists, Difference, late_noted_at__isnull=False) == 3
    assert events("exchange.difference.late") == 3
