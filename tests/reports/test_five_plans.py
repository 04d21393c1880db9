"""Every row of the five plans stands in its pack, and in the report that is printed of it."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.scope import scope, system_scope
from reports.queries import packs
from reports.queries.figures import figures_of
from reports.queries.packs import pack
from reports.queries.plan_table import plan_rows
from reports.rules.cut import Cut
from reports.rules.pack_reading import PackRefused, read_pack
from reports.rules.plan_row import Value, plan_row
from reports.rules.rates import printed
from reports.rules.report_words import whole_of
from reports.services.plan_reports import render_report, request_report
from reports.services.plans import load_plan
from reports.terms import Standing, Unit
from tests.conftest import COUNTY
from tests.reports.plan_tables import TABLES, lines_of

FIVE = (*TABLES, "youyang-2023")


@pytest.mark.parametrize("pack_id", TABLES)
def test_a_pack_states_the_targets_of_its_plan(pack_id):
    found = pack(pack_id)
    said = [
        [str(row.number), row.code or "-",
         *(f"{t.year}{t.operator.value}" + ("" if t.operator == "report" else f"{t.value.normalize():f}")
           for t in row.targets)]
        for row in found.table
    ]  # fmt: skip
    assert said == lines_of(pack_id)
    assert all(row.clause and row.departments for row in found.rows)


@pytest.fixture
def plan_of(world, tmp_path, monkeypatch):
    """A plan moved to the test's own county; the prefecture's plan too."""

    def moved(pack_id):
        found = pack(pack_id)
        text = (packs.FOLDER / f"{pack_id}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{pack_id}.toml").write_text(text.replace(f'area = "{found.area}"', f'area = "{COUNTY}"'), "utf-8")
        monkeypatch.setattr(packs, "FOLDER", tmp_path)
        load_plan(pack_id)
        return pack(pack_id)

    return moved


@pytest.mark.django_db
@pytest.mark.parametrize("pack_id", FIVE)
def test_every_row_stands_in_the_printed_report(world, plan_of, pack_id):
    found = plan_of(pack_id)
    day = date(found.last_year, 9, 30)
    with scope(counties=[world.county.pk]):
        report = request_report(pack_id=pack_id, area=world.county, as_of=day, by=world.commission)
    with system_scope():
        assert render_report(str(report.uuid)) == "done"
        report.refresh_from_db()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(bytes(report.content))).pages)
    text = "".join(text.split())
    missing = [row.name for row in found.table if "".join(row.name.split()) not in text]
    assert missing == []


@pytest.mark.django_db
def test_the_group_is_judged_by_whom_the_plan_names(world, plan_of):
    found = plan_of("zoucheng-2019")
    assert "disabled_federation" not in found.group_agencies
    with scope(world.commission):
        figures, towns = figures_of(world.county, Cut(date(2020, 9, 30), date(2026, 11, 24)), found.codes)
        rows = {row.row.key: row for row in plan_rows(found, figures, towns)}
    assert (rows["township_groups"].value_text, rows["township_groups"].missing) == ("0.00%", 2)
    assert (rows["exchanges_police"].value_text, rows["exchanges_police"].missing) == ("0", 4)


def row_of(pack_id, key):
    found = pack(pack_id)
    return found, next(row for row in found.rows if row.key == key)


@pytest.mark.parametrize(
    ("now", "before", "value", "met"),
    [(30, 20, "+50.00%", True), (29, 20, "+45.00%", False), (18, 20, "-10.00%", False)],
)
def test_a_change_is_counted_against_the_base_year(now, before, value, met):
    found, row = row_of("tengzhou-2017", "depression_treated")
    line = plan_row(row, found.base_year, date(2019, 12, 31), Value(now, before))
    assert (line.value_text, line.standing is Standing.MET, line.target_text) == (value, met, "≥+50%")


def test_what_is_only_reported_needs_no_target_value():
    found, row = row_of("fuxin-2016", "lottery_fund")
    line = plan_row(row, found.base_year, date(2019, 12, 31), Value(120))
    assert (line.target_text, line.standing, line.note) == ("—", Standing.REPORT_ONLY, "只报告，不评判")
    assert printed(None, Unit.CHANGE) == "—"


@pytest.mark.parametrize(("name", "word"), [("滕州市", "全市"), ("中原区", "全区"), ("酉阳土家族苗族自治县", "全县")])
def test_the_whole_is_called_as_the_area_is(name, word):
    assert whole_of(name) == word


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (('group_agencies = ["political_legal"', 'group_agencies = ["zongzhi"'), "没有这类单位"),
        (('part = "高校"', 'part = "中小学"'), "用了不止一次"),
        (('unit = "change"', 'unit = "patients_per_post"'), "计划里写 one_to"),
    ],
)
def test_a_slip_in_a_pack_is_named(wrong, words):
    text = (packs.FOLDER / "tengzhou-2017.toml").read_text(encoding="utf-8")
    with pytest.raises(PackRefused) as refusal:
        read_pack(text.replace(*wrong), "tengzhou-2017.toml")
    assert any(words in problem for problem in refusal.value.problems)
