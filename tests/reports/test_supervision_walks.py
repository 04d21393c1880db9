"""督导整改 under random acts and under two hands at once: what stands beside a finding is always what its history says."""

from random import Random

import pytest
from django.utils import timezone

from accounts.refusals import Refused
from reports.models import Finding, Measure
from reports.queries.supervision import finding_counts
from reports.queries.supervision_tally import tally_of
from reports.services.findings import (
    FindingFacts,
    accept_right,
    note_rectification,
    record_finding,
    report_right,
    send_back,
    withdraw_finding,
)
from reports.services.measures import end_measure, revoke_measure
from reports.terms import MeasureState, Rung
from tests.exchange.test_races import at_once
from tests.reports.supervising import day, found, held, put, step, stored, town

ACTS, STARTS_AGO = 120, 400


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_after_any_acts_the_columns_the_history_and_the_tally_agree(world, plan, seed):
    draw = Random(seed)
    of = held(world, ago=STARTS_AGO)
    findings = [found(world, of, what=f"问题{n}。", due_ago=STARTS_AGO - 10 * n) for n in range(4)]
    done = 0
    for turn in range(ACTS):
        ago = max(STARTS_AGO - turn * 6, 0)  # the days of the acts go on; what has no day of its own happens today
        finding = draw.choice(findings)
        measures = list(Measure.objects.filter(links__finding=finding))
        acts = [
            lambda f=finding, a=ago, t=turn: note_rectification(f, put=put(a, f"第{t}步。"), by=world.leader),
            *(
                [lambda f=finding, a=ago: report_right(f, put=put(a), by=world.leader)]
                if ago == 0 or draw.random() < 0.1
                else []
            ),
            *(
                lambda f=finding, a=ago, r=rung: step(world, [f], r, a, a - draw.choice([5, 20]))
                for rung in draw.choices(list(Rung), k=6)
            ),
        ]
        if ago == 0:
            acts += [
                lambda f=finding: accept_right(f, by=world.commission),
                lambda f=finding: send_back(
                    f, because="还差。", due_on=draw.choice([None, day(-3)]), by=world.commission
                ),
                lambda f=finding: withdraw_finding(f, because="登记错了。", by=world.commission),
                *(
                    lambda m=one: end_measure(
                        m, to=MeasureState.DELISTED, on=day(0), because="好。", by=world.commission
                    )
                    for one in measures
                ),
                *(lambda m=one: revoke_measure(m, because="收回。", by=world.commission) for one in measures),
            ]
        try:
            draw.choice(acts)()
            done += 1
        except Refused:
            pass
        stored(finding)
    assert done > ACTS // 10
    today = timezone.localdate()
    counts, tally = finding_counts(Finding.objects.all(), today), tally_of(world.county, today)
    assert (tally.found, tally.right, tally.waiting, tally.overdue) == (
        counts["all"] - counts["withdrawn"], counts["right"], counts["waiting"], counts["late"],
    )  # fmt: skip
    in_force = Measure.objects.filter(rung=Rung.LISTING, state=MeasureState.LISTED)
    assert tally.listed == min(in_force.count(), 1)  # several listings of one unit are one unit


@pytest.mark.django_db(transaction=True)
def test_two_hands_at_once_take_one_step_and_number_findings_once(world):
    of, commission, leader = held(world), world.commission, world.leader
    late = found(world, of)
    taken = at_once(*[lambda: step(world, [Finding.objects.get(pk=late.pk)], Rung.CIRCULAR)] * 5)
    assert (sum(each != "Refused" for each in taken), Measure.objects.count()) == (1, 1)
    assert stored(late) == ("open", day(-30), "circular")

    def record(number):
        return record_finding(of, facts=FindingFacts(f"问题{number}。", town(world), day(1)), by=commission)

    made = at_once(*[lambda n=number: record(n) for number in range(5)])
    assert sorted(each.number for each in made) == [2, 3, 4, 5, 6]
    other = made[0]
    ends = at_once(
        lambda: report_right(other, put=put(), by=leader),
        lambda: withdraw_finding(other, because="登记错了。", by=commission),
    )
    assert [type(each).__name__ for each in ends].count("str") == 1
    assert stored(other)[0] in ("reported", "withdrawn")
