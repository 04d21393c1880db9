"""督导整改: recorded and put right; who sees and does what; what waits, and what the plan's report says."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import StepRefused
from accounts.terms import AgencyKind, Role
from reports.doors import findings_for, supervisions_for
from reports.models import Finding, FindingNote, Measure
from reports.queries.figures import figures_of
from reports.queries.report_facts import facts_for
from reports.queries.supervision import Unit, hooks_of, units_of
from reports.queries.supervision_tally import tally_of
from reports.queries.supervision_work import supervision_lines, waiting_for
from reports.rules.cut import Cut
from reports.services.findings import (
    FindingFacts,
    SupervisionFacts,
    accept_right,
    note_rectification,
    record_finding,
    record_supervision,
    report_right,
    send_back,
    withdraw_finding,
)
from reports.services.measures import MeasureFacts, take_step
from reports.terms import Rung, Supervisor
from tests import factories
from tests.reports.supervising import (
    ANSWER,
    EDUCATION,
    KEEP,
    PDF,
    VIEW,
    day,
    found,
    held,
    listed,
    put,
    stored,
    town,
)


# ── recording ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_units_are_the_places_below_and_the_plans_departments(world, plan):
    units = units_of(world.county)
    assert [unit.name for unit in units[:2]] == [world.town_a.name, world.town_b.name]
    assert EDUCATION in units
    assert not {"各乡镇（街道）"} & {unit.name for unit in units}


@pytest.mark.django_db
def test_a_finding_hangs_on_a_row_or_a_task_and_has_a_number(world, plan):
    hooks = {hook.label: hook for _, group in hooks_of(world.county) for hook in group}
    row = next(hook for hook in hooks.values() if hook.row_key)
    task = next(hook for hook in hooks.values() if hook.task)
    of = held(world)
    first = found(world, of, what="一。", hook=row)
    second = found(world, of, what="二。", hook=task)
    third = found(world, of, what="三。", basis="抽查 20 份")
    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert (first.row_key, second.task, third.basis) == (row.row_key, task.task, "抽查 20 份")
    assert stored(first) == ("open", day(1), "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": ""}, "what"), ({"what": "患者11010119900101001X没有随访"}, "what"), ({"basis": "11010119900101001X"}, "basis"),
        ({"due_on": day(101)}, "due_on"), ({"due_on": day(-1200)}, "due_on"), ({"unit": Unit("没有的局", "education")}, "unit"),
    ],
)  # fmt: skip
def test_a_bad_finding_is_refused_at_its_field(world, plan, wrong, field):
    of = held(world)
    facts = {"what": "缺项。", "unit": town(world), "due_on": day(1)} | wrong
    with pytest.raises(Refused) as refused:
        record_finding(of, facts=FindingFacts(**facts), by=world.commission)
    assert (refused.value.field, Finding.objects.count()) == (field, 0)


@pytest.mark.django_db
def test_what_is_sent_twice_stands_once(world, plan):
    of = held(world)
    with pytest.raises(Refused, match="已经登记过对这个单位"):
        held(world)
    found(world, of)
    with pytest.raises(Refused, match="同样的问题"):
        found(world, of)
    with pytest.raises(Refused, match="晚于今天"):
        held(world, ago=-1)
    assert Finding.objects.count() == 1


# ── who sees and does what ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_unit_sees_and_answers_its_own_and_the_commission_all(world, plan):
    mine = found(world)
    of_school = found(world, unit=EDUCATION)
    elsewhere = found(world, unit=Unit(world.town_b.name, AgencyKind.GOVERNMENT, world.town_b))
    at_mine_by_school = found(world, mine.supervision, EDUCATION, what="镇里的学校没有辅导室。")

    def seen(user, permission=VIEW):
        return set(findings_for(user, permission))

    everything = {mine, of_school, elsewhere, at_mine_by_school}
    assert seen(world.commission) == seen(world.county_office) == seen(world.commission, KEEP) == everything
    assert seen(world.leader) == {mine, at_mine_by_school}
    assert seen(world.leader, ANSWER) == {mine}
    assert seen(world.department) == seen(world.department, ANSWER) == {of_school, at_mine_by_school}
    assert seen(world.leader, KEEP) == seen(world.worker) == seen(world.stranger) == seen(world.auditor) == set()
    assert set(supervisions_for(world.department, VIEW)) == {of_school.supervision, mine.supervision}
    assert set(supervisions_for(world.leader, VIEW)) == {mine.supervision}


@pytest.mark.django_db
def test_nobody_writes_into_what_is_not_theirs(world, late):
    for who in (world.department, factories.make_user(Role.TOWNSHIP_LEADER, world.town_b, world.worker_b.agency)):
        with pytest.raises(NotHere):
            report_right(late, put=put(), by=who)
    for who in (world.worker, world.police, world.auditor, world.psychiatrist):
        with pytest.raises(Denied):
            report_right(late, put=put(), by=who)
    for who in (world.leader, world.department):
        with pytest.raises(Denied):
            accept_right(late, by=who)
        with pytest.raises(Denied):
            take_step([late], facts=MeasureFacts(Rung.CIRCULAR, day(0), "理由", "依据", "决定", due_on=day(-9)), by=who)
    other = factories.make_user(Role.COMMISSION, world.town_c.parent, world.stranger.agency)
    with pytest.raises(NotHere):
        accept_right(late, by=other)
    assert (FindingNote.objects.count(), Measure.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_a_prefecture_supervises_its_counties_and_reads_theirs(world, late):
    city = world.county.parent
    prefecture = factories.make_user(Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city))
    assert set(findings_for(prefecture, VIEW)) == {late}
    assert set(findings_for(prefecture, KEEP)) == set()
    unit = next(unit for unit in units_of(city) if unit.place == world.county)
    of = record_supervision(area=city, facts=SupervisionFacts(Supervisor.LEAD_GROUP, day(30), unit), by=prefecture)
    theirs = record_finding(of, facts=FindingFacts("经费没有落实。", unit, day(1)), by=prefecture)
    report_right(theirs, put=put(), by=world.commission)
    with pytest.raises(NotHere):
        accept_right(theirs, by=world.county_office)
    accept_right(theirs, by=prefecture)
    assert set(findings_for(world.leader, VIEW)) == {late}


# ── putting right ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_from_the_first_note_to_the_acceptance(world, late, events):
    note_rectification(late, put=put(3, "正在补。", ""), by=world.leader)
    report_right(late, put=put(), by=world.leader)
    assert stored(late) == ("reported", day(1), "")
    send_back(late, because="还差两份。", due_on=day(-10), by=world.commission)
    assert stored(late) == ("open", day(-10), "")
    report_right(late, put=put(words="都补了。"), by=world.leader)
    accept_right(late, by=world.county_office)
    assert stored(late) == ("right", day(-10), "")
    with pytest.raises(StepRefused):
        report_right(late, put=put(), by=world.leader)
    with pytest.raises(Refused, match="不能再记进展"):
        note_rectification(late, put=put(), by=world.leader)
    assert [event.action for event in events if event.action.startswith("reports.finding")] == [
        "reports.finding.noted", "reports.finding.reported", "reports.finding.returned",
        "reports.finding.reported", "reports.finding.accepted",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_report_needs_evidence_and_a_second_person(world, late):
    with pytest.raises(Refused) as refused:
        report_right(late, put=put(evidence=""), by=world.commission)
    assert refused.value.field == "evidence"
    report_right(late, put=put(evidence="", file=BytesIO(PDF)), by=world.commission)
    for act in (lambda: accept_right(late, by=world.commission),
                lambda: send_back(late, because="不行", by=world.commission)):  # fmt: skip
        with pytest.raises(Refused, match="两个人办理"):
            act()
    assert stored(late)[0] == "reported"
    accept_right(late, by=world.county_office)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ago": -1}, "on"), ({"words": ""}, "words"), ({"words": "患者11010119900101001X"}, "words"),
        ({"evidence": "11010119900101001X"}, "evidence"), ({"ago": 101}, "on"), ({"file": BytesIO(b"MZ")}, "file"),
    ],
)  # fmt: skip
def test_a_bad_report_is_refused_at_its_field_and_leaves_nothing(world, late, wrong, field):
    with pytest.raises(Refused) as refused:
        report_right(late, put=put(**wrong), by=world.leader)
    assert (refused.value.field, stored(late)[0], FindingNote.objects.count()) == (field, "open", 1)


@pytest.mark.django_db
def test_a_finding_recorded_by_mistake_is_withdrawn_with_its_reason(world, late):
    with pytest.raises(Refused):
        withdraw_finding(late, because="", by=world.commission)
    withdraw_finding(late, because="登记错了单位。", by=world.commission)
    assert stored(late)[0] == "withdrawn"
    assert tally_of(world.county, day(0)).found == 0
    found(world, late.supervision)  # the same words may be recorded again


# ── what waits, and what the report says ─────────────────────────────────────────────────────────────────────────────
def said(user):
    return [(line.verb, line.name) for line in supervision_lines(user, timezone.localdate())]


@pytest.mark.django_db
def test_the_unit_is_reminded_before_its_day_and_the_office_of_what_waits(world, plan):
    of = held(world)
    far = found(world, of, what="远。", due_ago=-8)
    assert said(world.leader) == said(world.county_office) == []
    soon = found(world, of, what="近。", due_ago=-7)
    assert said(world.leader) == [("报整改", "督导问题：近。")]
    report_right(soon, put=put(), by=world.leader)
    assert (said(world.leader), said(world.county_office)) == ([], [("去确认", "待确认的督导整改 1 个")])
    assert (said(world.worker), waiting_for(world.department, day(0)), waiting_for(world.commission, day(0))) == (
        [],
        0,
        1,
    )
    assert far.state == "open"


@pytest.mark.django_db
def test_the_office_is_told_of_late_findings_and_of_listings_to_end(world, plan):
    finding, listing = listed(world, plan)
    found(world, finding.supervision, what="另一个。")
    assert said(world.county_office) == [("去看看", "到期未整改的督导问题 1 个")]
    report_right(finding, put=put(), by=world.leader)
    accept_right(finding, by=world.commission)
    assert ("去摘牌", f"挂牌督办：{listing.name}") in said(world.county_office)


@pytest.mark.django_db
def test_the_plans_report_counts_what_was_put_right_by_the_day(world, late, plan):
    found(world, late.supervision, what="没有开会。", due_ago=-30)
    report_right(late, put=put(), by=world.leader)
    accept_right(late, by=world.commission)

    def section(on):
        sections = facts_for(plan, Cut(on, day(0)), world.county, day(0))["sections"]
        return next(each["paragraphs"] for each in sections if each["heading"] == "四、督导整改")

    (now,), (before,), (long_ago,) = section(day(0)), section(day(0) - timedelta(days=1)), section(day(150))
    assert "发现问题2个：整改到位1个，正在整改1个。没有单位在挂牌督办中。" in now
    assert "发现问题2个：整改到位0个，正在整改2个。" in before  # the last day of the term is in time
    assert "没有登记督导问题" in long_ago
    assert figures_of(world.county, Cut(day(0), day(0)), plan.codes)
