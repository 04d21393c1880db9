"""表1-9: its clock, its three copies, the checks afterwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.form_parts import may_stay_empty
from accounts.models import CountyPolicy
from accounts.refusals import NotHere, Refused
from accounts.scope import scope
from followup.forms.incident import EmergencyForm
from followup.models import Emergency
from followup.rules.emergencies import (
    NEEDED,
    CheckPolicy,
    EmergencyFacts,
    next_check,
    problems,
    writing_clock,
    written_words,
)
from followup.services.emergencies import cancel_emergency, open_emergency, record_check, write_emergency
from followup.services.incidents import IncidentRefused

AT = datetime(2026, 3, 10, 8, 0)
ON = CheckPolicy(on=True)
HOUR = timedelta(hours=1)


def paper(at: datetime = AT, **more: Any) -> EmergencyFacts:
    values: dict[str, Any] = {
        "started_at": at, "ended_at": at + HOUR, "reported_at": at, "handling_unit": "卫生院", "first_place": "村口",
        "reporter": "村干部", "scene": "砸东西CNSCENE", "reasons": ("3",), "measures": ("1",), "diagnosis_sure": "1",
        "diagnosis": "精神分裂症", "effect": "1", "subject": "1", "filled_by": "冉医生",
    }  # fmt: skip
    return EmergencyFacts(**{**values, **more})


@pytest.mark.parametrize(
    ("after", "words", "tone"),
    [
        (timedelta(0), "还剩 24 小时，3 月 11 日 08:00 前填写", "ok"),
        (18 * HOUR, "还剩 6 小时，3 月 11 日 08:00 前填写", "soon"),
        (24 * HOUR, "还剩 0 分，3 月 11 日 08:00 前填写", "soon"),
        (24 * HOUR + timedelta(minutes=1), "已超过 1 分，应在 3 月 11 日 08:00 前填写", "late"),
        (75 * HOUR, "已超过 2 天，应在 3 月 11 日 08:00 前填写", "late"),
    ],
)
def test_the_clock_of_24_hours_in_words(after, words, tone):
    found = writing_clock(AT, AT + after)
    assert (found.words, found.tone) == (words, tone)


def test_how_late_it_was_written_is_said():
    assert written_words(AT, AT + 24 * HOUR) == "处置结束后 24 小时填写，在 24 小时以内。"
    assert written_words(AT, AT + 25 * HOUR) == "处置结束后 25 小时填写，超过 24 小时。"


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, []),
        ({"reported_at": AT + timedelta(minutes=1)}, ["reported_at"]),
        ({"ended_at": AT - timedelta(minutes=1)}, ["ended_at"]),
        ({"ended_at": AT + 10 * HOUR}, ["ended_at"]),
        ({"reasons": ("9",)}, ["reason_other"]),
        ({"measures": ("9",), "measure_other": "约束带"}, []),
        ({"reporter_role": "9"}, ["reporter_other"]),
        ({"scene": "", "reasons": ()}, ["scene", "reasons"]),
    ],
)
def test_what_is_missing_or_cannot_be(more, fields):
    assert [one.field for one in problems(paper(**more), now=AT + 2 * HOUR)] == fields


@pytest.mark.parametrize("more", [dict.fromkeys(NEEDED, ""), {"reasons": ("9",)}, {"measures": ("9",)},
                                  {"reporter_role": "9"}], ids=str)  # fmt: skip
def test_the_form_calls_nothing_optional_that_it_then_asks_for(more):
    asked = [one.field for one in problems(paper(**more), now=AT + 2 * HOUR)]
    form = EmergencyForm()
    assert asked
    assert not [name for name in asked if may_stay_empty(form.fields[name])]


@pytest.mark.parametrize(
    ("checks", "due"),
    [
        ([], AT + 4 * HOUR),
        ([(4, True)], AT + 8 * HOUR),
        ([(4, True), (8, True)], None),
        ([(8, True), (4, True)], None),
        ([(4, True), (8, False)], AT + 12 * HOUR),
        ([(4, True), (8, False), (12, True)], AT + 16 * HOUR),
        ([(4, True), (8, False), (12, True), (16, True)], None),
    ],
)
def test_checks_every_four_hours_until_two_stable_in_a_row(checks, due):
    assert next_check(AT, [(AT + hours * HOUR, stable) for hours, stable in checks], ON) == due


def test_checks_are_off_unless_the_county_says_so():
    assert next_check(AT, [], CheckPolicy()) is None


def test_the_paper_survives_its_envelope():
    facts = paper(filled_on=AT.date(), reasons=("1", "3"))
    assert EmergencyFacts.of(facts.as_content()) == facts


# with the database


def opened(world: Any, patient: Any) -> Emergency:
    with scope(world.worker):
        started = timezone.localtime() - 3 * HOUR
        return open_emergency(about=patient, started_at=started, form_id=uuid4(), by=world.worker)


def written(world: Any, patient: Any) -> Emergency:
    row = opened(world, patient)
    with scope(world.worker):
        return write_emergency(emergency=row, facts=paper(timezone.localtime() - 3 * HOUR), by=world.worker)


@pytest.mark.django_db
def test_a_record_is_written_once(world):
    row = written(world, world.patient())
    with scope(world.worker), pytest.raises(Refused, match="现在已经是“已填写”"):
        write_emergency(emergency=row, facts=paper(timezone.localtime() - 3 * HOUR), by=world.worker)


@pytest.mark.django_db
def test_a_disposal_entered_by_mistake_is_cancelled_with_a_reason(world, log_in):
    row = opened(world, world.patient())
    with scope(world.worker):
        with pytest.raises(Refused, match="请写明撤销的原因"):
            cancel_emergency(emergency=row, because="", by=world.worker)
        assert cancel_emergency(emergency=row, because="记错了人", by=world.worker).state == "cancelled"
    client = log_in(world.worker)
    page = client.get(reverse("followup:emergency", args=[row.uuid])).content.decode()
    assert "记错了人" in page
    assert "还没有填写" not in page
    assert "三联" not in page
    assert client.get(reverse("followup:emergency_print", args=[row.uuid])).status_code == 302


@pytest.mark.django_db
def test_the_copy_for_another_office_carries_no_clinical_words(world, log_in):
    row = written(world, world.patient())
    page = log_in(world.worker).get(reverse("followup:emergency_print", args=[row.uuid])).content.decode()
    first, second, third = page.split("表1-9 第")[1:]
    assert ("CNSCENE" in first, "CNSCENE" in second, "CNSCENE" in third) == (True, False, True)
    assert ("精神分裂症" in first, "精神分裂症" in second) == (True, False)
    assert "（本联不填）" in second


@pytest.mark.django_db
def test_a_check_before_the_end_of_the_disposal_is_refused(world):
    row = written(world, world.patient())
    with scope(world.worker):
        early = timezone.localtime() - 5 * HOUR
        with pytest.raises(IncidentRefused, match="处置结束与现在之间"):
            record_check(emergency=row, checked_at=early, stable=True, note="", form_id=uuid4(), by=world.worker)


@pytest.mark.django_db
def test_the_form_says_what_is_missing_and_keeps_what_was_typed(world, log_in):
    row = opened(world, world.patient())
    answer = log_in(world.worker).post(reverse("followup:emergency", args=[row.uuid]), {"scene": "大声喊叫"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请填写日期和时间，例如 2026-11-24 15:30。" in page
    assert "大声喊叫" in page


@pytest.mark.django_db
def test_a_check_is_recorded_on_the_page_where_the_county_asks_for_it(world, log_in):
    CountyPolicy.objects.create(county=world.county, key="emergency_checks", value=True, starts_on="2024-01-01")
    row = written(world, world.patient())
    client = log_in(world.worker)
    page = reverse("followup:emergency", args=[row.uuid])
    assert "下一次：" in client.get(page).content.decode()
    now = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    client.post(
        reverse("followup:emergency_check", args=[row.uuid]), {"checked_at": now, "stable": "1", "note": "安静"}
    )
    assert "安静" in client.get(page).content.decode()


@pytest.mark.django_db
def test_another_township_sees_no_record(world, log_in):
    row = written(world, world.patient())
    assert log_in(world.worker_b).get(reverse("followup:emergency", args=[row.uuid])).status_code == 404
    with scope(world.worker_b):
        assert Emergency.objects.count() == 0


@pytest.mark.django_db
def test_a_disposal_hangs_on_no_incident_of_somebody_else(world, log_in):
    from tests.followup.test_incidents import report

    one, other = world.patient(), world.patient()
    incident = report(other, world.worker)
    with scope(world.worker), pytest.raises(NotHere):
        open_emergency(about=one, started_at=timezone.localtime(), form_id=uuid4(), by=world.worker, incident=incident)
    page = reverse("followup:emergency_new", args=[one.uuid])
    sent = {"started_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "form_id": str(uuid4())}
    assert log_in(world.worker).post(f"{page}?incident={incident.uuid}", sent).status_code == 302
    with scope(world.worker):
        assert Emergency.objects.get(patient=one).incident_id is None
