"""Incidents: what may be written, who confirms, what the words promise."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.work import work_lines
from accounts.refusals import Conflict, Denied, NotHere, Refused
from accounts.rules.work import Topic
from accounts.scope import scope
from followup.models import Incident
from followup.queries.incidents import facts_of, last_incident_on
from followup.rules.incidents import (
    IncidentFacts,
    IncidentPolicy,
    needs_visit_by,
    problems,
    remarks,
    tells_offices,
    what_follows,
)
from followup.services.incidents import IncidentRefused, amend_incident, confirm_incident, end_incident, record_incident
from followup.services.refusals import FormUsed
from followup.terms import IncidentState

NOON = datetime(2026, 3, 10, 12, 0)
DAY = date(2026, 3, 10)


def plain(**more: Any) -> IncidentFacts:
    return IncidentFacts(**{"happened_at": NOON, "level": 3, "trouble": 1, "place": "村口", **more})


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"happened_at": NOON + timedelta(minutes=1)}, "happened_at", "发生时间不能晚于现在。"),
        ({"trouble": 0}, "minor_trouble", "至少填一种行为的次数。"),
        ({"trouble": 100}, "trouble", "次数应在 0 到 99 之间。"),
        ({"place": ""}, "place", "请写明发生地点。"),
        ({"sent_to_hospital": True}, "hospital", "已送医的，请写明送到哪家医院。"),
        ({"meeting_on": DAY - timedelta(days=1)}, "meeting_on", "评估会的日期不能早于事件发生的日期。"),
        ({"loss_yuan": 1_000_000_001}, "loss_yuan", "金额太大，请核对。单位是元。"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(more, field, sentence):
    found = problems(plain(**more), now=NOON, birth_on=date(1980, 1, 1))
    assert [(one.field, one.message) for one in found] == [(field, sentence)]


def test_what_can_be_is_not_refused():
    assert problems(plain(meeting_on=DAY, trouble=99), now=NOON, birth_on=DAY) == []


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"self_harm": 1, "level": 3}, ["level"]),
        ({"self_harm": 1, "level": 4}, []),
        ({"suicide_attempt": 1, "level": 0}, ["level"]),
        ({"crime": 1, "level": 2}, ["level"]),
        ({"crime": 1, "level": 3}, []),
        ({"dead": 1}, ["dead"]),
    ],
)
def test_an_unlikely_level_asks_for_a_second_look(more, asked):
    assert [one.field for one in remarks(plain(**more))] == asked


@pytest.mark.parametrize(
    ("more", "days_later", "told"),
    [
        ({}, 0, True),
        ({}, 30, True),
        ({}, 31, False),
        ({"level": 1}, 0, True),  # 肇事 of whatever level
        ({"trouble": 0, "minor_trouble": 2, "level": 2}, 0, False),
        ({"trouble": 0, "minor_trouble": 2, "level": 3}, 0, True),
    ],
)
def test_which_incidents_the_offices_hear_of(more, days_later, told):
    assert tells_offices(plain(**more), today=DAY + timedelta(days=days_later), policy=IncidentPolicy()) is told


def test_a_county_may_tell_of_minor_trouble_too():
    minor = plain(trouble=0, minor_trouble=1, level=1)
    assert tells_offices(minor, today=DAY, policy=IncidentPolicy(tells_minor=True)) is True


def test_after_an_incident_the_person_is_seen_within_two_weeks():
    policy = IncidentPolicy()
    assert needs_visit_by(DAY, DAY - timedelta(days=1), policy) == date(2026, 3, 24)
    assert needs_visit_by(DAY, None, policy) == date(2026, 3, 24)
    assert needs_visit_by(DAY, DAY, policy) is None


def test_the_words_say_what_follows_for_class_plan_alert_and_subsidy():
    said = what_follows(plain(), state=IncidentState.CONFIRMED, tells=True, policy=IncidentPolicy())
    assert [words.partition("：")[0] for words in said] == ["分类", "计划", "通报", "补贴"]
    assert "最迟 3 月 24 日" in said[0]
    quiet = what_follows(plain(), state=IncidentState.CONFIRMED, tells=False, policy=IncidentPolicy())
    assert quiet[2] == "通报：按县里的规则不需要通报。"
    over = what_follows(plain(), state=IncidentState.DISMISSED, tells=True, policy=IncidentPolicy())
    assert over == ("登记为不属实：不影响分类、计划和补贴，通报过的内容已收回。",)


# with the database


def facts(**more: Any) -> IncidentFacts:
    return plain(**{"happened_at": timezone.localtime() - timedelta(hours=3), **more})


def report(patient: Any, by: Any, **more: Any) -> Incident:
    form_id = more.pop("form_id", None) or uuid4()
    with scope(by):
        return record_incident(about=patient, facts=facts(**more), form_id=form_id, by=by)


@pytest.mark.django_db
def test_a_township_reports_and_the_county_confirms(world):
    patient = world.patient()
    row = report(patient, world.village_doctor, police_case="东公（受）字 12 号", harm="打伤邻居")
    with scope(world.worker), pytest.raises(Denied):
        confirm_incident(incident=row, source="1", by=world.worker)
    with scope(world.county_office):
        found = confirm_incident(incident=row, source="1", by=world.county_office)
        assert (found.state, found.confirmed_by, found.tells) == ("confirmed", world.county_office, True)
        assert facts_of(Incident.objects.get(pk=row.pk)).police_case == "东公（受）字 12 号"
        assert last_incident_on(patient) == timezone.localdate(row.happened_at)


@pytest.mark.django_db
def test_words_about_people_are_sealed_in_the_table(world):
    from django.db import connection

    row = report(world.patient(), world.worker, harm="打伤邻居赵某")
    with scope(world.worker), connection.cursor() as cursor:
        cursor.execute("SELECT details FROM followup_incident WHERE id = %s", [row.pk])
        (sealed,) = cursor.fetchone()
    assert "赵某".encode() not in bytes(sealed)


@pytest.mark.django_db
def test_the_same_form_twice_is_one_incident_and_never_two_people(world):
    one, other, form = world.patient(), world.patient(name="另一人"), uuid4()
    first = report(one, world.worker, form_id=form)
    assert report(one, world.worker, form_id=form).pk == first.pk
    with pytest.raises(FormUsed):
        report(other, world.worker, form_id=form)


@pytest.mark.django_db
def test_a_stranger_and_a_partner_cannot_report(world):
    patient = world.patient()
    with pytest.raises(Denied):
        report(patient, world.stranger)
    with pytest.raises(Denied):
        report(patient, world.police)


@pytest.mark.django_db
def test_what_is_confirmed_keeps_its_counts_and_takes_more_words(world):
    row = report(world.patient(), world.worker)
    with scope(world.county_office):
        confirm_incident(incident=row, source="3", by=world.county_office)
    same = {"happened_at": facts_of(row).happened_at}
    with scope(world.worker):
        with pytest.raises(Refused, match="时间、等级和次数不能再改"):
            amend_incident(incident=row, version=1, facts=facts(**same, trouble=2), by=world.worker)
        more = amend_incident(incident=row, version=1, facts=facts(**same, legal_result="2"), by=world.worker)
        assert (more.version, more.legal_result) == (2, "2")


@pytest.mark.django_db
def test_two_people_at_one_record_the_second_meets_both_texts(world):
    row = report(world.patient(), world.worker)
    with scope(world.worker):
        amend_incident(incident=row, version=1, facts=facts(handling="民警到场"), by=world.worker)
    with scope(world.county_office), pytest.raises(Conflict) as refusal:
        amend_incident(incident=row, version=1, facts=facts(handling="村干部到场"), by=world.county_office)
    assert (refusal.value.theirs.handling, refusal.value.mine.handling) == ("民警到场", "村干部到场")


@pytest.mark.django_db
def test_an_incident_cannot_be_confirmed_twice_or_closed_before(world):
    row = report(world.patient(), world.worker)
    office = world.county_office
    with scope(office):
        with pytest.raises(Refused, match="现在可以：确认、登记为不属实"):
            end_incident(incident=row, to=IncidentState.CLOSED, because="x", by=office)
        confirm_incident(incident=row, source="1", by=office)
        with pytest.raises(Refused, match="现在已经是“已确认，处置中”"):
            confirm_incident(incident=row, source="1", by=office)
        with pytest.raises(Refused, match="请写明原因"):
            end_incident(incident=row, to=IncidentState.CLOSED, because="", by=office)
        with pytest.raises(Refused, match="请选择确认的依据"):
            confirm_incident(incident=report(world.patient(), office), source="8", by=office)


@pytest.mark.django_db
def test_why_an_incident_was_closed_is_read_on_its_page(world, log_in):
    row, office = report(world.patient(), world.worker, harm="打伤邻居"), world.county_office
    with scope(office):
        row = confirm_incident(incident=row, source="1", by=office)
        row = end_incident(incident=row, to=IncidentState.CLOSED, because="已送院治疗", by=office)
        assert facts_of(row).harm == "打伤邻居"
    page = log_in(world.worker).get(reverse("followup:incident", args=[row.uuid])).content.decode()
    assert f"{office.display_name}：已送院治疗" in page


@pytest.mark.django_db
def test_today_names_what_waits_for_confirmation_and_who_must_be_seen(world):
    patient = world.patient()
    row = report(patient, world.worker)
    today = timezone.localdate()

    def lines(user):
        with scope(user):
            return [(item.verb, item.name) for item in work_lines(user, today).get(Topic.DANGER, [])]

    assert lines(world.worker) == []
    assert lines(world.county_office) == [("核对确认", "试验患者")]
    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)
    assert ("看事件", "试验患者") in lines(world.worker)
    assert lines(world.worker_b) == []


@pytest.mark.django_db
def test_whoever_may_close_an_incident_is_reminded_once_the_person_was_seen(world, record):
    """Nothing else ends it, and until then the alert stands and the family's allowance is under review."""
    patient, today = world.patient(opened_on=timezone.localdate() - timedelta(days=60)), timezone.localdate()
    row = report(patient, world.worker)

    def lines(user):
        with scope(user):
            return [item.verb for items in work_lines(user, today).values() for item in items if "了结" in item.why]

    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)
    assert lines(world.county_office) == []  # not seen yet
    record(patient, world.worker, today)
    assert lines(world.county_office) == ["评估了结"]
    assert lines(world.worker) == []
    with scope(world.county_office):
        end_incident(incident=row, to=IncidentState.CLOSED, because="已评估", by=world.county_office)
    assert lines(world.county_office) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("setting", "days"), [(None, 14), (7, 7)])
def test_a_person_is_seen_after_an_incident_within_the_days_of_the_county(world, setting, days):
    if setting is not None:
        CountyPolicy.objects.create(county=world.county, key="unstable_days", value=setting, starts_on="2024-01-01")
    row, today = report(world.patient(), world.worker), timezone.localdate()
    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)
    with scope(world.worker):
        due = [item.due_on for item in work_lines(world.worker, today)[Topic.DANGER] if item.verb == "看事件"]
    happened_on = timezone.localtime(row.happened_at).date()
    assert due == [happened_on + timedelta(days=days)]


@pytest.mark.django_db
def test_a_reported_future_or_empty_incident_is_refused_with_every_field(world):
    with pytest.raises(IncidentRefused) as refusal:
        report(world.patient(), world.worker, happened_at=timezone.localtime() + timedelta(hours=1), trouble=0)
    assert [one.field for one in refusal.value.problems] == ["happened_at", "minor_trouble"]


@pytest.mark.django_db
def test_an_incident_moves_with_its_patient(world):
    """Out of reach between the door and the act: the same answer as nowhere."""
    from registry.services.moves import move_patient

    patient = world.patient()
    row = report(patient, world.worker)
    with scope(world.worker):
        move_patient(patient=patient, on=timezone.localdate(), to_township=world.town_b, by=world.worker, reason="迁居")
    with scope(world.worker_b):
        assert Incident.objects.visible_to(world.worker_b).count() == 1
    with scope(world.worker), pytest.raises((NotHere, Denied)):
        amend_incident(incident=row, version=1, facts=facts(), by=world.worker)


@pytest.mark.django_db
def test_the_countys_days_decide_what_is_history(world):
    CountyPolicy.objects.create(county=world.county, key="incident_alert_days", value=2, starts_on=date(2024, 1, 1))
    row = report(world.patient(), world.worker, happened_at=timezone.localtime() - timedelta(days=3))
    with scope(world.county_office):
        assert confirm_incident(incident=row, source="1", by=world.county_office).tells is False
