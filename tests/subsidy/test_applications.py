"""An application's way, a batch's three people, and what a payment may become."""

from datetime import date
from itertools import pairwise

import pytest

from accounts.refusals import Refused
from accounts.rules.calendar import WorkCalendar
from accounts.rules.machine import StepRefused, faults
from accounts.terms import Permission
from subsidy.rules.applications import APPLICATION, demand_opinions, demand_publicity, publicity_ends
from subsidy.rules.batches import (
    BATCH,
    OVERPAYMENT,
    PAYMENT,
    content_hash,
    demand_another,
    demand_same,
)
from subsidy.terms import ApplicationState, BatchState, OpinionOffice, PaymentState

S, P = ApplicationState, Permission
STRAIGHT = (S.DRAFT, S.TAKEN_IN, S.FIRST_PASSED, S.TOWNSHIP_PASSED, S.COUNTY_PASSED, S.PUBLISHED, S.APPROVED, S.ENDED)


@pytest.mark.parametrize("machine", [APPLICATION, BATCH, PAYMENT, OVERPAYMENT], ids=lambda machine: machine.name)
def test_every_state_has_a_way_out_or_is_an_end(machine):
    assert faults(machine) == set()


def test_the_straight_way_of_an_application_and_who_goes_it():
    steps = [APPLICATION.step(before, after) for before, after in pairwise(STRAIGHT)]
    assert [step.who for step in steps] == [
        P.APPLY_SUBSIDY, P.REVIEW_SUBSIDY, P.REVIEW_SUBSIDY, P.DECIDE_SUBSIDY, P.DECIDE_SUBSIDY, P.DECIDE_SUBSIDY,
        P.DECIDE_SUBSIDY,
    ]  # fmt: skip


def test_a_no_always_says_why():
    gentle = {S.RETURNED, S.REFUSED, S.WITHDRAWN, S.ENDED}
    assert [step.verb for step in APPLICATION.steps if step.after in gentle and not step.needs_reason] == []


def test_nothing_is_approved_past_the_notice_board():
    with pytest.raises(StepRefused, match="现在可以：公示、退回补正、不予批准、撤回"):
        APPLICATION.step(S.COUNTY_PASSED, S.APPROVED)


@pytest.mark.parametrize(
    ("opinions", "said"),
    [
        ({}, "还缺民政、派出所、卫生院的意见"),
        ({OpinionOffice.POLICE: True, OpinionOffice.HEALTH: True}, "还缺民政的意见"),
        ({**dict.fromkeys(OpinionOffice, True), OpinionOffice.POLICE: False}, "派出所不同意"),
    ],
)
def test_the_township_passes_only_with_three_opinions(opinions, said):
    with pytest.raises(Refused, match=said):
        demand_opinions(opinions)


def test_three_opinions_in_favour_pass():
    demand_opinions(dict.fromkeys(OpinionOffice, True))


def test_the_notice_hangs_for_working_days():
    calendar = WorkCalendar()
    friday = date(2026, 3, 6)
    assert publicity_ends(friday, 7, calendar) == date(2026, 3, 17)
    assert publicity_ends(friday, 5, calendar) == date(2026, 3, 13)


def test_nothing_is_approved_while_the_notice_hangs_or_an_objection_waits():
    put_up, ends = date(2026, 3, 6), date(2026, 3, 17)
    with pytest.raises(Refused, match="期满后才能批准"):
        demand_publicity(put_up, ends, ends, [])
    with pytest.raises(Refused, match="还有异议没有答复：异议-2"):
        demand_publicity(put_up, ends, date(2026, 3, 18), ["异议-2"])
    demand_publicity(put_up, ends, date(2026, 3, 18), [])


def test_a_batch_needs_three_people():
    with pytest.raises(Refused, match="您编制的"):
        demand_another("a", maker="a")
    with pytest.raises(Refused, match="您审核的，请由第三个人签发"):
        demand_another("b", maker="a", checker="b")
    demand_another("b", maker="a")
    demand_another("c", maker="a", checker="b")


def test_an_approval_holds_for_the_bytes_that_were_seen():
    rows = [("r1", "冉启芳", "2400.00"), ("r2", "冉启明", "600.00")]
    seen = content_hash("2026-01", rows)
    demand_same(seen, content_hash("2026-01", list(rows)))
    for other in (
        content_hash("2026-01", rows[::-1]),
        content_hash("2026-02", rows),
        content_hash("2026-01", [("r1", "冉启芳2400.00", ""), rows[1]]),
    ):
        with pytest.raises(Refused, match="原来的审核已失效"):
            demand_same(seen, other)


def test_what_was_released_can_go_back_but_what_was_sent_cannot():
    assert BATCH.step(BatchState.RELEASED, BatchState.MADE).needs_reason
    with pytest.raises(StepRefused):
        BATCH.step(BatchState.SENT, BatchState.MADE)


def test_a_returned_payment_is_corrected_and_paid_again():
    way = (
        PaymentState.SUBMITTED,
        PaymentState.FAILED,
        PaymentState.CORRECTED,
        PaymentState.SUBMITTED,
        PaymentState.PAID,
    )
    for before, after in pairwise(way):
        PAYMENT.step(before, after)
    with pytest.raises(StepRefused, match="已经办结"):
        PAYMENT.step(PaymentState.PAID, PaymentState.SUBMITTED)
