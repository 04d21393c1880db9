"""The report: what it says, what it looks like, who may have it, what it never fetches."""

import json
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.scope import scope, system_scope
from accounts.services.pdf import NotRendered, make_pdf
from accounts.terms import AgencyKind, Role
from reports.models import PlanReport
from reports.rules.report_words import departments
from reports.services.plan_reports import ReportRefused, render_report, request_report, waiting_reports
from reports.services.plan_workbook import workbook_of
from reports.tasks import make_report, sweep_reports
from reports.terms import ReportState
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1, VILLAGE_B1
from tests.reports.conftest import PLAN
from tests.reports.histories import Line
from tests.reports.records import add_visits

SEPTEMBER = date(2025, 9, 30)


def _text(content):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "").replace(" ", "")


@pytest.fixture
def county(world, plan):
    """Five people: two visited on time, one with a gap, two never; and a name that must not appear."""
    for history in ([Line(date(2025, 2, 1)), Line(date(2025, 5, 1)), Line(date(2025, 8, 1))], [Line(date(2025, 9, 1))],
                    [Line(date(2025, 1, 31)), Line(date(2025, 5, 1), adherence=2)]):  # fmt: skip
        add_visits(world.patient(VILLAGE_A1, "冉启明"), history, world.worker)
    world.patient(VILLAGE_A1, "石大山")
    world.patient(VILLAGE_B1, "白小川")
    return world


@pytest.fixture
def ask(county):
    def act(by=None, as_of=SEPTEMBER, **facts):
        with scope(counties=[county.county.pk]):
            return request_report(pack_id=PLAN, area=county.county, as_of=as_of, by=by or county.commission, **facts)

    return act


@pytest.mark.django_db
def test_the_report_says_what_the_figures_say(ask):
    facts = ask().facts
    assert facts["title"] == ["酉阳自治县精神卫生体系建设三年行动计划", "2025年第三季度指标完成情况报告"]
    said = {section["heading"]: section["paragraphs"] for section in facts["sections"]}
    assert said["一、总体情况"][0] == "全县在册患者5人，在管3人。13项指标中，未达标3项，数据缺失10项。"
    assert said["二、未达标原因"][0] == (
        "在册患者规范管理率40.00%（2／5），距95%差3人：3人未计入，其中2人年内没有完整随访记录，1人两次随访隔了4个月或更久。"
    )
    assert said["三、下一步措施"][:2] == [
        "对年内没有完整随访的2人逐一补访，优先安排病情不稳定和危险性评估等级较高的患者。",
        "对在册患者规范管理率较低的东街道、西镇专项督导。",
    ]
    rows = {row["number"]: row for row in facts["annex"]["rows"]}
    assert (rows["11"]["value"], rows["11"]["fraction"], rows["11"]["completion"], rows["11"]["met"]) == (
        "40.00", "2／5", "42.11", "未达标",
    )  # fmt: skip
    assert [rows[number]["met"] for number in ("8", "13")] == ["数据缺失", "未达标"]
    assert [row["cells"][0] for row in facts["towns"]["rows"]] == ["4", "1"]


@pytest.mark.django_db
def test_the_file_is_paged_coded_and_names_nobody(ask):
    report = ask()
    assert render_report(str(report.uuid)) == "done"
    report.refresh_from_db()
    content = bytes(report.content)
    pages, text = PdfReader(BytesIO(content)).pages, _text(content)
    assert (len(pages), report.pages, report.missing_glyphs) == (len(pages), len(pages), "")
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    for number in range(1, len(pages) + 1):
        assert f"—{number}—" in text
    assert text.count(report.check_code) == len(pages)
    assert ("在册患者规范管理率40.00%（2／5）" in text, "附件1" in text, "13项指标完成情况表" in text) == (
        True,
        True,
        True,
    )
    assert [name for name in ("冉启明", "石大山", "白小川") if name in text] == []
    assert "文件" not in text.split("县人民政府办公室")[0]  # no red head without a document number
    made = timezone.localdate()
    assert f"{made.year}年{made.month}月{made.day}日" in text


@pytest.mark.django_db
def test_with_a_document_number_it_carries_the_red_head_and_the_closing_block(ask):
    report = ask(document_number="甲卫健〔2025〕8号")
    render_report(str(report.uuid))
    report.refresh_from_db()
    text = _text(bytes(report.content))
    assert ("酉阳土家族苗族自治县卫生健康委员会文件" in text, "甲卫健〔2025〕8号" in text, "印发" in text) == (
        True,
        True,
        True,
    )


@pytest.mark.django_db
def test_what_is_printed_is_what_was_true_when_it_was_asked_for(ask, county):
    report = ask()
    for patient in [county.patient(VILLAGE_A1) for _ in range(3)]:
        add_visits(patient, [Line(date(2025, 9, 1))], county.worker)
    render_report(str(report.uuid))
    report.refresh_from_db()
    assert "全县在册患者5人" in _text(bytes(report.content))


@pytest.mark.django_db
def test_one_runner_makes_a_report_and_a_lost_wake_up_is_swept(ask):
    first, second = ask(), ask()
    assert set(waiting_reports()) == {str(first.uuid), str(second.uuid)}
    assert [make_report(str(first.uuid)), make_report(str(first.uuid))] == ["done", "not ours"]
    assert (sweep_reports(), waiting_reports()) == (1, [])


@pytest.mark.django_db
def test_a_claim_left_by_a_dead_worker_is_taken_over(ask):
    report = ask()
    PlanReport.objects.filter(pk=report.pk).update(
        state=ReportState.WORKING, claimed_at=timezone.now() - timedelta(minutes=6)
    )
    assert render_report(str(report.uuid)) == "done"


@pytest.mark.django_db
def test_another_countys_plan_a_day_ahead_and_a_stranger_are_refused(ask, world):
    with pytest.raises(ReportRefused, match="不能晚于今天"):
        ask(as_of=timezone.localdate() + timedelta(days=1))
    other = world.places["990002"]
    with pytest.raises(ReportRefused, match="不能用来做乙县的报告"), system_scope():
        request_report(pack_id=PLAN, area=other, as_of=SEPTEMBER, by=None)
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    stranger = factories.make_user(Role.COMMISSION, other, agency, username="other_commission")
    with pytest.raises(ReportRefused, match="不归您办理"):
        ask(by=stranger)


@pytest.mark.django_db
def test_pages_from_asking_to_fetching(county, log_in, events):
    client = log_in(county.commission)
    asked = client.post(reverse("reports:report"), {"pack": PLAN, "as_of": "2025-09-30", "document_number": ""})
    report = PlanReport.objects.get()
    assert asked.headers["Location"] == reverse("reports:report_one", args=[report.uuid])
    waiting = client.get(asked.headers["Location"])
    assert "排队中" in waiting.content.decode()
    assert client.get(reverse("reports:report_file", args=[report.uuid])).status_code == 302
    render_report(str(report.uuid))
    fragment = client.get(asked.headers["Location"], headers={"HX-Request": "true"}).content.decode()
    assert ("下载 PDF" in fragment, "<html" in fragment, "hx-trigger" in fragment) == (True, False, False)
    file = client.get(reverse("reports:report_file", args=[report.uuid]))
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    sheet = client.get(reverse("reports:report_sheet", args=[report.uuid]))
    assert sheet.headers["Content-Disposition"].endswith('20250930.xlsx"')
    assert [event.action for event in events] == [
        "reports.report.requested", "reports.report.done", *["reports.report.downloaded"] * 2,
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_workbook_says_what_the_printed_annexes_say(ask, county):
    """Row by row as frozen with the report; a number is a number, and nothing is a formula."""
    report = ask()
    first, second = load_workbook(BytesIO(workbook_of(report.facts, report.check_code))).worksheets
    annex, towns = report.facts["annex"], report.facts["towns"]
    assert (first.title, first["A1"].value, first["M3"].value) == (annex["title"], annex["title"], "出处")
    names = [first.cell(at, 3).value for at in range(4, 4 + len(annex["rows"]))]
    assert names == [row["name"] for row in annex["rows"]]
    cells = [first.cell(at, 7) for at in range(4, 4 + len(annex["rows"]))]
    shown = [f"{c.value:.2f}" if c.number_format == "0.00" else str(c.value) for c in cells]
    assert shown == [row["value"] for row in annex["rows"]]
    assert {"计算", "填报"} == {first.cell(at, 11).value for at in range(4, 4 + len(annex["rows"]))}
    assert [second.cell(at, 2).value for at in range(4, 5 + len(towns["rows"]))] == [
        *(row["name"] for row in towns["rows"]), "合计",
    ]  # fmt: skip
    cells = [cell for sheet in (first, second) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert "=100" in [cell.value for cell in cells]
    assert any(report.check_code in str(cell.value) for cell in cells)


@pytest.mark.django_db
def test_a_day_ahead_or_none_is_refused_on_the_form(county, log_in):
    client = log_in(county.commission)
    for day, said in (
        ("20990101", "截止日期不能晚于今天。"),
        ("昨天", "不是一个日期。请写成 2026-03-09，今年的也可以只写 03-09。"),
    ):
        page = client.post(reverse("reports:report"), {"pack": PLAN, "as_of": day})
        assert (page.status_code, page.context["form"].errors["as_of"]) == (400, [said])


@pytest.mark.django_db
def test_a_check_code_is_told_true_from_false(ask, log_in, world):
    report = ask()
    client = log_in(world.commission)
    true = client.get(reverse("reports:report"), {"code": report.check_code.lower().replace("-", " ")})
    false = client.get(reverse("reports:report"), {"code": "AAAA-AAAA"})
    assert (true.context["found"], false.context["found"]) == (report, None)


@pytest.mark.django_db
def test_who_may_not_make_reports_gets_no_file(ask, world, log_in):
    report = ask()
    render_report(str(report.uuid))
    for who, status in (("worker", 403), ("department", 403), ("psychiatrist", 403), ("police", 403)):
        client = log_in(getattr(world, who))
        assert client.get(reverse("reports:report_file", args=[report.uuid])).status_code == status
    other = world.places["990002"]
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    client = log_in(factories.make_user(Role.COMMISSION, other, agency, username="other_commission"))
    assert client.get(reverse("reports:report_file", args=[report.uuid])).status_code == 404


@pytest.mark.django_db
def test_the_command_writes_the_file_and_says_its_code(county, tmp_path):
    out, path = StringIO(), tmp_path / "r.pdf"
    call_command("plan_report", plan=PLAN, area=COUNTY, as_of="2025-09-30", out=str(path), stdout=out)
    report = PlanReport.objects.get()
    assert report.check_code in out.getvalue()
    assert report.check_code in _text(path.read_bytes())
    for wrong, said in (
        ({"area": "123456"}, "没有区划代码 123456"),
        ({"as_of": "2025-9"}, "不是日期"),
        ({"plan": "x"}, "没有编号为"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command(
                "plan_report", **({"plan": PLAN, "area": COUNTY, "as_of": "2025-09-30", "out": str(path)} | wrong)
            )


PAYLOADS = [
    '<link rel="attachment" href="file:///etc/hostname">',
    '<img src="file:///etc/hostname">',
    '<img src="http://127.0.0.1:1/x.png">',
    '<style>@import url("http://127.0.0.1:1/x.css");</style>',
    '<object data="file:///etc/hostname"></object>',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_engine_fetches_nothing_whatever_a_text_smuggles_in(payload):
    """Even unescaped, which our templates never leave it."""
    made = make_pdf(
        f"<html lang=zh><title>x</title><p>正文</p>{payload}</html>", "body { font-family: 'Noto Serif SC'; }"
    )
    reader = PdfReader(BytesIO(made.content))
    from pathlib import Path

    assert (list(reader.attachments), made.pages) == ([], 1)
    assert Path("/etc/hostname").read_text().strip() not in _text(made.content)


@pytest.mark.django_db
def test_markup_in_a_facts_text_stays_text(ask):
    report = ask()
    facts = json.loads(json.dumps(report.facts))
    facts["report_to"] = "<link rel=attachment href=file:///etc/hostname>县政府"
    PlanReport.objects.filter(pk=report.pk).update(facts=facts)
    render_report(str(report.uuid))
    report.refresh_from_db()
    assert "<linkrel=attachment" in _text(bytes(report.content))
    assert list(PdfReader(BytesIO(bytes(report.content))).attachments) == []


def test_a_character_no_font_has_is_printed_as_the_printers_mark_and_reported(pdf_in_a_child):
    made = make_pdf("<html lang=zh><title>x</title><p>䶮𬎆村</p></html>", "body { font-family: 'Noto Serif SC'; }")
    assert (made.missing, "䶮〓村" in _text(made.content)) == ("𬎆", True)


def test_a_county_with_its_own_fonts_has_them_first(tmp_path):
    from importlib.resources import files

    from accounts.services.pdf import font_files

    own = tmp_path / "own.otf"
    own.write_bytes((files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf").read_bytes())
    (tmp_path / "readme.txt").write_text("not a font")
    assert font_files(str(tmp_path))[0] == str(own)
    with override_settings(REPORT_FONT_DIR=str(tmp_path)):
        assert make_pdf("<html lang=zh><title>x</title><p>字</p></html>", "").pages == 1


def test_a_document_that_cannot_be_made_is_a_refusal_in_words(pdf_in_a_child, monkeypatch):
    monkeypatch.setattr("accounts.services.pdf.TIMEOUT_SECONDS", 0.01)
    with pytest.raises(NotRendered, match="秒内没有做完"):
        make_pdf("<p>x</p>", "")


def test_more_than_two_departments_are_counted():
    assert [departments(names) for names in (("甲",), ("甲", "乙"), ("甲", "乙", "丙"))] == [
        ["甲"], ["甲", "乙"], ["甲等3家"],
    ]  # fmt: skip


def test_only_the_child_process_loads_the_engine():
    """The web process stays small, and a bad document cannot take it down."""
    from tests.architecture.source import imports, modules

    everywhere = list(modules("accounts", "exchange", "reports", "config"))
    found = {i.module.where for m in everywhere for i in imports(m) if i.target.startswith("weasyprint")}
    assert found == {"accounts/services/pdf_child.py"}
    assert [str(i) for m in everywhere for i in imports(m) if "pdf_child" in i.target] == []
