"""The import commands from the outside: files in, last line and report out; and both ways of writing compared."""

from datetime import date, datetime, time

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from accounts.refusals import Denied
from accounts.scope import scope
from registry import services
from registry.models import Guardian, Patient, PatientStatus
from registry.rules.patient_row import read_patient_row
from registry.rules.table import TableRefused, make_table
from registry.services import importing
from tests.conftest import TOWN_A, VILLAGE_A1, VILLAGE_B1, VILLAGE_C1
from tests.registry.sheets import WHOLE, row, run, write_csv, write_xlsx

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def test_a_file_goes_in_once(world, tmp_path, capsys):
    assert world.worker
    path = write_csv(tmp_path / "p.csv", [row(**WHOLE), row(姓名="乙"), row(姓名="丙", 现住地区划代码=TOWN_A)])
    assert run(capsys, path) == ("created 3, updated 0, unchanged 0, refused 0", 0)
    assert run(capsys, path) == ("created 0, updated 0, unchanged 3, refused 0", 0)
    with scope(world.worker):
        patient = Patient.objects.get(name="冉启华")
        assert (patient.ethnicity, patient.household_kind, patient.education, patient.marital) == (
            "土家族", "2", "70", "20",
        )  # fmt: skip
        assert (patient.phone, patient.disability_number) == ("19900001952", "99999919800506121344")
        assert patient.household_division.code == TOWN_A
        assert patient.guardians.get().phone == "19900001953"
        assert patient.consents.get().starts_on == date(2024, 5, 7)
        assert [p.number for p in Patient.objects.order_by("number")] == [1, 2, 3]


def test_a_dry_run_writes_nothing(world, tmp_path, capsys):
    assert world.worker
    path = write_csv(tmp_path / "p.csv", [row(), row()])
    assert run(capsys, path, dry_run=True) == ("created 2, updated 0, unchanged 0, refused 0", 0)
    with scope(world.worker):
        assert Patient.objects.count() == 0


def test_an_empty_cell_never_erases_and_a_differing_value_updates(world, tmp_path, capsys):
    assert world.worker
    first = row(**WHOLE)
    run(capsys, write_csv(tmp_path / "a.csv", [first]))
    bare = {name: first[name] for name in row()}
    assert run(capsys, write_csv(tmp_path / "b.csv", [bare]))[0] == "created 0, updated 0, unchanged 1, refused 0"
    changed = {**bare, "姓名": "冉启明", "联系电话": "19900009999", "监护人姓名": "石秀英", "死亡日期": "2025-03-01",
               "死亡原因": "自杀"}  # fmt: skip
    path = write_csv(tmp_path / "c.csv", [changed])
    assert run(capsys, path, accept=True)[0] == "created 0, updated 1, unchanged 0, refused 0"
    assert run(capsys, path, accept=True)[0] == "created 0, updated 0, unchanged 1, refused 0"
    with scope(world.worker):
        patient = Patient.objects.get()
        assert (patient.name, patient.phone, patient.residence_address) == ("冉启明", "19900009999", "东一社区3组")
        assert (patient.status, patient.closed_on) == ("dead", date(2025, 3, 1))
        assert PatientStatus.objects.get(value="dead").death_cause == "2"
        assert Guardian.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_every_encoding_that_offices_save(world, tmp_path, capsys, encoding):
    assert world.worker
    path = write_csv(tmp_path / "p.csv", [row(姓名="冉䶮华")], encoding)
    assert run(capsys, path)[0].startswith("created 1")
    with scope(world.worker):
        assert Patient.objects.get().name == "冉䶮华"


def test_xlsx_with_real_dates_and_starred_headers_in_any_order(world, tmp_path, capsys):
    assert world.worker
    values = row(
        确诊日期=datetime.combine(date(2024, 3, 1), time()),
        建档日期=date(2024, 5, 6),
        既往危险性=2,
        现住地区划代码=int(VILLAGE_A1),
    )
    starred = {f"{k}*": v for k, v in reversed(values.items())}
    assert run(capsys, write_xlsx(tmp_path / "p.xlsx", [starred])) == (
        "created 1, updated 0, unchanged 0, refused 0",
        0,
    )
    with scope(world.worker):
        patient = Patient.objects.get()
        assert (patient.diagnosed_on, patient.past_danger) == (date(2024, 3, 1), 2)


BAD = (
    ({"身份证号": 999999198005061210.0}, "身份证号", "数字"),
    ({"身份证号": None}, "身份证号", "无证件原因"),
    ({"身份证号": "999999198005061219"}, "身份证号", "校验码"),
    ({"姓名": None}, "姓名", "不能为空"),
    ({"姓名": "冉\x07华"}, "姓名", "控制字符"),
    ({"姓名": "冉" * 51}, "姓名", "太长"),
    ({"现住地区划代码": "9900010010"}, "现住地区划代码", "9、12 位"),
    ({"现住地区划代码": VILLAGE_C1}, "现住地区划代码", "管辖范围"),
    ({"现住地区划代码": VILLAGE_B1}, "现住地区划代码", "管辖范围"),
    ({"诊断": "10"}, "诊断", "精神分裂症"),
    ({"确诊日期": "2024-02-30"}, "确诊日期", "不是一个日期"),
    ({"确诊日期": 45352.0}, "确诊日期", "不是一个日期"),
    ({"确诊日期": "3-1"}, "确诊日期", "不是一个日期"),
    ({"建档日期": "2999-01-01"}, "建档日期", "晚于今天"),
    ({"建档日期": "1979-01-01"}, "建档日期", "出生日期"),
    ({"初次发病日期": "2024-03-02"}, "确诊日期", "初次发病"),
    ({"死亡日期": "2024-05-05"}, "死亡日期", "建档日期"),
    ({"死亡原因": "7", "死亡日期": "2025-01-01"}, "死亡原因", "躯体疾病"),
    ({"既往危险性": "6"}, "既往危险性", "0 至 5"),
    ({"联系电话": "12345"}, "联系电话", "7 至 16 位"),
    ({"民族": "火星族"}, "民族", "民族名称"),
    ({"知情同意": "也许"}, "知情同意", "1 或 0"),
    ({"监护人电话": "19900000001"}, "监护人姓名", "姓名也要填"),
    ({"残疾证号": 9.999991980050612e19}, "残疾证号", "数字"),
)


@pytest.mark.parametrize(("change", "column", "says"), BAD, ids=lambda v: str(v)[:40])
def test_a_wrong_cell_is_refused_by_column_and_value_and_the_rest_goes_on(
    world, tmp_path, capsys, change, column, says
):
    assert world.worker
    report = tmp_path / "out.xlsx"
    bad, good = row(**change), row(姓名="好的")
    table = make_table([[*bad], list(bad.values()), [good.get(name) for name in bad]])
    result = services.import_patients(table=table, by=world.worker)
    assert result.counts.line() == "created 1, updated 0, unchanged 0, refused 1"
    importing.write_report(report, result.refusals)
    lines = list(load_workbook(report).active.values)[1:]
    assert [(line[0], line[1]) for line in lines] == [(2, column)]
    assert says in lines[0][3]
    assert lines[0][4] == "未导入"


def test_every_bad_cell_of_a_row_is_named_at_once(world):
    _facts, problems = read_patient_row(make_table([[*row()], ["", "1", "x", "y", "z", "w"]]).rows[0], today=TODAY)
    assert [p.column for p in problems] == ["身份证号", "姓名", "现住地区划代码", "确诊日期", "诊断", "建档日期"]


def test_exit_1_and_a_report_when_a_row_is_refused(world, tmp_path, capsys):
    assert world.worker
    path = write_csv(tmp_path / "p.csv", [row(), row(姓名=""), row(姓名="=1+1")])
    report = tmp_path / "out.xlsx"
    assert run(capsys, path, report=report) == ("created 2, updated 0, unchanged 0, refused 1", 1)
    assert [line[0] for line in list(load_workbook(report).active.values)[1:]] == [3]
    with scope(world.worker):
        assert Patient.objects.filter(name="=1+1").exists()  # text stays text


def test_a_formula_in_a_refused_value_stays_text_in_the_report(world, tmp_path, capsys):
    assert world.worker
    report = tmp_path / "out.xlsx"
    run(capsys, write_csv(tmp_path / "p.csv", [row(联系电话='=HYPERLINK("http://x")')]), report=report)
    cell = load_workbook(report).active["C2"]
    assert (cell.data_type, cell.value) == ("s", '\'=HYPERLINK("http://x")')


@pytest.mark.parametrize(
    ("headers", "says"),
    (
        pytest.param([*row(), "工作单位"], "工作单位", id="unknown"),
        pytest.param([n for n in row() if n != "诊断"], "诊断", id="missing"),
        pytest.param([*row(), "姓名"], "不止一次", id="twice"),
    ),
)
def test_a_wrong_header_refuses_the_whole_file(world, headers, says):
    table_rows = [headers, ["值"] * len(headers)]
    with pytest.raises(TableRefused, match=says):
        services.import_patients(table=make_table(table_rows), by=world.worker)
    with scope(world.worker):
        assert Patient.objects.count() == 0


def test_two_rows_of_one_person_the_second_is_refused(world):
    one = row()
    again = {**one, "身份证号": one["身份证号"].lower() + " "}
    table = make_table([[*one], list(one.values()), list(again.values())])
    result = services.import_patients(table=table, by=world.worker)
    assert result.counts.line() == "created 1, updated 0, unchanged 0, refused 1"
    assert "第 2 行" in result.refusals[0].reason


def test_a_number_on_file_elsewhere_is_refused_neutrally(world):
    other = world.patient(VILLAGE_C1)
    table = make_table([[*row()], list(row(身份证号=other.id_number).values()), list(row().values())])
    result = services.import_patients(table=table, by=world.worker)
    assert result.counts.line() == "created 1, updated 0, unchanged 0, refused 1"
    assert result.refusals[0].reason == "该身份证号已在册，或需县级核对。"


def test_people_without_papers_are_known_again(world, tmp_path, capsys):
    assert world.worker
    path = write_csv(
        tmp_path / "p.csv", [row(身份证号="", 无证件原因="未办理"), row(身份证号="", 姓名="乙", 无证件原因="x")]
    )
    assert run(capsys, path)[0] == "created 2, updated 0, unchanged 0, refused 0"
    assert run(capsys, path)[0] == "created 0, updated 0, unchanged 2, refused 0"
    with scope(world.worker):
        assert {p.temporary_number for p in Patient.objects.all()} == {"L990001000001", "L990001000002"}


def test_an_unknown_household_code_is_a_remark(world, tmp_path, capsys):
    assert world.worker
    path = write_csv(tmp_path / "p.csv", [row(户籍地区划代码="110101")])
    assert run(capsys, path) == ("created 1, updated 0, unchanged 0, refused 0", 0)
    assert run(capsys, path) == ("created 0, updated 0, unchanged 1, refused 0", 0)


def test_who_may_not_import(world, tmp_path):
    path = write_csv(tmp_path / "p.csv", [row()])
    with pytest.raises(Denied):
        services.import_patients(table=importing.read_table(path), by=world.psychiatrist)
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_patients", str(path), by="nobody")
