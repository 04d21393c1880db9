"""通报, 约谈, 挂牌督办, 一票否决: one step at a time, each after its term; ended, revoked; nothing of it is rewritten."""

from io import BytesIO

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from accounts.refusals import NotHere, Refused
from accounts.rules.machine import StepRefused
from reports.models import Measure
from reports.queries.supervision import ladder_of
from reports.queries.supervision_tally import tally_of
from reports.rules.ladder import COMMON
from reports.services.findings import (
    accept_right,
    report_right,
    withdraw_finding,
)
from reports.services.measures import MeasureFacts, end_measure, revoke_measure, take_step
from reports.terms import MeasureState, Rung
from tests.reports.supervising import EDUCATION, PDF, day, found, held, listed, put, step, stored, vetoed


# ── the ladder ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_ladder_is_climbed_one_step_at_a_time_each_after_its_term(world, plan, events):
    finding = found(world, held(world, ago=200), due_ago=150)
    with pytest.raises(Refused, match="还没有通报"):
        step(world, [finding], Rung.INTERVIEW, 140)
    with pytest.raises(Refused, match="整改期限到"):
        step(world, [finding], Rung.CIRCULAR, 150)  # the last day of the term is in time
    step(world, [finding], Rung.CIRCULAR, 149, 120)
    with pytest.raises(Refused, match="整改期限到"):
        step(world, [finding], Rung.INTERVIEW, 120)
    step(world, [finding], Rung.INTERVIEW, 119, 90)
    listing = step(world, [finding], Rung.LISTING, 80, 20)
    veto = step(world, [finding], Rung.VETO, 5)
    assert stored(finding) == ("open", day(20), "veto")
    assert (listing.state, veto.state, veto.year, veto.due_on) == ("listed", "in_force", day(5).year, None)
    with pytest.raises(Refused, match="后面没有措施"):
        step(world, [finding], Rung.VETO, 0)
    assert [event.action for event in events].count("reports.measure.taken") == 4


@pytest.mark.django_db
def test_the_ladder_comes_from_the_plan_that_names_it(world, plan, plan_text, tmp_path):
    assert ladder_of(world.county) == COMMON
    text = (tmp_path / f"{plan.id}.toml").read_text(encoding="utf-8")
    named = text.replace("[supervision]\n", '[supervision]\nsteps = ["circular", "listing"]\nskipping = true\n')
    (tmp_path / f"{plan.id}.toml").write_text(named + "\n", encoding="utf-8")
    finding = found(world)
    step(world, [finding], Rung.LISTING)
    assert stored(finding) == ("open", day(-30), "listing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rung", "wrong", "field"),
    [
        (Rung.CIRCULAR, {"ago": -1}, "on"), (Rung.CIRCULAR, {"reason": ""}, "reason"), (Rung.CIRCULAR, {"clause": ""}, "clause"),
        (Rung.CIRCULAR, {"decided_by": ""}, "decided_by"), (Rung.CIRCULAR, {"due_on": None}, "due_on"),
        (Rung.CIRCULAR, {"term_ago": 5}, "due_on"), (Rung.CIRCULAR, {"reason": "患者11010119900101001X"}, "reason"),
        (Rung.INTERVIEW, {"spoken_with": ""}, "spoken_with"), (Rung.INTERVIEW, {"spoken_with": "张三"}, "spoken_with"),
        (Rung.VETO, {"year": 2001}, "year"),
    ],
)  # fmt: skip
def test_a_bad_measure_is_refused_at_its_field_and_leaves_nothing(world, late, rung, wrong, field):
    with pytest.raises(Refused) as refused:
        step(world, [late], rung, **wrong)
    assert (refused.value.field, Measure.objects.count(), stored(late)[2]) == (field, 0, "")


@pytest.mark.django_db
def test_a_measure_is_against_one_unit(world, late):
    other = found(world, unit=EDUCATION)
    with pytest.raises(Refused, match="一个单位"):
        step(world, [late, other], Rung.CIRCULAR)
    second = found(world, late.supervision, what="没有开会。")
    made = step(world, [late, second], Rung.CIRCULAR)
    assert set(made.links.values_list("finding", flat=True)) == {late.pk, second.pk}
    with pytest.raises(NotHere):
        take_step(
            [], facts=MeasureFacts(Rung.CIRCULAR, day(0), "理由", "依据", "决定", due_on=day(-9)), by=world.commission
        )


@pytest.mark.django_db
def test_a_listing_ends_when_its_conditions_are_met(world, plan, events):
    finding, listing = listed(world, plan)
    with pytest.raises(Refused, match="还有 1 个问题"):
        end_measure(listing, to=MeasureState.DELISTED, on=day(0), because="合格。", by=world.commission)
    report_right(finding, put=put(), by=world.leader)
    accept_right(finding, by=world.commission)
    for on, because in ((day(81), "合格。"), (day(-1), "合格。"), (day(0), "")):
        with pytest.raises(Refused):
            end_measure(listing, to=MeasureState.DELISTED, on=on, because=because, by=world.commission)
    assert tally_of(world.county, day(0)).listed == 1
    end_measure(listing, to=MeasureState.DELISTED, on=day(0), because="复查合格。", by=world.commission)
    listing.refresh_from_db()
    assert (listing.state, listing.ended_on, listing.end_reason) == ("delisted", day(0), "复查合格。")
    assert (tally_of(world.county, day(0)).listed, tally_of(world.county, day(1)).listed) == (0, 1)
    with pytest.raises(StepRefused):
        revoke_measure(listing, because="错了。", by=world.commission)
    assert stored(finding)[0] == "right"
    assert [event.action for event in events][-1] == "reports.measure.delisted"


@pytest.mark.django_db
def test_a_revoked_measure_leaves_the_finding_as_it_stood_before_the_latest_first(world, plan):
    finding, listing = listed(world, plan)
    circular = Measure.objects.get(rung=Rung.CIRCULAR)
    with pytest.raises(Refused, match="从最后一步开始"):
        revoke_measure(circular, because="错了。", by=world.commission)
    revoke_measure(listing, because="决定收回。", by=world.commission)
    assert stored(finding) == ("open", day(90), "interview")
    step(world, [finding], Rung.LISTING)
    assert stored(finding) == ("open", day(-30), "listing")
    with pytest.raises(Refused, match="先撤销那一步措施"):
        withdraw_finding(finding, because="错了。", by=world.commission)


@pytest.mark.django_db
def test_a_veto_is_lifted_with_a_reason(world, plan):
    finding, veto = vetoed(world, 0)
    with pytest.raises(Refused):
        end_measure(veto, to=MeasureState.LIFTED, on=day(0), because="", by=world.commission)
    end_measure(veto, to=MeasureState.LIFTED, on=day(0), because="复查合格。", by=world.commission)
    veto.refresh_from_db()
    assert (veto.state, stored(finding)[2]) == ("lifted", "veto")


@pytest.mark.django_db
def test_a_veto_of_a_year_that_is_over_has_ended_by_itself(world, plan, log_in):
    _, veto = vetoed(world, 400)
    for act in (lambda: end_measure(veto, to=MeasureState.LIFTED, on=day(0), because="合格。", by=world.commission),
                lambda: revoke_measure(veto, because="错了。", by=world.commission)):  # fmt: skip
        with pytest.raises(StepRefused, match="自行失效"):
            act()
    page = log_in(world.commission).get(reverse("reports:measure", args=[veto.uuid]))
    assert (page.context["state"], page.context["acts"]) == ("expired", [])


@pytest.mark.django_db
def test_the_database_keeps_what_was_found_and_decided(world, late):
    made = step(world, [late], Rung.CIRCULAR)
    report_right(late, put=put(file=BytesIO(PDF)), by=world.leader)
    for statement in (
        "UPDATE reports_findingnote SET words = 'x'", "DELETE FROM reports_findingnote",
        "UPDATE reports_finding SET what = 'x'", "DELETE FROM reports_finding", "UPDATE reports_supervision SET name = 'x'",
        "DELETE FROM reports_measure", f"UPDATE reports_measure SET reason = 'x' WHERE id = {made.pk}",
        "UPDATE reports_measurefinding SET due_before = now()", "UPDATE reports_findingfile SET size = 1",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM reports_findingfile")
        assert b"%PDF" not in bytes(cursor.fetchone()[0])
