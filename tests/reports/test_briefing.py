"""季度简报: what the departments are told, and that a handful of people cannot be worked out from it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.scope import scope
from followup.services.summaries import refresh
from registry.models import Patient
from reports.models import PlanReport
from reports.queries.briefing import briefing_facts
from reports.rules.briefing import counted_headline, gap_words, hidden_counts, rate_headline
from reports.rules.report_words import day_words
from reports.rules.spans import last_ended, quarters_offered
from reports.services.meetings import Attendance, MeetingFacts, Resolution, call_meeting, keep_minutes, resolve
from reports.services.plan_reports import render_report
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.exchange.conftest import deliver, save
from tests.reports.histories import Line
from tests.reports.records import add_visits


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        pytest.param(12, 10, ("12", "10", "+2"), id="open"),
        pytest.param(10, 10, ("10", "10", "持平"), id="the-same"),
        pytest.param(5, 9, ("5", "9", "-4"), id="five-is-open"),
        pytest.param(4, 9, ("<5", "9", "—"), id="small-now-takes-the-change-along"),
        pytest.param(9, 4, ("9", "<5", "—"), id="small-before-takes-the-change-along"),
        pytest.param(0, 9, ("0", "9", "-9"), id="none-is-no-person"),
        pytest.param(9, None, ("9", "—", "—"), id="without-a-quarter-before"),
    ],
)
def test_a_count_and_its_change_hide_together(now, before, said):
    line = counted_headline("在册", now, before, 5)
    assert (line.now, line.before, line.change) == said


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        pytest.param((90, 100), (80, 100), ("90.00%（90／100）", "80.00%（80／100）", "+10.00个百分点"), id="open"),
        pytest.param((96, 100), (80, 100), ("96%以上", "80.00%（80／100）", "—"), id="four-are-not-counted"),
        pytest.param(
            (99, 100), (80, 100), ("96%以上", "80.00%（80／100）", "—"), id="one-is-not-counted-reads-the-same"
        ),
        pytest.param((46, 49), (20, 49), ("人数少，不列", "40.82%（20／49）", "—"), id="few-people-at-all"),
        pytest.param((3, 100), (80, 100), ("人数少，不列", "80.00%（80／100）", "—"), id="three-are-counted"),
        pytest.param((100, 100), (95, 100), ("100.00%（100／100）", "95.00%（95／100）", "+5.00个百分点"), id="all"),
        pytest.param((0, 0), None, ("—", "—", "—"), id="nobody"),
    ],
)
def test_a_rate_that_names_a_handful_is_not_told(now, before, said):
    line = rate_headline("管理率", now, before, 5)
    assert (line.now, line.before, line.change) == said


def test_departments_beside_their_total_cannot_be_worked_out():
    hidden = hidden_counts({"police": 2, "legal": 9, "civil": 30}, 5)
    assert [hidden.cells[key].label for key in ("police", "legal", "civil")] == ["<5", "隐藏", "30"]
    assert hidden.total.label == "41"


@pytest.mark.parametrize(
    ("missing", "word", "said"),
    [(47, "人", "还差 47 人"), (4, "人", "还差不到 5 人"), (5, "人", "还差 5 人"), (2, "张", "还差 2 张"), (0, "人", "—"),
     (None, "人", "—")],
)  # fmt: skip
def test_what_is_missing_in_words(missing, word, said):
    assert gap_words(missing, word, 5) == said


TODAY = timezone.localdate()
QUARTER = last_ended(quarters_offered(TODAY), TODAY)
LATE, LATER = TODAY - timedelta(days=20), TODAY + timedelta(days=60)


@pytest.fixture
def county(world, plan):
    """Twenty people, eight visited, one at level 3; a meeting with two resolutions, one of them late."""
    people = [world.patient(VILLAGE_A1 if n % 2 else VILLAGE_B1, f"试验{n}") for n in range(20)]
    seen = QUARTER.first + timedelta(days=40)
    for n, patient in enumerate(people[:8]):
        add_visits(patient, [Line(seen, level=3 if n == 0 else 0)], world.worker)
    with scope(counties=[world.county.pk]):
        refresh(list(Patient.objects.values_list("pk", flat=True)))
    meeting = call_meeting(
        area=world.county, by=world.commission,
        facts=MeetingFacts(QUARTER.first, place="会议室", chair="副县长", agenda="一", departments=("县教委",)),
    )  # fmt: skip
    seats = {seat.pk: Attendance(came=True, who="张科长") for seat in meeting.seats.all()}
    meeting = keep_minutes(meeting, minutes="同意。", attendance=seats, by=world.commission)
    for name, due in (("补齐辅导室", LATE), ("办培训班", LATER)):
        resolve(meeting, resolution=Resolution(name, ("县教委",), ("县财政局",), due), by=world.commission)
    return world


def facts_of(world, span=QUARTER, after=0):
    with scope(world.commission):
        return briefing_facts(world.county, span, TODAY, now=timezone.localtime() + timedelta(days=after))


def table(facts, number):
    found = facts["sections"][number]["table"]
    return {row["name"]: row["cells"] for row in found["rows"]} if found else {}


@pytest.mark.django_db
def test_the_sections_say_figures_targets_townships_tasks_and_resolutions(county):
    facts = facts_of(county)
    assert facts["title"] == ["甲县", "精神卫生综合管理工作季度简报", f"（{QUARTER.label}）"]
    numbers = table(facts, 0)
    assert numbers["在册患者（人）"] == ["20", "20", "持平"]
    assert numbers["管理率"] == ["40.00%（8／20）", "0.00%（0／20）", "+40.00个百分点"]
    assert numbers["危险性3级及以上（人）"] == ["<5", "0", "—"]
    assert table(facts, 1)["在册患者规范管理率"][:3] == ["40.00%", "≥95%", "还差 11 人"]
    assert set(table(facts, 2)) == {"东街道", "西镇"}
    assert ("教育部门" in table(facts, 4), table(facts, 5)["补齐辅导室"][:3]) == (
        True, ["县教委", LATE.isoformat(), "未开始（逾期20天）"],
    )  # fmt: skip
    assert facts["sections"][5]["paragraphs"] == [f"{day_words(QUARTER.first)}会议议定2项，已完成0项。"]


@pytest.mark.django_db
def test_alerts_that_lie_unsigned_are_few_and_hidden(county):
    save(county.worker, county.patient(VILLAGE_A1, "危险者"), 4)
    deliver()
    assert table(facts_of(county), 3) == {}  # within the hours
    facts = facts_of(county, after=12)
    assert {name: cells[0] for name, cells in table(facts, 3).items()} == {
        "公安局（派出所）": "<5", "政法委（综治中心）": "<5", "合计": "<5",
    }  # fmt: skip
    assert "危险者" not in str(facts)


@pytest.mark.django_db
def test_without_a_plan_a_meeting_or_anything_late_it_says_so(world):
    facts = facts_of(world)
    words = [section["paragraphs"][0] if section["paragraphs"] else "" for section in facts["sections"]]
    assert words[1:3] == ["本地还没有载入计划，没有目标可以对照。", "没有乡镇（街道）因进度落后列入预警。"]
    assert words[3].startswith("预警都在期限内签收和反馈")
    assert words[4:] == ["没有逾期的任务。", "系统里还没有已登记纪要的联席会议。"]


@pytest.mark.django_db
def test_the_page_has_it_made_with_a_code_on_every_page(county, log_in):
    client = log_in(county.commission)
    page = client.get(reverse("reports:briefing"))
    assert ("还差 11 人" in page.content.decode(), "试验1" in page.content.decode()) == (True, False)
    assert client.post(reverse("reports:briefing"), {"span": QUARTER.name}).status_code == 302
    assert client.post(reverse("reports:briefing"), {"span": "2099Q1"}).status_code == 400
    report = PlanReport.objects.get()
    assert (report.kind, report.as_of) == ("briefing", QUARTER.last)
    county.patient(VILLAGE_A1, "后来者")  # who is entered later does not reach what was asked for
    assert render_report(str(report.uuid)) == "done"
    report.refresh_from_db()
    pages = [one.extract_text().replace("\n", "").replace(" ", "") for one in PdfReader(BytesIO(report.content)).pages]
    assert all(report.check_code in text for text in pages)
    assert "六、上次联席会议议定事项" in "".join(pages)
    assert report.facts["sections"][0]["table"]["rows"][0]["cells"][0] == "20"
    assert client.get(reverse("reports:report_sheet", args=[report.uuid])).status_code == 200
