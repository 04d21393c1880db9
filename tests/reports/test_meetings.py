"""联席会议: called, held with minutes, its resolutions are tasks; 联席会议次数 counts those with minutes."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import StepRefused
from accounts.scope import scope
from accounts.terms import AgencyKind, Permission, Role
from reports.doors import tasks_for
from reports.models import Meeting, Task
from reports.queries import packs
from reports.queries.answer import answer
from reports.queries.figures import figures_of
from reports.queries.meetings import joint_meetings, wanted_a_year
from reports.queries.plan_table import plan_rows
from reports.rules.cut import Cut
from reports.rules.indicators import COMPUTED
from reports.rules.joint_meetings import Held, meetings_held, why_not
from reports.services.meetings import (
    Attendance,
    MeetingFacts,
    MeetingRefused,
    Resolution,
    call_meeting,
    cancel_meeting,
    keep_minutes,
    resolve,
)
from reports.services.plans import load_plan
from reports.terms import Standing
from tests import factories
from tests.conftest import COUNTY


def called(world, on=None, departments=("县卫生健康委", "县教委"), **facts):
    wanted = {"place": "二楼会议室", "chair": "副县长", "agenda": "一、免费发药", **facts}
    day = on or timezone.localdate() - timedelta(days=10)
    return call_meeting(
        area=world.county, facts=MeetingFacts(day, departments=departments, **wanted), by=world.commission
    )


def held(world, on=None, **facts):
    meeting = called(world, on, **facts)
    seats = {
        seat.pk: Attendance(came=place == 0, who="张科长") for place, seat in enumerate(meeting.seats.order_by("place"))
    }
    return keep_minutes(meeting, minutes="会议同意。", attendance=seats, by=world.commission)


# ── rule ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
T = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("on", "state", "why"),
    [
        (date(2026, 1, 1), "held", ""), (T, "held", ""), (T + timedelta(days=1), "held", "在截止日之后"),
        (date(2025, 12, 31), "held", "不在这一年"), (T, "called", "还没有纪要"), (T, "cancelled", "已取消"),
    ],
)  # fmt: skip
def test_a_meeting_counts_with_minutes_in_the_year_up_to_the_day(on, state, why):
    assert why_not(Held(on, state), T) == why


@pytest.mark.parametrize("seed", range(20))
def test_the_count_equals_a_plain_recount(seed):
    draw = Random(seed)
    days = [date(2025, 1, 1) + timedelta(days=draw.randrange(730)) for _ in range(30)]
    found = [Held(day, draw.choice(["held", "called", "cancelled"])) for day in days]
    day = date(2025, 1, 1) + timedelta(days=draw.randrange(730))
    plain = len([m for m in found if m.state == "held" and m.on.year == day.year and m.on <= day])
    assert meetings_held(found, day) == plain


# ── services ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_from_the_call_to_the_resolution(world, plan, events):
    meeting = held(world)
    assert [(seat.name, seat.kind, seat.came, seat.who) for seat in meeting.seats.order_by("place")] == [
        ("县卫生健康委", "health_commission", True, "张科长"), ("县教委", "education", False, ""),
    ]  # fmt: skip
    due = meeting.held_on + timedelta(days=5)
    task = resolve(meeting, resolution=Resolution("补齐辅导室", ("县教委",), ("县财政局",), due), by=world.commission)
    assert (task.clause, task.due_on) == (f"{meeting.held_on:%Y-%m-%d} 联席会议 决议1", due)
    assert list(task.parties.order_by("place").values_list("part", "kind")) == [
        ("lead", "education"),
        ("support", "finance"),
    ]
    assert task in tasks_for(world.department, Permission.WORK_TASK)
    actions = [event.action for event in events if event.action.startswith("reports.meeting")]
    assert actions == ["reports.meeting.called", "reports.meeting.held", "reports.meeting.resolved"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": date(1999, 1, 1)}, "held_on"), ({"on": date(2999, 1, 1)}, "held_on"), ({"agenda": ""}, "agenda"),
        ({"departments": ()}, "departments"), ({"departments": ("县水利局",)}, "departments"),
        ({"agenda": "讨论11010119900101001X"}, "agenda"),
    ],
)  # fmt: skip
def test_a_faulty_call_is_refused_at_its_field(world, plan, facts, field):
    with pytest.raises(Refused) as refused:
        called(world, **facts)
    assert (refused.value.field, Meeting.objects.count()) == (field, 0)


@pytest.mark.django_db
def test_minutes_are_kept_once_and_not_before_the_day(world, plan):
    coming = called(world, timezone.localdate() + timedelta(days=5))
    seats = {seat.pk: Attendance(came=True) for seat in coming.seats.all()}
    with pytest.raises(MeetingRefused, match="才开"):
        keep_minutes(coming, minutes="会议同意。", attendance=seats, by=world.commission)
    today = called(world, timezone.localdate())
    with pytest.raises(MeetingRefused, match="至少一个"):
        keep_minutes(today, minutes="会议同意。", attendance={}, by=world.commission)
    done = held(world)
    with pytest.raises(StepRefused):
        keep_minutes(done, minutes="另一份。", attendance=seats, by=world.commission)
    with pytest.raises(StepRefused):
        cancel_meeting(done, because="不算。", by=world.commission)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=today.pk).update(state="held")


@pytest.mark.django_db
def test_a_resolution_needs_minutes_departments_and_a_term_after_the_meeting(world, plan):
    meeting = held(world)
    for wanted, field in (
        (Resolution("事", (), (), None), "lead"),
        (Resolution("事", ("县教委",), ("县教委",), None), "support"),
        (Resolution("事", ("县教委",), (), meeting.held_on - timedelta(days=1)), "due_on"),
    ):
        with pytest.raises(MeetingRefused) as refused:
            resolve(meeting, resolution=wanted, by=world.commission)
        assert refused.value.field == field
    with pytest.raises(MeetingRefused, match="先登记纪要"):
        resolve(
            called(world, timezone.localdate()), resolution=Resolution("事", ("县教委",), (), None), by=world.commission
        )
    assert Task.objects.filter(meeting__isnull=False).count() == 0


@pytest.mark.django_db
def test_what_is_sent_twice_is_entered_once(world, plan):
    meeting = held(world)
    with pytest.raises(MeetingRefused, match="这一天已经登记过会议"):
        called(world)
    wanted = Resolution("补齐辅导室", ("县教委",), (), None)
    resolve(meeting, resolution=wanted, by=world.commission)
    with pytest.raises(MeetingRefused, match="已经登记过同样的决议"):
        resolve(meeting, resolution=wanted, by=world.commission)
    cancelled = called(world, timezone.localdate())
    cancel_meeting(cancelled, because="改期。", by=world.commission)
    called(world, timezone.localdate())
    assert (Meeting.objects.count(), Task.objects.filter(meeting=meeting).count()) == (3, 1)


@pytest.mark.django_db
def test_who_may_call_and_who_may_read(world, plan):
    meeting = called(world)
    facts = MeetingFacts(timezone.localdate(), "", "某", "议题", ("县教委",))
    for who in (world.department, world.worker, world.police):
        with pytest.raises(Denied):
            call_meeting(area=world.county, facts=facts, by=who)
    with pytest.raises(NotHere):
        call_meeting(area=world.town_a, facts=facts, by=world.commission)
    city = world.county.parent
    prefecture = factories.make_user(Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city))
    with pytest.raises(NotHere):
        cancel_meeting(meeting, because="别的县的。", by=prefecture)


# ── the indicator ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def zhongyuan(world, tmp_path, monkeypatch):
    text = (packs.FOLDER / "zhongyuan-2016.toml").read_text(encoding="utf-8")
    (tmp_path / "zhongyuan-2016.toml").write_text(text.replace('area = "410102"', f'area = "{COUNTY}"'), "utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan("zhongyuan-2016")
    return packs.pack("zhongyuan-2016")


def meetings_of(world, *days):
    for day in days:
        held(world, day, departments=("区卫计委", "区教体局"))


def row_c2(world, pack, day):
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(day, timezone.localdate()), pack.codes)
        return next(row for row in plan_rows(pack, figures, towns) if row.row.key == "joint_meetings")


@pytest.mark.django_db
def test_the_plan_counts_the_meetings_of_the_year(world, zhongyuan):
    meetings_of(world, date(2018, 3, 1), date(2018, 6, 1), date(2018, 9, 1), date(2017, 12, 1))
    cancel_meeting(called(world, date(2018, 10, 1), departments=("区卫计委",)), because="改期。", by=world.commission)
    called(world, date(2018, 11, 1), departments=("区卫计委",))
    row = row_c2(world, zhongyuan, date(2018, 12, 31))
    assert (row.value_text, row.fraction_text, row.gap_text, row.standing is Standing.MET) == (
        "3",
        "3 次",
        "1 次",
        False,
    )
    assert row_c2(world, zhongyuan, date(2018, 6, 30)).value_text == "2"
    meetings_of(world, date(2018, 12, 31))
    assert row_c2(world, zhongyuan, date(2018, 12, 31)).standing is Standing.MET
    assert row_c2(world, zhongyuan, date(2019, 3, 1)).value_text == "0"
    assert wanted_a_year(world.county) == (4, "中原区精神卫生工作规划：每季度一次")


@pytest.mark.django_db
def test_the_command_and_the_api_give_the_two_numbers_and_townships_have_none(world, zhongyuan):
    meetings_of(world, date(2018, 3, 1), date(2018, 6, 1), date(2018, 9, 1))
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(date(2018, 12, 31), timezone.localdate()), COMPUTED)
        said = answer(figures, towns, by_township=True)
    assert said["indicators"]["joint_meetings"] == {"numerator": 3, "denominator": 4, "rate": "75.00"}
    assert {town["joint_meetings"]["numerator"] for town in said["townships"].values()} == {None}


@pytest.mark.django_db
def test_the_indicators_page_lists_each_meeting_and_why_it_counts(world, zhongyuan, log_in):
    meetings_of(world, date(2018, 3, 1))
    called(world, date(2018, 11, 1), departments=("区卫计委",))
    address = reverse("reports:indicator", args=["joint_meetings"])
    page = log_in(world.commission).get(address, {"as_of": "2018-12-31"})
    assert [(line["meeting"].held_on, line["why"]) for line in page.context["lines"]] == [
        (date(2018, 11, 1), "还没有纪要"), (date(2018, 3, 1), "计入"),
    ]  # fmt: skip
    assert page.context["value"] == "1" == str(joint_meetings(world.county, date(2018, 12, 31)))
    assert "联席会议由县级以上召开" in log_in(world.worker).get(address).content.decode()


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_meeting_goes_through_its_pages(world, plan, log_in):
    keeper = log_in(world.commission)
    today = timezone.localdate()
    form = {
        "held_on": f"{today}",
        "chair": "副县长",
        "agenda": "一、发药\n二、经费",
        "departments": ["县卫生健康委", "县教委"],
    }
    assert keeper.post(reverse("reports:meeting_new"), form | {"departments": []}).status_code == 400
    assert keeper.post(reverse("reports:meeting_new"), form).status_code == 302
    meeting = Meeting.objects.get()
    first = meeting.seats.order_by("place")[0]
    minutes = reverse("reports:meeting_minutes", args=[meeting.uuid])
    refused = keeper.post(minutes, {"minutes": "会议同意。"})
    assert (refused.status_code, "请勾选到会的单位" in refused.content.decode()) == (400, True)
    assert (
        keeper.post(
            minutes, {"minutes": "会议同意。", f"came_{first.pk}": "on", f"who_{first.pk}": "张科长"}
        ).status_code
        == 302
    )
    assert "不能再办“登记纪要”" in keeper.get(minutes, follow=True).content.decode()
    resolution = {"name": "补齐辅导室", "lead": ["县教委"], "due_on": f"{today + timedelta(days=30)}"}
    assert keeper.post(reverse("reports:meeting_resolution", args=[meeting.uuid]), resolution).status_code == 302
    text = log_in(world.department).get(reverse("reports:meeting", args=[meeting.uuid])).content.decode()
    assert ("张科长" in text, "补齐辅导室" in text, "会议同意。" in text, "登记决议" in text) == (
        True,
        True,
        True,
        False,
    )
    assert log_in(world.worker).get(reverse("reports:meeting", args=[meeting.uuid])).status_code == 404
    assert log_in(world.stranger).get(reverse("reports:meeting", args=[meeting.uuid])).status_code == 404


@pytest.mark.django_db
def test_a_resolution_before_the_minutes_leads_back(world, plan, log_in):
    address = reverse("reports:meeting_resolution", args=[called(world).uuid])
    assert "先登记纪要" in log_in(world.commission).get(address, follow=True).content.decode()


MEETING_QUERIES = 14


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_meetings_costs_the_same_for_one_and_for_three(
    world, plan, log_in, count, django_assert_num_queries
):
    for days in range(count):
        resolve(
            held(world, timezone.localdate() - timedelta(days=days)),
            resolution=Resolution("事", ("县教委",), (), None),
            by=world.commission,
        )
    client = log_in(world.commission)
    client.get(reverse("reports:meetings"))
    with django_assert_num_queries(MEETING_QUERIES):
        page = client.get(reverse("reports:meetings"))
    assert [
        (line["meeting"].came, line["meeting"].asked, line["meeting"].decided) for line in page.context["lines"]
    ] == [(1, 2, 1)] * count
