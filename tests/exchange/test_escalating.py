"""An office that does not sign or answer within the county's hours: the county hears it, then the commission."""

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency, CalendarDay, CountyPolicy
from accounts.rules.calendar import WorkCalendar
from accounts.scope import scope
from exchange.models import AlertEntry, Receipt
from exchange.queries.overdue import overdue_lines, overdue_of
from exchange.rules.deadlines import deadline, late_since
from exchange.services.failpoints import ESCALATING, EXIT_CODE
from exchange.services.inbox import answer
from exchange.services.reviewing import confirm_fall
from exchange.tasks import escalate
from registry.models import Patient
from tests.accounts.trail import actions
from tests.exchange.conftest import as_partner, deliver, inbox, own_cases, save, sign, statuses
from tests.exchange.conftest import given as answered
from tests.exchange.stand import PROJECT
from tests.exchange.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = timezone.get_default_timezone()
FRIDAY = date(2026, 3, 6)
PLAIN = WorkCalendar()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.fixture
def working_days(world):
    """Every day of the coming weeks is a working day, whatever day the test runs on."""
    today = timezone.localdate()
    days = [CalendarDay(day=today + timedelta(days=n), is_working=True) for n in range(-3, 20)]
    CalendarDay.objects.bulk_create(days)
    return days


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(FRIDAY, 16), at(FRIDAY + timedelta(days=3), 16)),
        (at(FRIDAY + timedelta(days=1), 9), at(FRIDAY + timedelta(days=4))),
        (at(FRIDAY - timedelta(days=1), 9, 30), at(FRIDAY, 9, 30)),
    ],
)
def test_an_office_has_its_hours_on_working_days(start, end):
    assert deadline(start, hours=24, calendar=PLAIN) == end
    assert deadline(start, hours=24, calendar=None) == start + timedelta(hours=24)


@given(minutes=st.integers(0, 60 * 24 * 40), hours=st.integers(1, 100), wait=st.integers(1, 60 * 24 * 12))
def test_the_way_back_finds_what_is_late(minutes, hours, wait):
    start = at(FRIDAY) + timedelta(minutes=minutes)
    now = start + timedelta(minutes=wait)
    late = now > deadline(start, hours=hours, calendar=PLAIN)
    if start != (edge := late_since(now, hours=hours, calendar=PLAIN)):
        assert (start < edge) is late


def noted_after(**span):
    with time_machine.travel(timezone.now() + timedelta(**span)):
        return escalate()


def unsigned(world, patient):
    save(world.worker, patient, 3)
    deliver()


def test_silence_is_noted_once_after_the_hours_have_passed(world, working_days):
    unsigned(world, world.patient())
    sign(world.police)
    assert noted_after(hours=23, minutes=59) == 0
    assert noted_after(hours=24, minutes=1) == 3
    assert noted_after(hours=30) == 0
    assert actions("exchange.alert.unanswered") == ["exchange.alert.unanswered"] * 3


def test_the_hours_are_the_countys(world, working_days):
    CountyPolicy.objects.create(county=world.county, key="acknowledge_hours", value=2, starts_on=date(2020, 1, 1))
    unsigned(world, world.patient())
    assert noted_after(hours=2, minutes=1) == 4


def test_the_countys_body_hears_of_its_silent_township_and_of_nothing_else(world, working_days, told):
    patient = world.patient()
    unsigned(world, patient)
    noted_after(hours=24, minutes=1)
    escalated = [office for office, kind, _ in told(patient) if kind == "escalated"]
    assert sorted(escalated) == sorted(
        agency.name for agency in Agency.objects.filter(division=world.county, kind__in=("police", "political_legal"))
    )
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        deliver()
        (card,) = inbox(world.county_police)
    assert card.heading == "所属乡镇（街道）的同类单位超过期限没有签收，请督促"
    with scope(counties=[world.county.pk]):
        assert not any(AlertEntry.objects.filter(kind="escalated").values_list("content", flat=True))


def test_days_off_count_for_a_desk_on_duty_and_not_for_an_office(world, working_days):
    tomorrow = timezone.localdate() + timedelta(days=1)
    CalendarDay.objects.filter(day__range=(tomorrow, tomorrow + timedelta(days=1))).update(is_working=False)
    desk = world.police.agency
    Agency.objects.filter(pk=desk.pk).update(on_duty=True)
    unsigned(world, world.patient())
    assert noted_after(hours=24, minutes=1) == 1
    assert noted_after(days=3, minutes=1) > 0
    with scope(counties=[world.county.pk]):
        assert Receipt.objects.exclude(silent_noted_at=None).exclude(entry__kind="escalated").count() == 4


def test_the_commission_hears_after_48_hours_and_not_of_what_was_signed(world, working_days):
    patient = world.patient()
    unsigned(world, patient)
    noted_after(hours=24, minutes=1)
    sign(world.police)
    assert noted_after(hours=48, minutes=1) == 3
    assert actions("exchange.alert.commission_told") == ["exchange.alert.commission_told"] * 3


def late_list(user, **span):
    with time_machine.travel(timezone.now() + timedelta(**span)), scope(user):
        return overdue_of(user, timezone.localtime())


def test_the_county_sees_who_is_late_and_the_commission_a_masked_name_later(world, working_days):
    unsigned(world, world.patient(name="冉启明"))
    assert late_list(world.county_office, hours=23) == []
    assert {row.name for row in late_list(world.county_office, hours=25)} == {"冉启明"}
    assert late_list(world.commission, hours=25) == []
    assert {row.name for row in late_list(world.commission, hours=49)} == {"冉＊明"}
    assert [row.place for row in late_list(world.commission, hours=49)] == ["东街道"] * 4
    noted_after(hours=25)
    with scope(world.county_office):
        (line,) = overdue_lines(world.county_office, timezone.localdate())
    assert line.verb == "督促"
    for name in ("police", "political_legal", "county_police", "county_political_legal"):
        sign(getattr(world, name))
    assert late_list(world.county_office, hours=25) == []


def test_an_office_is_late_once_on_a_case_with_several_entries(world, working_days):
    patient = world.patient()
    unsigned(world, patient)
    save(world.worker, patient, 4)
    deliver()
    assert len(late_list(world.county_office, hours=25)) == 4


def test_feedback_that_does_not_come_is_the_countys_matter(world, working_days):
    unsigned(world, world.patient())
    for name in ("police", "political_legal", "county_police", "county_political_legal"):
        sign(getattr(world, name))
    with as_partner(world.police):
        case = own_cases([world.police.agency_id]).get()
        answer(case=case, given=answered(), form_id=case.uuid, by=world.police)
    assert noted_after(hours=72, minutes=1) == 3
    assert noted_after(hours=73) == 0
    assert {row.office for row in late_list(world.county_office, hours=73)}.isdisjoint({world.police.agency.name})
    assert len(late_list(world.county_office, hours=73)) == 3


def test_two_clocks_at_once_note_each_silence_once(world, working_days):
    unsigned(world, world.patient())
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert sum(at_once(escalate, escalate, escalate)) == 4
    assert actions("exchange.alert.unanswered") == ["exchange.alert.unanswered"] * 4
    with scope(counties=[world.county.pk]):
        assert AlertEntry.objects.filter(kind="escalated").count() == 2


@pytest.mark.parametrize("point", ESCALATING)
def test_a_clock_that_dies_anywhere_escalates_once(world, working_days, point):
    CountyPolicy.objects.create(county=world.county, key="acknowledge_hours", value=1, starts_on=date(2020, 1, 1))
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        unsigned(world, world.patient())
    program = "import django; django.setup(); from exchange.tasks import escalate; escalate()"
    died = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, "FAILPOINT": point})
    assert died.returncode == EXIT_CODE
    escalate()
    assert actions("exchange.alert.unanswered") == ["exchange.alert.unanswered"] * 4
    with scope(counties=[world.county.pk]):
        assert AlertEntry.objects.filter(kind="escalated").count() == 2


def test_a_recall_is_signed_for_itself_and_the_sender_sees_it_until_then(world, log_in):
    patient = world.patient()
    unsigned(world, patient)
    (shown,) = inbox(world.police)
    with scope(world.psychiatrist):
        confirm_fall(patient=Patient.objects.get(pk=patient.pk), because="缓解", by=world.psychiatrist)
    assert set(statuses(patient).values()) == {"closed"}
    deliver()
    client, page = log_in(world.police), f"/alerts/{shown.case.uuid}/acknowledge/"
    client.post(page, {"newest": str(shown.newest.uuid)})  # pressed on the page that still showed the alert
    (card,) = inbox(world.police)
    assert [entry.kind for entry in card.waiting] == ["closed"]
    recalled = "人的收回或解除还没有签收"
    assert recalled in log_in(world.worker).get("/alerts/sent/").content.decode()
    for name in ("police", "political_legal", "county_police", "county_political_legal"):
        sign(getattr(world, name))
    assert recalled not in log_in(world.worker).get("/alerts/sent/").content.decode()
