"""督导整改: recorded, put right, raised step by step; who sees and does what; nothing of it is rewritten."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import StepRefused
from accounts.terms import AgencyKind, Permission, Role
from reports.doors import findings_for, supervisions_for
from reports.models import Finding, FindingNote, Measure, Task
from reports.queries.figures import figures_of
from reports.queries.report_facts import facts_for
from reports.queries.supervision import Hook, Unit, hooks_of, ladder_of, units_of
from reports.queries.supervision_tally import tally_of
from reports.queries.supervision_work import supervision_lines, waiting_for
from reports.rules.cut import Cut
from reports.rules.findings import Entry, FindingStanding, standing_on
from reports.rules.ladder import COMMON
from reports.services.findings import (
    FindingFacts,
    Put,
    SupervisionFacts,
    accept_right,
    note_rectification,
    record_finding,
    record_supervision,
    report_right,
    send_back,
    withdraw_finding,
)
from reports.services.measures import MeasureFacts, end_measure, revoke_measure, take_step
from reports.terms import MeasureState, Rung, Supervisor
from tests import factories

VIEW, ANSWER, KEEP = Permission.VIEW_SUPERVISION, Permission.ANSWER_FINDING, Permission.KEEP_SUPERVISION
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def day(ago):
    return timezone.localdate() - timedelta(days=ago)


def town(world):
    return Unit(world.town_a.name, AgencyKind.GOVERNMENT, world.town_a)


EDUCATION = Unit("县教委", AgencyKind.EDUCATION)


def held(world, unit=None, ago=100, **facts):
    wanted = SupervisionFacts(Supervisor.COMMISSION, day(ago), unit or town(world), **facts)
    return record_supervision(area=world.county, facts=wanted, by=world.commission)


def found(world, of=None, unit=None, due_ago=1, what="随访表缺项。", **facts):
    of = of or held(world, unit)
    return record_finding(of, facts=FindingFacts(what, unit or town(world), day(due_ago), **facts), by=world.commission)


def step(world, findings, rung, ago=0, term_ago=-30, **facts):
    wanted = {"reason": "到期未整改。", "clause": "三（四）", "decided_by": "县领导小组", "due_on": day(term_ago)}
    if rung is Rung.INTERVIEW:
        wanted["spoken_with"] = findings[0].name
    if rung is Rung.VETO:
        wanted |= {"due_on": None, "year": day(ago).year}
    made = take_step(findings, facts=MeasureFacts(rung, day(ago), **(wanted | facts)), by=world.commission)
    for finding in findings:
        finding.refresh_from_db()
    return made


def put(ago=0, words="补齐了。", evidence="整改报告", file=None):
    return Put(day(ago), words, evidence, file)


def stored(finding):
    """What stands beside the finding, and what its history says of today: they are never told apart."""
    finding.refresh_from_db()
    lines = finding.notes.order_by("pk").values_list("act", "on", "due_on", "rung")
    read = standing_on([Entry(*line) for line in lines], timezone.localdate())
    assert read == FindingStanding(finding.state, finding.due_on, finding.rung)
    return finding.state, finding.due_on, finding.rung


@pytest.fixture
def late(world, plan):
    """A finding of the first township whose term passed yesterday."""
    return found(world)


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


def listed(world, plan):
    finding = found(world, held(world, ago=200), due_ago=150)
    for rung, ago, term in ((Rung.CIRCULAR, 140, 120), (Rung.INTERVIEW, 110, 90)):
        step(world, [finding], rung, ago, term)
    return finding, step(world, [finding], Rung.LISTING, 80, -20)


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


def vetoed(world, ago):
    finding = found(world, held(world, ago=ago + 300), due_ago=ago + 250)
    for rung, on, term in ((Rung.CIRCULAR, 240, 200), (Rung.INTERVIEW, 190, 150), (Rung.LISTING, 140, 50)):
        step(world, [finding], rung, ago + on, ago + term)
    return finding, step(world, [finding], Rung.VETO, ago)


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


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_list_shows_each_their_own_and_what_may_come_next(world, late, log_in):
    found(world, unit=EDUCATION, what="辅导室没有开放。", due_ago=-20)
    office = log_in(world.commission).get(reverse("reports:supervisions"))
    text = office.content.decode()
    assert ("随访表缺项" in text, "辅导室没有开放" in text, "到期未整改，可以提请通报" in text) == (True, True, True)
    late_only = log_in(world.commission).get(reverse("reports:supervisions"), {"state": "late"})
    assert [line["finding"] for line in late_only.context["lines"]] == [late]
    leader = log_in(world.leader).get(reverse("reports:supervisions")).content.decode()
    assert ("随访表缺项" in leader, "辅导室" in leader, "可以提请" in leader) == (True, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["state=x", "unit=place:%00", "unit=name:县教委", "rung=none", "rung=zzz", "page=9"])
def test_any_filter_is_answered(world, late, log_in, query):
    assert log_in(world.commission).get(f"{reverse('reports:supervisions')}?{query}").status_code == 200


@pytest.mark.django_db
def test_buttons_are_those_that_can_be_pressed(world, late, log_in):
    def buttons(user):
        page = log_in(user).get(reverse("reports:finding", args=[late.uuid])).context
        return (page["may_answer"], page["may_decide"], page["may_withdraw"], [each["verb"] for each in page["steps"]])

    assert buttons(world.leader) == (True, False, False, [])
    assert buttons(world.commission) == (True, False, True, ["登记通报"])
    step(world, [late], Rung.CIRCULAR)
    assert buttons(world.commission) == (True, False, False, [])
    report_right(late, put=put(), by=world.leader)
    assert buttons(world.leader) == (False, False, False, [])
    assert buttons(world.commission) == (False, True, False, [])


@pytest.mark.django_db
def test_the_forms_carry_the_whole_way(world, plan, log_in):
    keeper = log_in(world.commission)
    asked = {
        "held_on": f"{day(40)}",
        "supervisor": "commission",
        "unit": f"place:{world.town_a.code}",
        "number": "",
        "summary": "",
    }
    made = keeper.post(reverse("reports:supervision_new"), asked)
    assert made.status_code == 302
    again = keeper.post(reverse("reports:supervision_new"), asked)
    assert (again.status_code, "已经登记过" in again.content.decode()) == (400, True)
    task = Task.objects.filter(area=world.county)[0]
    facts = {
        "what": "没有台账。",
        "unit": asked["unit"],
        "due_on": f"{day(2)}",
        "hook": f"task:{task.uuid}",
        "basis": "",
    }
    assert keeper.post(f"{made.url}findings/new/", facts | {"hook": "task:zzz"}).status_code == 400
    assert keeper.post(f"{made.url}findings/new/", facts).status_code == 302
    finding = Finding.objects.get()
    assert finding.task == task
    shut = keeper.get(reverse("reports:measure_new", args=[finding.uuid, "listing"]), follow=True)
    assert "请按次序办下一步" in shut.content.decode()
    address = reverse("reports:measure_new", args=[finding.uuid, "circular"])
    assert keeper.get(address).status_code == 200
    circular = {"findings": [str(finding.uuid)], "on": f"{day(0)}", "decided_by": "县领导小组", "reason": "到期。",
                "clause": "三（四）", "due_on": f"{day(-30)}", "number": ""}  # fmt: skip
    assert keeper.post(address, circular | {"due_on": f"{day(9)}"}).status_code == 400
    assert keeper.post(address, circular).status_code == 302
    assert keeper.post(address, circular).status_code == 400  # pressed twice
    measure = Measure.objects.get()
    assert keeper.get(reverse("reports:measure", args=[measure.uuid])).status_code == 200
    assert keeper.get(reverse("reports:measure_end", args=[measure.uuid, "explode"])).status_code == 404
    over = keeper.get(reverse("reports:measure_end", args=[measure.uuid, "delist"]), follow=True)
    assert "不能再办“摘牌”" in over.content.decode()
    revoke = reverse("reports:measure_end", args=[measure.uuid, "revoke"])
    assert keeper.post(revoke, {"because": ""}).status_code == 400
    assert keeper.post(revoke, {"because": "登记错了。"}).status_code == 302
    assert stored(finding) == ("open", day(2), "")


@pytest.mark.django_db
def test_a_file_is_read_by_those_who_see_the_finding_and_each_download_is_noted(world, late, log_in, events):
    answer = reverse("reports:finding_answer", args=[late.uuid])
    upload = BytesIO(PDF)
    upload.name = "a.pdf"
    sent = {"on": f"{day(0)}", "words": "补了。", "evidence": "", "done": "on", "file": upload}
    assert log_in(world.leader).post(answer, sent).status_code == 302
    note = FindingNote.objects.get(act="reported")
    address = reverse("reports:finding_file", args=[note.uuid])
    page = log_in(world.commission).get(address)
    assert (page.status_code, page.content, page["Content-Disposition"][:10]) == (200, PDF, "attachment")
    assert events[-1].action == "reports.finding.file_downloaded"
    assert log_in(world.department).get(address).status_code == 404


@pytest.mark.django_db
def test_a_foreign_finding_looks_like_an_unknown_one(world, plan, log_in):
    foreign = found(world, unit=EDUCATION)
    made = step(world, [foreign], Rung.CIRCULAR)
    leader = log_in(world.leader)
    for name, args in (("finding", [foreign.uuid]), ("finding_answer", [foreign.uuid]), ("measure", [made.uuid]),
                       ("supervision", [foreign.supervision.uuid])):  # fmt: skip
        assert leader.get(reverse(f"reports:{name}", args=args)).status_code == 404
    assert leader.post(reverse("reports:finding_accept", args=[foreign.uuid])).status_code == 403


@pytest.mark.django_db
def test_the_plans_page_names_the_ladder_and_leads_there(world, plan, log_in):
    page = log_in(world.commission).get(reverse("reports:plan", args=[plan.id])).content.decode()
    assert ("通报 → 约谈 → 挂牌督办 → 一票否决" in page, reverse("reports:supervisions") in page) == (True, True)


LIST_QUERIES = 20


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_finding_and_for_three(world, plan, log_in, count, django_assert_num_queries):
    of = held(world)
    for number in range(count):
        step(world, [found(world, of, what=f"问题{number}。")], Rung.CIRCULAR)
    client = log_in(world.commission)
    client.get(reverse("reports:supervisions"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("reports:supervisions"))
    assert page.context["page"].paginator.count == count


def test_a_hook_says_what_it_sends():
    assert Hook("x", pack="p", row_key="k").value == "row:p:k"
