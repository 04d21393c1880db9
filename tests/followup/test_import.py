"""The visits file: columns, refusals by cell, corrections, and the two ways of writing that must not differ."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Assignment, User
from accounts.refusals import Denied
from accounts.scope import scope
from accounts.terms import Role
from followup.models import PatientYear, Visit
from followup.rules.visit_row import COLUMNS, DRUG_SHAPE, read_visit_row
from followup.services.visit_import import import_visits
from followup.signals import risk_assessed
from registry.models import Patient
from registry.rules.table import TableRefused, make_table
from tests.factories import id_number
from tests.followup.conftest import Ago, days_ago, of_today

pytestmark = pytest.mark.django_db
BASE = {
    "随访形式": "2", "随访对象": "1;2", "危险性": "0", "自知力": "1", "睡眠": "1", "饮食": "2", "个人生活料理": "1",
    "家务劳动": "2", "生产劳动及工作": "9", "学习能力": "1", "社会人际交往": "1", "关锁情况": "1", "住院情况": "0",
    "实验室检查": "1", "用药依从性": "1", "药物不良反应": "1", "治疗效果": "2", "是否转诊": "1", "随访医生": "冉医生",
    "用药1": "利培酮片|1|0|2|", "用药2": "棕榈酸帕利哌酮|150|||4", "康复措施": "1;4",
}  # fmt: skip


def row(number: str, day: date | str, **changes: Any) -> dict[str, Any]:
    return {"身份证号": number, "随访日期": day if isinstance(day, str) else day.isoformat(), **BASE, **changes}


def table(*rows: dict[str, Any]):
    headers = list(dict.fromkeys(name for line in rows for name in line))
    return make_table([headers, *[[line.get(name) for name in headers] for line in rows]])


def counts(result) -> tuple[int, int, int, int]:
    c = result.counts
    return (c.created, c.updated, c.unchanged, c.refused)


def test_a_file_goes_in_and_the_same_file_again_changes_nothing(world, person):
    patient, number = person()
    lines = [row(number, days_ago(400)), row(number, days_ago(200), 危险性="1"), row(number, days_ago(2), 危险性="2")]
    assert counts(import_visits(table=table(*lines), by=world.worker)) == (3, 0, 0, 0)
    assert counts(import_visits(table=table(*lines), by=world.worker)) == (0, 0, 3, 0)
    with scope(world.worker):
        newest = Visit.objects.complete().filter(patient=patient).newest_first().first()
        assert (newest.level, newest.source, newest.stability) == (2, "import", 2)
        assert newest.drugs == [
            {"name": "利培酮片", "morning": "1", "noon": "0", "evening": "2"},
            {"name": "棕榈酸帕利哌酮", "every_weeks": "4", "each": "150"},
        ]
        assert Patient.objects.get(pk=patient.pk).last_visit_on == days_ago(2)


def test_other_content_is_a_correction(world, person):
    patient, number = person()
    import_visits(table=table(row(number, days_ago(100)), row(number, days_ago(3))), by=world.worker)
    changed = [row(number, days_ago(100), 危险性="2"), row(number, days_ago(3), 睡眠="3")]
    assert counts(import_visits(table=table(*changed), by=world.worker)) == (0, 2, 0, 0)
    with scope(world.worker):
        versions = Visit.objects.filter(patient=patient).order_by("root", "version").values_list("version", flat=True)
        assert list(versions) == [1, 2, 1, 2]
        old = Visit.objects.current().get(patient=patient, visited_on=days_ago(100))
    assert (old.level, old.version, old.stability) == (2, 2, 2)


def test_a_column_that_the_file_lacks_is_left_as_it_is(world, person):
    patient, number = person()
    import_visits(table=table(row(number, days_ago(100), 睡眠="3")), by=world.worker)
    short = {k: v for k, v in row(number, days_ago(100), 危险性="1").items() if k != "睡眠"}
    assert counts(import_visits(table=table(short), by=world.worker)) == (0, 1, 0, 0)
    with scope(world.worker):
        assert Visit.objects.current().get(patient=patient).sleep == 3


def test_the_second_of_two_rows_with_one_key_is_refused(world, person):
    _, number = person()
    result = import_visits(
        table=table(row(number, days_ago(50)), row(number, days_ago(50), 危险性="1")), by=world.worker
    )
    assert counts(result) == (1, 0, 0, 1)
    assert [(r.row, r.column) for r in result.refusals] == [(3, "随访日期")]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        pytest.param({"危险性": "6"}, "危险性", "应为 0 至 5 级。", id="level-6"),
        pytest.param({"危险性": None}, "危险性",
                     "请选择危险性级别。只有目前正在住院、失访或已去世时可以不填。", id="no-level"),
        pytest.param({"随访形式": "5"}, "随访形式", "应为下列之一：1 门诊，2 家庭访视，3 电话。", id="form"),
        pytest.param({"随访对象": None}, "随访对象", "不能为空。", id="nobody"),
        pytest.param({"自知力": "完整"}, "自知力", "应为下列之一：1 完全，2 不全，3 缺失。", id="word"),
        pytest.param({"肇事": "一次"}, "肇事", "应为 0 至 999 的整数。", id="count"),
        pytest.param({"随访医生": "冉\x00医生"}, "随访医生", "含有看不见的控制字符，请删去后重新输入。", id="nul"),
        pytest.param({"用药1": "利培酮|一片"}, "用药1", DRUG_SHAPE, id="drug"),
        pytest.param({"末次出院日期": "2999-01-01"}, "末次出院日期", "不能晚于今天。请核对日期。", id="discharge"),
        pytest.param({"症状明显": "x"}, "症状明显", "应为 1 或 0。", id="tick"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_the_rest_goes_on(world, person, changes, column, reason):
    _, number = person()
    result = import_visits(
        table=table(row(number, days_ago(90), **changes), row(number, days_ago(60))), by=world.worker
    )
    assert counts(result) == (1, 0, 0, 1)
    assert [(r.row, r.column, r.reason) for r in result.refusals] == [(2, column, reason)]


@pytest.mark.parametrize(
    ("day", "column"),
    [
        pytest.param(Ago(-1), "随访日期", id="tomorrow"),
        pytest.param("1980-05-05", "随访日期", id="before-birth"),
        pytest.param("12-07", "随访日期", id="without-a-year"),
        pytest.param(20261207.0, "随访日期", id="a-bare-number"),
    ],
)
def test_a_bad_day_is_refused(world, person, day, column):
    _, number = person()
    result = import_visits(
        table=table(row(number, "2020-01-01") | of_today({"随访日期": day}, iso=True)), by=world.worker
    )
    assert counts(result) == (0, 0, 0, 1)
    assert [r.column for r in result.refusals] == [column]


@pytest.mark.parametrize(("before_end", "created"), [(1, 1), (0, 0), (-1, 0)])
def test_on_and_after_the_end_of_the_file_is_refused(world, person, before_end, created):
    _, number = person(closed_on=days_ago(50), status="dead")
    result = import_visits(table=table(row(number, days_ago(50 + before_end))), by=world.worker)
    assert counts(result) == (created, 0, 0, 1 - created)


def test_ids_typed_as_numbers_unknown_or_of_another_town_are_refused_alike(world, person):
    _, elsewhere = person("990001101201")
    lines = [
        row("x", days_ago(9)) | {"身份证号": 9.99999198005061e17},
        row(id_number(), days_ago(9)),
        row(elsewhere, days_ago(9)),
    ]
    result = import_visits(table=table(*lines), by=world.worker)
    assert counts(result) == (0, 0, 0, 3)
    assert len({r.reason for r in result.refusals if r.row > 2}) == 1


def test_full_width_digits_and_lower_case_x_are_the_same_person(world):
    number = next(n for n in iter(id_number, "") if n.endswith("X"))
    world.patient(id_number=number)
    wide = number[:6].translate({ord(str(n)): 0xFF10 + n for n in range(10)}) + " " + number[6:-1] + "x"
    assert counts(import_visits(table=table(row(wide, days_ago(9))), by=world.worker)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        ["身份证号", "随访日期", "随访形式", "随访对象", "危险性", "血型"],
        ["身份证号", "随访日期", "随访形式", "随访对象"],
    ],
)
def test_an_unknown_or_missing_column_refuses_the_file(world, headers):
    with pytest.raises(TableRefused):
        import_visits(table=make_table([headers, ["1"] * len(headers)]), by=world.worker)


@pytest.mark.parametrize(
    ("days", "changes", "created", "marked"),
    [
        pytest.param(8, {"危险性": "1", "随访分类": "3"}, 1, True, id="past-milder-is-kept-and-marked"),
        pytest.param(7, {"危险性": "1", "随访分类": "3"}, 0, False, id="recent-milder-needs-a-reason"),
        pytest.param(7, {"危险性": "1", "随访分类": "3", "偏离原因": "多年稳定"}, 1, False, id="recent-with-reason"),
        pytest.param(8, {"危险性": "1", "下次随访日期": Ago(8 - 15)}, 1, True, id="past-later"),
        pytest.param(8, {"危险性": "1", "下次随访日期": Ago(8 - 14)}, 1, False, id="past-last-day"),
        pytest.param(7, {"危险性": "1", "下次随访日期": Ago(7 - 15)}, 0, False, id="recent-later"),
        pytest.param(7, {"危险性": "3", "随访分类": "2", "偏离原因": "是"}, 0, False, id="recent-level-3-not-unstable"),
    ],
)
def test_class_and_date_of_the_past_are_kept_as_recorded(world, person, days, changes, created, marked):
    patient, number = person()
    result = import_visits(table=table(row(number, days_ago(days), **of_today(changes, iso=True))), by=world.worker)
    assert counts(result) == (created, 0, 0, 1 - created)
    with scope(world.worker):
        assert [v.rule_mismatch for v in Visit.objects.filter(patient=patient)] == [marked] * created
    assert any(r.remark and r.column == "随访分类" for r in result.refusals) == marked


def test_self_harm_below_level_4_is_a_remark(world, person):
    _, number = person()
    result = import_visits(table=table(row(number, days_ago(90), 危险性="3", 自伤="1")), by=world.worker)
    assert counts(result) == (1, 0, 0, 0)
    assert [(r.remark, r.column) for r in result.refusals] == [(True, "危险性")]


def test_a_loss_without_level_is_no_complete_record(world, person):
    patient, number = person()
    import_visits(table=table(row(number, days_ago(90), 危险性=None, 住院情况=None, 失访原因="4")), by=world.worker)
    with scope(world.worker):
        visit = Visit.objects.get(patient=patient)
        assert (visit.complete, visit.stability, visit.next_due_on) == (False, None, None)
        assert Patient.objects.get(pk=patient.pk).last_visit_on is None


def test_only_the_last_seven_days_are_told(world, person):
    heard = []

    def listen(sender, **facts):
        heard.append(facts["visit"].visited_on)

    _, number = person()
    risk_assessed.connect(listen)
    try:
        lines = [row(number, days_ago(n), 危险性="4") for n in (100, 8, 7, 0)]
        import_visits(table=table(*lines), by=world.worker)
    finally:
        risk_assessed.disconnect(listen)
    assert heard == [days_ago(7), days_ago(0)]


@pytest.mark.parametrize("who", ["village_doctor", "leader", "psychiatrist", "commission", "police"])
def test_who_may_not_import_is_denied(world, who):
    with pytest.raises(Denied):
        import_visits(table=table(row("1", "2020-01-01")), by=getattr(world, who))


def test_a_dry_run_writes_nothing(world, person):
    _, number = person()
    result = import_visits(
        table=table(row(number, days_ago(90)), row(number, days_ago(1))), by=world.worker, dry_run=True
    )
    assert counts(result) == (2, 0, 0, 0)
    with scope(world.worker):
        assert Visit.objects.count() == 0


def test_the_command_prints_counts_and_writes_the_report(world, person, tmp_path, capsys):
    _, number = person()
    sheet = tmp_path / "随访.csv"
    good_line, bad = row(number, days_ago(90)), row(number, days_ago(60), 危险性="9", 随访医生="=1+1")
    headers = list(good_line)
    text = "\n".join(
        ",".join(str(line[h] or "") for h in headers)
        for line in (dict(zip(headers, headers, strict=True)), good_line, bad)
    )
    sheet.write_bytes(text.encode("gb18030"))
    report = tmp_path / "report.xlsx"
    with pytest.raises(SystemExit) as ended:
        call_command("import_visits", str(sheet), "--by", world.worker.username, "--report", str(report))
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "created 1, updated 0, unchanged 0, refused 1"
    assert report.exists()


CONTRACT = """
身份证号 随访日期 随访形式 随访对象 危险性 目前症状 自知力 睡眠 饮食 个人生活料理 家务劳动 生产劳动及工作 学习能力
社会人际交往 轻度滋事 肇事 肇祸 其他危害行为 自伤 自杀未遂 关锁情况 住院情况 末次出院日期 实验室检查 用药依从性
药物不良反应 治疗效果 是否转诊 转诊原因 转诊机构 随访分类 下次随访日期 失访原因 随访医生 症状明显 不良反应严重
躯体疾病严重 偏离原因 用药1 用药2 用药3 用药4 用药指导 康复措施 个案管理
"""


def test_the_contract_names_every_column():
    assert set(COLUMNS) == set(CONTRACT.split())


def test_labels_are_accepted_for_codes(world, person):
    patient, number = person()
    spelled = row(number, days_ago(90), 随访形式="家庭访视", 随访对象="患者本人；其他知情人", 自知力="不全",
                  危险性="1级", 目前症状="幻觉;猜疑", 用药依从性="间断用药", 随访分类="基本稳定")  # fmt: skip
    assert counts(import_visits(table=table(spelled), by=world.worker)) == (1, 0, 0, 0)
    with scope(world.worker):
        visit = Visit.objects.get(patient=patient)
    assert (visit.form, visit.seen, visit.insight, visit.level, visit.symptoms, visit.adherence, visit.stability) == (
        "2", ["1", "3"], 2, 1, [1, 3], 2, 2,
    )  # fmt: skip


def test_a_thousand_old_rows_take_a_handful_of_statements(world, person, django_assert_max_num_queries):
    people = [person() for _ in range(10)]
    lines = [row(number, timezone.localdate() - timedelta(days=20 + 30 * n)) for _, number in people for n in range(20)]
    with django_assert_max_num_queries(60):
        assert counts(import_visits(table=table(*lines), by=world.worker)) == (200, 0, 0, 0)
    with scope(world.worker):
        assert PatientYear.objects.filter(complete_n__3__gt=0).exists()


def test_seeing_people_masked_is_no_right_to_write_their_past(world, person):
    """Worker of one township and member of the commission: the other township's people are not in the file's reach."""
    (_, own), (_, other) = person(), person("990001101201")
    both = world.worker
    Assignment.objects.create(
        user=both, role=Role.COMMISSION, agency=both.agency, division=world.county, starts_on=timezone.localdate()
    )
    both = User.objects.select_related("agency").get(pk=both.pk)
    result = import_visits(table=table(row(own, days_ago(200)), row(other, days_ago(200))), by=both)
    assert counts(result) == (1, 0, 0, 1)


@pytest.mark.parametrize("dose", ["1e-999999", "1e-4", "NaN", "100000.5", "-1"])
def test_a_dose_is_a_plain_number(person, dose):
    _, number = person()
    read, wrong = read_visit_row(table(row(number, days_ago(9), 用药1=f"利培酮|{dose}")).rows[0], today=days_ago(0))
    assert (read, [one.reason for one in wrong]) == (None, [DRUG_SHAPE])
