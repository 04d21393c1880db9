"""一人一方案 and 个案管理: owed, made, revised, falling with the level, ended."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.work import work_lines
from accounts.refusals import Conflict, Denied, Refused
from accounts.scope import scope
from exchange.services.reviewing import confirm_fall
from followup.models import Plan
from followup.queries.plans import teams_of, version_facts
from followup.rules.incidents import IncidentFacts
from followup.rules.plans import PlanFacts, member_periods, plan_is_owed, problems, review_words
from followup.services.corrections import correct_visit
from followup.services.incidents import confirm_incident, record_incident
from followup.services.plans import AlreadyPlanned, end_plan, make_plan, revise_plan, set_team
from followup.services.refusals import VisitRefused
from followup.terms import PlanKind
from tests.followup.conftest import days_ago, good

DAY = date(2026, 3, 10)


def says(today: date = DAY, **more: Any) -> PlanFacts:
    values: dict[str, Any] = {
        "treatment": "每两周随访", "guarding": "父亲看护，村干部每周上门", "responsible": "冉医生", "starts_on": today,
        "review_on": today + timedelta(days=30), **more,
    }  # fmt: skip
    return PlanFacts(**values)


@pytest.mark.parametrize(
    ("level", "incident", "owed"),
    [(None, False, False), (2, False, False), (3, False, True), (5, False, True), (0, True, True), (None, True, True)],
)
def test_who_owes_a_plan(level, incident, owed):
    assert plan_is_owed(level, open_incident=incident, from_level=3) is owed
    assert plan_is_owed(level, open_incident=incident, from_level=3, is_open_file=False) is False


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, []),
        ({"treatment": ""}, ["treatment"]),
        ({"guarding": ""}, ["guarding"]),
        ({"responsible": ""}, ["responsible"]),
        ({"starts_on": DAY + timedelta(days=1)}, ["starts_on"]),
        ({"review_on": DAY}, ["review_on"]),
        ({"review_on": DAY + timedelta(days=92)}, []),
        ({"review_on": DAY + timedelta(days=93)}, ["review_on"]),
    ],
)
def test_what_a_plan_must_say(more, fields):
    found = problems(PlanKind.INDIVIDUAL, says(**more), today=DAY, newest_start=None)
    assert [one.field for one in found] == fields


def test_case_management_says_assessment_needs_goals_and_measures():
    found = problems(PlanKind.CASE, says(treatment=""), today=DAY, newest_start=None)
    assert [one.field for one in found] == ["assessment", "needs", "goals", "treatment"]


def test_a_new_version_does_not_begin_before_the_one_that_holds():
    found = problems(PlanKind.INDIVIDUAL, says(), today=DAY, newest_start=DAY + timedelta(days=1))
    assert [one.field for one in found] == ["starts_on"]


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "2026-03-11 复评，还有 1 天。"), (0, "今天复评。"), (-1, "复评逾期 1 天（应在 2026-03-09）。")],
)
def test_the_review_in_words(days, words):
    assert review_words(DAY + timedelta(days=days), today=DAY, state="active") == words


# with the database


def made(world: Any, patient: Any, kind: PlanKind = PlanKind.INDIVIDUAL, **more: Any) -> Plan:
    facts = says(timezone.localdate(), assessment="一般", needs="独居", goals="规律服药", **more)
    with scope(world.worker):
        return make_plan(patient=patient, kind=kind, facts=facts, by=world.worker)


def state(world: Any, plan: Plan) -> str:
    with scope(world.worker):
        return str(Plan.objects.get(pk=plan.pk).state)


@pytest.mark.django_db
def test_a_second_plan_is_refused_and_the_other_kind_is_not(world):
    patient = world.patient()
    made(world, patient)
    with pytest.raises(AlreadyPlanned):
        made(world, patient)
    assert made(world, patient, PlanKind.CASE).kind == "case"


@pytest.mark.django_db
def test_a_village_doctor_and_a_stranger_make_no_plan(world):
    patient = world.patient()
    for user in (world.village_doctor, world.worker_b):
        with scope(user), pytest.raises(Denied):
            make_plan(patient=patient, kind=PlanKind.INDIVIDUAL, facts=says(timezone.localdate()), by=user)


@pytest.mark.django_db
def test_a_review_adds_a_version_and_the_second_reviewer_meets_both(world):
    plan = made(world, world.patient())
    today = timezone.localdate()
    with scope(world.worker):
        row = revise_plan(plan=plan, version=1, facts=says(today, goals="x"), because="有好转", by=world.worker)
        assert (row.number, version_facts(row).goals) == (2, "x")
        with pytest.raises(Conflict):
            revise_plan(plan=plan, version=1, facts=says(today), because="再看", by=world.worker)
        with pytest.raises(VisitRefused, match="请写明复评的结论"):
            revise_plan(plan=plan, version=2, facts=says(today), because="", by=world.worker)


@pytest.mark.django_db
def test_a_plan_made_below_level_3_can_be_ended(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(3), level=1)
    plan = made(world, patient)
    with scope(world.worker):
        assert end_plan(plan=plan, because="已经平稳", by=world.worker).state == "ended"


@pytest.mark.django_db
def test_the_plan_follows_the_level_down_and_up(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(3), level=3, basis="在家")
    plan = made(world, patient)
    with scope(world.worker), pytest.raises(Refused, match="等级还没有降下来"):
        end_plan(plan=plan, because="好转", by=world.worker)
    record(patient, world.worker, days_ago(2), level=1)
    assert state(world, plan) == "falling"
    record(patient, world.worker, days_ago(1), level=3, basis="在家")
    assert state(world, plan) == "active"
    record(patient, world.worker, days_ago(0), level=1)
    with scope(world.worker):
        assert end_plan(plan=plan, because="好转", by=world.worker).state == "ended"


@pytest.mark.django_db
def test_an_older_record_does_not_move_the_plan(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(1), level=3, basis="在家")
    plan = made(world, patient)
    record(patient, world.worker, days_ago(5), level=0)
    assert state(world, plan) == "active"


def incident(world: Any, patient: Any) -> Any:
    facts = IncidentFacts(happened_at=timezone.localtime(), level=2, trouble=1, place="村口")
    with scope(world.worker):
        row = record_incident(about=patient, facts=facts, form_id=uuid4(), by=world.worker)
    with scope(world.county_office):
        return confirm_incident(incident=row, source="1", by=world.county_office)


@pytest.mark.django_db
def test_an_open_incident_keeps_the_plan_going(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(3), level=3, basis="在家")
    plan = made(world, patient)
    incident(world, patient)
    record(patient, world.worker, days_ago(0), level=1)
    with scope(world.worker), pytest.raises(Refused, match="还有没了结的事件"):
        end_plan(plan=plan, because="好转", by=world.worker)


def names(user: Any) -> list[str]:
    with scope(user):
        return [item.name for items in work_lines(user, timezone.localdate()).values() for item in items]


def verbs(user: Any) -> list[str]:
    with scope(user):
        lines = work_lines(user, timezone.localdate())
        return [item.verb for items in lines.values() for item in items]


@pytest.mark.django_db
def test_today_asks_for_the_missing_plan_until_it_is_there(world, record):
    patient = world.patient()
    record(patient, world.worker, level=3, basis="在家")
    assert "制定方案" in verbs(world.worker)
    assert "制定方案" not in verbs(world.worker_b)
    made(world, patient)
    assert "制定方案" not in verbs(world.worker)


@pytest.mark.django_db
def test_a_confirmed_incident_asks_for_a_plan_too(world):
    patient = world.patient()
    incident(world, patient)
    assert "制定方案" in verbs(world.worker)


@pytest.mark.django_db
def test_case_management_is_asked_for_only_where_the_county_says_so(world, log_in):
    world.patient()
    assert "个案管理" not in names(world.worker)
    CountyPolicy.objects.create(
        county=world.county, key="case_management_for_all", value=True, starts_on=date(2024, 1, 1)
    )
    assert "个案管理" in names(world.worker)
    page = log_in(world.worker).get(reverse("followup:case_missing")).content.decode()
    assert "共 1 人" in page


@pytest.mark.django_db
def test_a_team_holds_from_its_day_until_the_next(world):
    patient = world.patient()
    member = {"role": "police", "name": "赵警官", "phone": ""}
    with scope(world.worker):
        set_team(patient=patient, starts_on=days_ago(9), members=[member], by=world.worker)
        set_team(patient=patient, starts_on=days_ago(1), members=[{**member, "name": "钱警官"}], by=world.worker)
        set_team(patient=patient, starts_on=days_ago(1), members=[{**member, "name": "孙警官"}], by=world.worker)
        assert [(row.starts_on, row.members[0]["name"]) for row in teams_of(patient)] == [
            (days_ago(1), "孙警官"),
            (days_ago(9), "赵警官"),
        ]
        set_team(patient=patient, starts_on=timezone.localdate(), members=[], by=world.worker)  # it has ended
        nobody = world.patient(name="没有团队")
        with pytest.raises(VisitRefused, match="还没有填写成员"):
            set_team(patient=nobody, starts_on=days_ago(1), members=[], by=world.worker)
        with pytest.raises(VisitRefused, match="建档日期与今天之间"):
            set_team(patient=patient, starts_on=days_ago(-1), members=[member], by=world.worker)


@pytest.mark.django_db
def test_the_page_makes_a_plan_and_says_what_is_missing(world, log_in, record):
    patient = world.patient()
    record(patient, world.worker, level=3, basis="在家")
    client = log_in(world.worker)
    page = reverse("followup:plan_new", args=[patient.uuid])
    today = timezone.localdate()
    dates = {"starts_on": today.isoformat(), "review_on": (today + timedelta(days=30)).isoformat()}
    refused = client.post(page, {"responsible": "冉医生", **dates})
    assert refused.status_code == 400
    assert "请写看护管理的措施。" in refused.content.decode()
    saved = client.post(
        page, {"responsible": "冉医生", "treatment": "用药", "guarding": "父亲看护", **dates}, follow=True
    )
    assert "父亲看护" in saved.content.decode()
    assert "按规定要有一人一方案" not in client.get(reverse("followup:care", args=[patient.uuid])).content.decode()


def test_the_days_of_each_member_come_out_of_the_teams():
    worker, old, new = (
        {"role": "worker", "name": "冉"},
        {"role": "police", "name": "赵"},
        {"role": "police", "name": "钱"},
    )
    first, second, third = DAY, DAY + timedelta(days=10), DAY + timedelta(days=20)
    found = member_periods([(third, [worker]), (first, [worker, old]), (second, [worker, new])])
    assert [(one.name, one.since, one.until) for one in found] == [
        ("冉", first, None), ("钱", second, third), ("赵", first, second),
    ]  # fmt: skip
    assert [(one.name, one.until) for one in member_periods([(first, [worker]), (second, [])])] == [("冉", second)]


@pytest.fixture
def planned(world, record):
    """Level 3 two days ago, with a plan."""
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(2), level=3, basis="在家砸东西").visit
    with scope(world.worker):
        plan = make_plan(patient=patient, kind=PlanKind.INDIVIDUAL, facts=says(timezone.localdate()), by=world.worker)
    return patient, visit, plan


def state_of(plan, user):
    with scope(user):
        return Plan.objects.get(pk=plan.pk).state


@pytest.mark.django_db
def test_a_correction_of_the_level_moves_the_plan_both_ways(world, planned):
    _patient, visit, plan = planned
    for level, expected in ((1, "falling"), (4, "active")):
        with scope(world.worker):
            newest = visit.root.versions.get(is_current=True)
            facts = good(days_ago(2), level=level, basis="在家砸东西" if level > 2 else "")
            correct_visit(root=visit.root, version=newest.version, facts=facts, by=world.worker)
        assert state_of(plan, world.worker) == expected


@pytest.mark.django_db
def test_the_psychiatrists_word_moves_the_plan_and_its_end_settles_it_until_the_next_assessment(world, planned, record):
    patient, _visit, plan = planned
    with scope(world.psychiatrist):
        confirm_fall(patient=patient, because="面诊，平稳", by=world.psychiatrist)
    assert state_of(plan, world.worker) == "falling"
    with scope(world.worker):
        end_plan(plan=plan, because="精神科医师面诊后等级下降", by=world.worker)
    assert "制定方案" not in verbs(world.worker)
    record(patient, world.worker, level=3, basis="又在家砸东西")
    assert "制定方案" in verbs(world.worker)


@pytest.mark.django_db
def test_a_plan_is_owed_from_level_3_wherever_the_alert_begins(world, record):
    CountyPolicy.objects.create(county=world.county, key="alert_from_level", value=4, starts_on=date(2024, 1, 1))
    record(world.patient(), world.worker, level=3, basis="在家砸东西")
    assert "制定方案" in verbs(world.worker)


@pytest.mark.django_db
def test_who_lacks_case_management_is_listed_by_township_with_what_is_lacking(world, log_in):
    here, _there = world.patient(name="缺团队"), world.patient("990001101201", name="缺方案")
    whole = says(timezone.localdate(), assessment="平稳", needs="就业", goals="能做零工", guarding="")
    with scope(world.county_office):
        make_plan(patient=here, kind=PlanKind.CASE, facts=whole, by=world.county_office)
        member = {"role": "police", "name": "赵警官", "phone": ""}
        with pytest.raises(VisitRefused, match="写了两次"):
            set_team(patient=here, starts_on=days_ago(1), members=[member, member], by=world.county_office)
    client, page = log_in(world.county_office), reverse("followup:case_missing")
    assert "缺团队" in (seen := client.get(page).content.decode())
    assert "缺方案" in seen
    with scope(world.county_office):
        set_team(patient=here, starts_on=days_ago(1), members=[member], by=world.county_office)
    assert "缺团队" not in client.get(page).content.decode()
    with scope(world.county_office):
        set_team(patient=here, starts_on=timezone.localdate(), members=[], by=world.county_office)
    only = client.get(page, {"township": here.duty_township}).content.decode()
    assert ("缺团队" in only, "缺方案" in only) == (True, False)


@pytest.mark.django_db
def test_a_plan_is_printed_with_its_team(world, log_in):
    patient = world.patient(name="印方案")
    whole = says(timezone.localdate(), assessment="平稳", needs="就业", goals="能做零工", guarding="")
    with scope(world.worker):
        plan = make_plan(patient=patient, kind=PlanKind.CASE, facts=whole, by=world.worker)
        set_team(patient=patient, starts_on=days_ago(9), members=[{"role": "nurse", "name": "孙护士", "phone": ""}],
                 by=world.worker)  # fmt: skip
    page = log_in(world.worker).get(reverse("followup:plan_print", args=[plan.uuid])).content.decode()
    assert [word for word in ("能做零工", "孙护士", "复评") if word not in page] == []
