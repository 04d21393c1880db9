"""年度统计表（表14）: what it adds up, what it says of what is not kept, the page, the file and the workbook."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from followup.services.summaries import refresh
from registry.models import Patient
from registry.services.moves import move_patient
from reports.models import PlanReport
from reports.queries.annual import annual_facts, annual_tables
from reports.rules.paper_table import cross_foot
from reports.rules.report_words import day_words
from reports.rules.spans import year_span
from reports.services.plan_reports import ReportRefused, render_report
from reports.services.span_reports import request_span_report
from reports.services.table_workbook import table_workbook
from reports.terms import ReportKind
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.reports.histories import Line
from tests.reports.records import add_visits, became

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
Y = TODAY.year - 1
YEAR = year_span(Y)


@pytest.fixture
def year(world):
    """Four people before the year; in it one comes, one dies, one is ruled out, one moves from A to B."""
    stays = world.patient(VILLAGE_A1, "冉启明")
    add_visits(stays, [Line(date(Y, 2, 1)), Line(date(Y, 5, 1), level=3)], world.worker)
    became(world.patient(VILLAGE_A1, "石大山"), date(Y, 6, 1), "dead")
    became(world.patient(VILLAGE_B1, "白小川"), date(Y, 7, 1), "excluded")
    moved = world.patient(VILLAGE_A1, "龙远志", diagnosis="99")
    with scope(world.county_office):
        move_patient(patient=moved, on=date(Y, 8, 1), to_township=world.town_b, by=world.county_office, reason="迁居")
    world.patient(VILLAGE_B1, "新来者", opened_on=date(Y, 3, 1))
    world.patient(VILLAGE_B1, "明年的", opened_on=date(Y + 1, 1, 1))
    with scope(counties=[world.county.pk]):  # what was written past the services
        refresh(list(Patient.objects.values_list("pk", flat=True)))
    return world


def tables_of(world, span=YEAR):
    with scope(counties=[world.county.pk]):
        return annual_tables(world.county, span, TODAY)


def rows(table):
    keys = [column.key for column in table.columns]
    return {line.name: [line.cells.get(key) for key in keys] for line in table.every_line}


def test_the_year_balances_place_by_place_and_by_diagnosis(year):
    moves, kinds, levels, care, _rates = found = tables_of(year)
    assert [said for table in found for said in cross_foot(table)] == []
    # 上年末, 新建档, 外地迁入, 本地转入, 死亡, 排除, 迁出外地, 本地转出, 年末
    assert rows(moves) == {
        "东街道": [3, 0, 0, 0, 1, 0, 0, 1, 1],
        "西镇": [1, 1, 0, 1, 0, 1, 0, 0, 2],
        "合计": [4, 1, 0, 1, 1, 1, 0, 1, 3],
    }
    assert {name: cells[:2] for name, cells in rows(kinds).items() if cells[0]} == {
        "精神分裂症": [2, 1], "其他": [1, 0], "合计": [3, 1],
    }  # fmt: skip
    assert rows(levels)["东街道"] == [0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert rows(levels)["合计"] == [0, 0, 0, 1, 0, 0, 0, 2, 3]
    assert rows(care)["合计"][:3] == [3, 1, 1]


def test_a_running_year_is_cut_off_today_and_says_so(year):
    with scope(counties=[year.county.pk]):
        facts = annual_facts(year.county, year_span(Y + 1), TODAY)
    assert (facts["as_of"], facts["running"]) == (day_words(TODAY), date(Y + 1, 12, 31) > TODAY)
    assert facts["tables"][0]["total"]["cells"] == ["3", "1", "0", "0", "0", "0", "0", "0", "4"]


def test_what_is_not_kept_here_is_written_so_and_never_as_nought(year):
    with scope(counties=[year.county.pk]):
        facts = annual_facts(year.county, YEAR, TODAY)
    said = {row["name"]: row["cells"][0] for row in facts["tables"][4]["rows"]}
    assert (said["开放床位数"], said["开展社区康复的镇街比例"], said["管理率"]) == ("本系统不采集", "暂无数据", "1")
    assert any("版式以上级下发的为准" in note for note in facts["notes"])


def test_the_page_shows_the_tables_leads_to_lists_and_has_them_made(year, log_in):
    client = log_in(year.commission)
    page = client.get(reverse("reports:annual"), {"span": str(Y)})
    text = page.content.decode()
    assert ("年度统计表（表14）" in text, "全部相符" in text, "冉启明" in text) == (True, True, False)
    people = reverse("reports:people", args=["registered"])
    for where in (f"{people}?area={year.town_b.code}&amp;as_of={Y}-12-31", f"{people}?as_of={Y}-12-31&amp;side="):
        assert where in text
    found = client.get(people, {"area": year.town_b.code, "as_of": f"{Y}-12-31", "side": "counted"})
    assert found.context["page"].paginator.count == 2  # as long as the figure
    asked = client.post(reverse("reports:annual"), {"span": str(Y)})
    report = PlanReport.objects.get()
    assert asked.headers["Location"] == reverse("reports:report_one", args=[report.uuid])
    assert (report.kind, report.span, report.pack, report.as_of) == ("annual", str(Y), "", date(Y, 12, 31))


@pytest.mark.parametrize("span", ["", "2099", "2025Q1", "x"])
def test_a_year_that_is_not_offered_is_refused_beside_the_field(year, log_in, span):
    client = log_in(year.commission)
    answer = client.post(reverse("reports:annual"), {"span": span})
    assert (answer.status_code, PlanReport.objects.count()) == (400, 0)
    assert answer.context["form"].errors["span"]


def _made(world, span=YEAR):
    with scope(counties=[world.county.pk]):
        report = request_span_report(kind=ReportKind.ANNUAL, area=world.county, span=span, by=world.commission)
    assert render_report(str(report.uuid)) == "done"
    report.refresh_from_db()
    return report


def test_the_file_carries_its_code_on_every_page_and_nobodys_name(year):
    report = _made(year)
    pages = [
        page.extract_text().replace("\n", "").replace(" ", "") for page in PdfReader(BytesIO(report.content)).pages
    ]
    assert all(report.check_code in page for page in pages)
    text = "".join(pages)
    for words in (f"严重精神障碍管理治疗工作年度统计表（{Y}年度）", "表14-3", "全部相符", "本系统不采集", "填表人"):
        assert words in text
    assert [name for name in ("冉启明", "石大山", "白小川", "龙远志") if name in text] == []


def test_it_says_later_what_was_true_when_it_was_asked_for(year):
    report = _made(year)
    became(year.patient(VILLAGE_A1, "后来的"), date(Y, 1, 1), "dead")
    report.refresh_from_db()
    assert report.facts["tables"][0]["total"]["cells"][-1] == "3"


def test_the_workbook_has_a_sheet_a_table_with_numbers_as_numbers(year):
    report = _made(year)
    book = load_workbook(BytesIO(table_workbook(report.facts, report.check_code)))
    assert [sheet.title.split()[0] for sheet in book.worksheets] == [f"表14-{n}" for n in range(1, 6)]
    first = book.worksheets[0]
    assert [cell.value for cell in first[3]][:2] == ["地区", "上年末在册"]
    assert [cell.value for cell in first[6]] == ["合计", 4, 1, 0, 1, 1, 1, 0, 1, 3]
    assert {cell.data_type for row in first.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert any(report.check_code in str(cell.value) for row in book.worksheets[4].iter_rows() for cell in row)


def test_another_county_a_township_and_a_year_ahead_are_refused(year):
    other = factories.make_user(
        Role.COMMISSION,
        year.places["990002"],
        factories.make_agency(AgencyKind.HEALTH_COMMISSION, year.places["990002"]),
    )
    for by, area, span, said in (
        (other, year.county, YEAR, "不归您办理"),
        (year.commission, year.town_a, YEAR, "请先选一个县"),
        (year.commission, year.county, year_span(Y + 2), "还没有开始"),
    ):
        with pytest.raises(ReportRefused, match=said), scope(counties=[year.county.pk]):
            request_span_report(kind=ReportKind.ANNUAL, area=area, span=span, by=by)


def test_a_prefecture_has_its_counties_as_rows(year, log_in):
    city = year.county.parent
    who = factories.make_user(Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city))
    page = log_in(who).get(reverse("reports:annual"), {"span": str(Y)})
    lines = {line["name"]: [cell["text"] for cell in line["cells"]] for line in page.context["tables"][0]["lines"]}
    assert lines["甲县"] == ["4", "1", "0", "1", "1", "1", "0", "1", "3"]
    assert page.context["findings"] == []
