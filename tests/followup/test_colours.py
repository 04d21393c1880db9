"""动态分色: the rule, rising at once, falling by two people, the table with its dates, and what is due."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.work import work_lines
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import StepRefused
from accounts.scope import scope
from followup.models import ColourChange, ColourFall, PatientColour
from followup.queries.colour_difference import difference
from followup.queries.colours import open_fall
from followup.rules.colour_table import START, Days, Table, problems
from followup.rules.colours import ColourFacts, Decided, Held, decide, dues, earlier, reason_words, suggest
from followup.rules.incidents import IncidentFacts
from followup.services.colour_falls import assess_fall, settle_fall
from followup.services.colour_tables import activate_table, draft_table, withdraw_table
from followup.services.colours import note_joint
from followup.services.incidents import confirm_incident, end_incident, record_incident
from followup.services.refusals import VisitRefused
from followup.terms import Criterion, FallState
from registry.services.around import set_guardianship
from registry.services.status import close_patient, reopen_patient, set_status
from tests.followup.colours import put_in_force, red, sweep
from tests.followup.conftest import days_ago

__all__ = ["red"]
DAY = date(2026, 6, 10)


def facts(**more: Any) -> ColourFacts:
    return ColourFacts(**{"status": "managed", "record": 7, "level": 0, "stability": 3, "adherence": 1, **more})


@pytest.mark.parametrize(
    ("more", "colour", "reasons", "aside"),
    [
        ({}, "green", (), ""),
        ({"level": 3}, "red", ("level_3",), ""),
        ({"level": 3, "open_incident": True, "incident_on": DAY}, "red", ("level_3", "open_incident", "recent_incident"), ""),
        ({"level": 2, "stability": 1}, "red", ("unstable",), ""),
        ({"level": 1, "adherence": 2}, "orange", ("level_1", "interrupted"), ""),
        ({"incident_on": date(2025, 12, 10)}, "red", ("recent_incident",), ""),
        ({"incident_on": date(2025, 12, 9)}, "orange", ("past_incident",), ""),
        ({"has_guardian": False}, "orange", ("no_guard",), ""),
        ({"guardianship": "away"}, "orange", ("weak_guard",), ""),
        ({"stability": 2}, "yellow", ("fair",), ""),
        ({"level": 4, "in_hospital": True}, "red", ("level_4",), "in_hospital"),
        ({"status": "lost"}, "green", (), "lost"),
        ({"record": None, "level": None, "stability": None, "adherence": None, "has_guardian": False}, "", (), ""),
        ({"record": None, "level": None, "stability": None, "adherence": None, "incident_on": DAY}, "red",
         ("recent_incident",), ""),
    ],
)  # fmt: skip
def test_what_speaks_for_a_colour(more, colour, reasons, aside):
    found = suggest(facts(**more), START, today=DAY)
    assert (found.colour, tuple(str(one) for one in found.reasons), found.aside) == (colour, reasons, aside)


def test_the_reasons_in_words():
    assert reason_words(["level_3", "recent_incident"], months=6) == ("最近评估 3 级", "近 6 个月内有已确认的事件")
    assert reason_words([], months=6) == ("没有列出的情况",)


@pytest.mark.parametrize(
    ("held", "level", "status", "expected"),
    [
        ("", 0, "managed", Decided(Held("green"), "first")),
        ("green", 3, "managed", Decided(Held("red"), "rise")),
        ("red", 0, "managed", Decided(Held("red"), "", "green")),
        ("red", 1, "managed", Decided(Held("red"), "", "orange")),
        ("red", 3, "managed", Decided(Held("red"))),
        ("red", 0, "away", Decided(Held("red", "away"), "aside")),  # who is away does not fall
        ("green", 3, "away", Decided(Held("red", "away"), "aside")),
    ],
)
def test_rising_is_immediate_and_falling_is_owed(held, level, status, expected):
    assert decide(Held(held), suggest(facts(level=level, status=status), START, today=DAY), START) == expected


def test_coming_back_keeps_the_colour_that_was_held():
    found = suggest(facts(), START, today=DAY)
    assert decide(Held("red", "away"), found, START) == Decided(Held("red"), "back", "green")


def test_a_colour_that_a_new_table_has_no_more_becomes_the_next_graver_one():
    colours = {key: days for key, days in START.colours.items() if key != "orange"}
    table = replace(START, colours=colours, criteria={Criterion.LEVEL_3: "red", Criterion.FAIR: "yellow"})
    assert decide(Held("orange"), suggest(facts(), table, today=DAY), table) == Decided(Held("red"), "table", "green")


def test_the_colours_day_counts_from_the_last_visit_and_never_postpones_the_norms():
    owed = dues(Held("red"), START, since=DAY, facts=facts(seen_village=DAY - timedelta(days=3)), seen_police=None)
    assert owed.village == DAY + timedelta(days=7)  # from the day the colour began: nobody is late the moment it rises
    later = dues(Held("red"), START, since=DAY, facts=facts(seen_village=DAY + timedelta(days=5)), seen_police=None)
    assert later.village == DAY + timedelta(days=12)
    assert dues(Held("green"), START, since=DAY, facts=facts(), seen_police=None).police is None
    assert earlier(owed.village, DAY + timedelta(days=3)) == DAY + timedelta(days=3)
    assert earlier(owed.village, DAY + timedelta(days=30)) == owed.village
    assert earlier(None, DAY) == DAY


def test_the_start_values_are_a_table_that_could_be_used():
    assert problems(START) == []
    assert Table.of(START.as_content()) == START


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"colours": {"red": Days(7)}, "criteria": {}}, ["use_red"]),
        ({"criteria": {**START.criteria, Criterion.FAIR: "blue"}}, ["fair", "use_yellow"]),
        ({"incident_months": 0}, ["incident_months"]),
        ({"aside_when": frozenset()}, ["aside_when"]),
        ({"colours": {**START.colours, "green": Days(village=93)}}, ["green_village"]),
        ({"colours": {**START.colours, "red": Days(village=20, township=14, police=14)}}, ["red_village"]),
    ],
)
def test_a_table_that_cannot_be(change, fields):
    assert [one.field for one in problems(replace(START, **change))] == fields


pytestmark = pytest.mark.django_db


def colour_of(patient):
    with scope(counties=[patient.duty_county]):
        patient.refresh_from_db()
    return patient.colour


def test_a_county_without_a_table_keeps_no_colours(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(1), level=3, basis="在家砸东西")
    assert sweep() == 0
    assert colour_of(patient) == ""
    with scope(world.worker):
        assert (PatientColour.objects.count(), ColourChange.objects.count()) == (0, 0)


def test_a_table_colours_everybody_and_a_visit_raises_at_once(world, record):
    patient, other = world.patient(), world.patient("990001101201")
    record(patient, world.worker, days_ago(9))
    put_in_force(world)
    assert (colour_of(patient), colour_of(other)) == ("green", "")
    record(patient, world.worker, level=3, basis="在家砸东西")
    assert colour_of(patient) == "red"
    with scope(world.worker):
        row = PatientColour.objects.get(patient=patient)
        ways = list(ColourChange.objects.order_by("pk").values_list("before", "after", "way"))
    assert (row.reasons, row.village_on) == (["level_3", "unstable"], timezone.localdate() + timedelta(days=7))
    assert ways == [("", "green", "first"), ("green", "red", "rise")]


def test_an_incident_raises_when_it_is_confirmed_and_a_guardian_who_goes_too(world, record):
    put_in_force(world)
    patient, other = world.patient(), world.patient()
    for one in (patient, other):
        record(one, world.worker, days_ago(3))
    happened = IncidentFacts(happened_at=timezone.localtime() - timedelta(days=1), level=2, trouble=1, place="村口")
    with scope(world.worker):
        row = record_incident(about=patient, facts=happened, form_id=uuid4(), by=world.worker)
    assert colour_of(patient) == "green"
    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)
    assert colour_of(patient) == "red"
    with scope(world.county_office):
        end_incident(incident=row, to="dismissed", because="查无此事", by=world.county_office)
    assert colour_of(patient) == "red"  # lowered by two people only
    with scope(world.worker):
        assert open_fall(patient).after == "green"
        set_guardianship(patient=other, state="weak", on=timezone.localdate(), by=world.worker)
    assert colour_of(other) == "orange"


def test_a_fall_is_assessed_by_one_and_approved_by_another(world, red):
    assert colour_of(red) == "red"
    with scope(world.worker):
        fall = open_fall(red)
        assert (fall.before, fall.after) == ("red", "green")
        with pytest.raises(Refused, match="写评估"):
            assess_fall(fall=fall, to=FallState.ASSESSED, words="", by=world.worker)
        assess_fall(fall=fall, to=FallState.ASSESSED, words="规律服药，家属看护好", by=world.worker)
        with pytest.raises(Denied):
            settle_fall(fall=fall, to=FallState.APPROVED, because="", by=world.worker)
    with scope(world.county_office):
        with pytest.raises(Refused, match="理由"):
            settle_fall(fall=fall, to=FallState.REFUSED, because="", by=world.county_office)
        settle_fall(fall=fall, to=FallState.APPROVED, because="", by=world.county_office)
        with pytest.raises(StepRefused):
            settle_fall(fall=fall, to=FallState.APPROVED, because="", by=world.county_office)
        newest = ColourChange.objects.filter(patient=red).latest("pk")
    assert colour_of(red) == "green"
    assert (newest.way, newest.by) == ("fall", world.county_office)


def test_who_assessed_does_not_approve(world, red):
    with scope(world.county_office):
        fall = open_fall(red)
        assess_fall(fall=fall, to=FallState.ASSESSED, words="病情稳定", by=world.county_office)
        with pytest.raises(Refused, match="两个人"):
            settle_fall(fall=fall, to=FallState.APPROVED, because="", by=world.county_office)
    assert colour_of(red) == "red"


def test_the_county_says_who_assesses_and_who_approves(world, red):
    leader = world.leader
    with scope(world.worker):
        fall = open_fall(red)
        assess_fall(fall=fall, to=FallState.ASSESSED, words="病情稳定", by=world.worker)
    with scope(leader), pytest.raises(Refused, match="县精防办"):
        settle_fall(fall=fall, to=FallState.APPROVED, because="", by=leader)
    CountyPolicy.objects.create(county=world.county, key="colour_county_approves", value=False, starts_on=days_ago(1))
    with scope(leader):
        settle_fall(fall=fall, to=FallState.REFUSED, because="刚换药，再看一个月", by=leader)
    CountyPolicy.objects.create(
        county=world.county, key="colour_psychiatrist_assesses", value=True, starts_on=days_ago(1)
    )
    assert sweep(whole=True) == 1
    with scope(world.worker):
        assert open_fall(red) is None  # the same ground is not proposed again


def test_a_new_record_proposes_again_and_a_graver_one_makes_the_proposal_lapse(world, record, red):
    with scope(world.worker):
        fall = open_fall(red)
        assess_fall(fall=fall, to=FallState.KEPT, words="家属反映夜间不睡", by=world.worker)
        assert open_fall(red) is None
    record(red, world.worker, level=0)
    with scope(world.worker):
        again = open_fall(red)
        assert again.pk != fall.pk
        assess_fall(fall=again, to=FallState.ASSESSED, words="稳定", by=world.worker)
    record(red, world.worker, level=4, basis="持刀威胁邻居")
    with scope(world.county_office):
        assert open_fall(red) is None
        with pytest.raises(StepRefused):
            settle_fall(fall=again, to=FallState.APPROVED, because="", by=world.county_office)
    assert colour_of(red) == "red"


def test_nobody_assesses_in_another_township(world, red):
    with scope(world.worker):
        fall = ColourFall.objects.select_related("patient").get(patient=red)
    with scope(world.worker_b), pytest.raises((Denied, NotHere)):
        assess_fall(fall=fall, to=FallState.ASSESSED, words="稳定", by=world.worker_b)


def test_who_is_away_is_grey_and_comes_back_to_the_old_colour(world, red):
    with scope(world.worker):
        set_status(patient=red, value="away", on=timezone.localdate(), by=world.worker, reason="打工")
    sweep(whole=True)
    assert colour_of(red) == "grey"
    with scope(world.worker):
        assert open_fall(red) is None
        set_status(patient=red, value="managed", on=timezone.localdate(), by=world.worker, reason="回来")
    sweep(whole=True)
    assert colour_of(red) == "red"


def test_a_file_closed_by_mistake_comes_back_with_its_colour(world, red):
    """Otherwise closing and opening again would lower a colour without assessment and approval."""
    by, today = world.worker, timezone.localdate()
    with scope(by):
        close_patient(patient=red, value="excluded", on=today, by=by, reason="误登记")
        red.refresh_from_db()
        assert (red.colour, PatientColour.objects.filter(patient=red).exists()) == ("", False)
        reopen_patient(patient=red, on=today, by=by, reason="误结案")
        red.refresh_from_db()
        row = PatientColour.objects.get(patient=red)
        assert (red.colour, row.held, row.reasons) == ("red", "red", ["level_3", "unstable"])
        assert ColourChange.objects.filter(patient=red).order_by("-pk").first().way == "back"
        assert (row.suggested, ColourFall.objects.filter(patient=red, state="proposed").count()) == ("green", 1)


def test_the_report_comes_before_the_table_and_the_draft_may_not_have_changed(world, record):
    patient = world.patient(name="分色乙")
    record(patient, world.worker, days_ago(9), level=3, basis="在家砸东西")
    office, today = world.county_office, timezone.localdate()
    with scope(office):
        row = draft_table(county=world.county, table=START, starts_on=today, basis="试1号", version=None, by=office)
        report = difference(world.county, START, today)
        assert (report.judged, report.moved_count, report.totals, report.towns[0].name) == (
            1,
            1,
            (1, 0, 0, 0, 0),
            "东街道",
        )
        with pytest.raises(Refused, match="有了变化"):
            activate_table(table=row, version=row.version, seen=0, by=office)
        with pytest.raises(Refused, match="改动"):
            activate_table(table=row, version=row.version + 1, seen=1, by=office)
        with pytest.raises(VisitRefused) as refusal:
            draft_table(county=world.county, table=replace(START, incident_months=99), starts_on=days_ago(1), basis="",
                        version=row.version, by=office)  # fmt: skip
    assert [one.field for one in refusal.value.problems] == ["starts_on", "basis", "incident_months"]
    with scope(world.worker), pytest.raises(Denied):
        activate_table(table=row, version=row.version, seen=1, by=world.worker)


def test_a_table_holds_from_its_day_and_a_stopped_one_takes_the_colours_along(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(9))
    tomorrow = timezone.localdate() + timedelta(days=1)
    row = put_in_force(world, starts_on=tomorrow)
    assert colour_of(patient) == ""
    sweep(tomorrow)
    assert colour_of(patient) == "green"
    with scope(world.county_office):
        withdraw_table(table=row, because="改用新办法", by=world.county_office)
    row.refresh_from_db()
    assert (row.state, row.stopped_on) == ("dropped", None)  # it had not begun
    sweep(tomorrow)
    assert colour_of(patient) == ""
    with scope(world.worker):
        assert list(ColourChange.objects.order_by("pk").values_list("way", flat=True)) == ["first", "end"]


def lines(user, words):
    with scope(user):
        return [one for found in work_lines(user, timezone.localdate()).values() for one in found if words in one.why]


def test_todays_work_names_the_assessment_then_the_approval(world, red):
    assert [one.verb for one in lines(world.worker, "可降为绿色")] == ["评估"]
    assert lines(world.county_office, "可降为绿色") == []
    with scope(world.worker):
        assess_fall(fall=open_fall(red), to=FallState.ASSESSED, words="稳定", by=world.worker)
    assert lines(world.worker, "降为绿色") == []
    assert [one.verb for one in lines(world.county_office, "降为绿色")] == ["批准"]


def test_todays_work_has_the_colours_visits_that_come_before_the_norms(world, record):
    put_in_force(world)
    patient = world.patient(name="分色丙")
    record(patient, world.worker, days_ago(1), level=2)
    with scope(world.worker):
        PatientColour.objects.filter(patient=patient).update(
            township_on=timezone.localdate(), police_on=timezone.localdate() + timedelta(days=1)
        )
    found = lines(world.worker, "橙色")
    assert {(one.verb, one.due_on) for one in found} == {
        ("随访", timezone.localdate()), ("约协同随访", timezone.localdate() + timedelta(days=1)),
    }  # fmt: skip
    with scope(world.worker):
        type(patient).objects.filter(pk=patient.pk).update(next_due_on=timezone.localdate())
    assert {one.verb for one in lines(world.worker, "橙色")} == {"约协同随访"}  # the norm's own list has the visit


def test_a_joint_visit_with_the_police_moves_their_next_one(world, record):
    put_in_force(world)
    patient = world.patient()
    record(patient, world.worker, days_ago(1), level=3, basis="在家砸东西")
    day = timezone.localdate() + timedelta(days=3)
    with scope(world.worker):
        note_joint(patient=patient, on=day, by=world.worker)
        assert PatientColour.objects.get(patient=patient).police_on == day + timedelta(days=14)
