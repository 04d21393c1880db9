"""Plan packs: the one we have, and what is said of a faulty one."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Division
from reports.models import AdoptedPlan
from reports.queries import packs
from reports.queries.packs import adopted_packs, pack, pack_ids
from reports.rules.pack_reading import PackRefused, read_pack
from reports.services.plans import load_plan
from reports.terms import Kind, Operator

FILE = "youyang-2023.toml"


def test_youyang_has_its_thirteen_rows_as_printed():
    found = pack("youyang-2023")
    assert (found.document_number, found.area, len(found.table)) == ("酉阳府办发〔2024〕21号", "500242", 13)
    printed = [(row.number, row.base, row.targets[0].operator, row.targets[0].value) for row in found.table]
    least, most, equal, report = Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUAL, Operator.REPORT
    d = Decimal
    assert printed == [
        (1, d(0), least, d(1)), (2, d(0), least, d(1)), (3, d("0.4"), least, d("0.6")), (4, None, least, d(1)),
        (5, None, least, d(80)), (6, d(90), least, d(95)), (7, None, least, d(30)), (8, d(120), most, d(80)),
        (9, d("3.8"), least, d(6)), (10, d("5.18"), report, d("4.9")), (11, d("87.31"), least, d(95)),
        (12, d("76.81"), least, d(85)), (13, d(53), equal, d(100)),
    ]  # fmt: skip
    computed = {row.number: row.code for row in found.table if row.kind is Kind.COMPUTED}
    assert computed == {
        8: "staff_ratio", 10: "prevalence", 11: "standard_managed", 12: "regular_medication", 13: "free_sga",
    }  # fmt: skip
    assert len(found.in_text) == 18


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_pack_in_the_project_can_be_read(pack_id):
    assert pack(pack_id).id == pack_id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('title = "', 'titel = "', "youyang-2023.toml：title（计划名称）：没有写。请写一段文字。", id="missing-key"),
        pytest.param('title = "', 'titel = "', "youyang-2023.toml：titel：不认识这一项。请检查有没有写错字。", id="slip-of-the-pen"),
        pytest.param("base_year = 2022", 'base_year = "2022"',
                     "youyang-2023.toml：base_year（基期年份）：写的是 '2022'，应当是四位年份，例如 2025。", id="wrong-type"),
        pytest.param("base_year = 2022", "base_year = 22",
                     "youyang-2023.toml：base_year（基期年份）：写的是 22，不是可用的年份（2000—2100）。", id="no-year"),
        pytest.param('op = ">="', 'op = "＞＝"',
                     "youyang-2023.toml：indicator[1].target[1].op（方向）：写的是“＞＝”，只能是下列之一：>=、>、<=、=、report。",
                     id="unknown-operator"),
        pytest.param('code = "prevalence"', 'code = "prevalance"',
                     "youyang-2023.toml：indicator[10].code（计算指标代码）：写的是“prevalance”，系统没有这个指标。",
                     id="unknown-indicator"),
        pytest.param("base = 0.4", 'base = "0.4"',
                     "youyang-2023.toml：indicator[3].base（基期值）：写的是 '0.4'，应当是一个数，例如 95 或 4.9。", id="text-for-number"),
        pytest.param("number = 2", "number = 1", "youyang-2023.toml：indicator 的 number（序号） 1 用了不止一次。", id="number-twice"),
        pytest.param("{ year = 2025", "{ year = 2031",
                     "youyang-2023.toml：指标“二级精神卫生中心”的目标年份 2031 不在计划的 2023—2025 年之内。", id="year-outside"),
        pytest.param('reporters = ["education", "department"]', 'reporters = ["school"]',
                     "youyang-2023.toml：indicator[6].reporters（填报单位类别）：写的是“school”，系统没有这类单位。", id="agency"),
    ],
)  # fmt: skip
def test_a_faulty_pack_is_refused_with_file_key_and_meaning(plan_text, old, new, said):
    with pytest.raises(PackRefused) as refused:
        read_pack(plan_text.replace(old, new, 1), FILE)
    assert [problem for problem in refused.value.problems if problem.startswith(said)]


def test_all_faults_are_told_at_once_and_a_broken_file_in_one_sentence(plan_text):
    with pytest.raises(PackRefused) as refused:
        read_pack(plan_text.replace("base_year = 2022", "base_year = 22").replace('id = "', 'idd = "', 1), FILE)
    assert len(refused.value.problems) == 3
    with pytest.raises(PackRefused) as refused:
        read_pack("id = ", FILE)
    assert refused.value.problems[0].startswith("youyang-2023.toml：不是正确的 TOML 文件")


@pytest.fixture
def youyang(db):
    province = Division.objects.create(code="50", name="重庆市", level="province")
    city = Division.objects.create(code="5002", name="县", level="city", parent=province)
    return Division.objects.create(code="500242", name="酉阳土家族苗族自治县", level="county", parent=city)


def test_loading_twice_changes_nothing_and_a_new_text_updates(youyang, tmp_path, plan_text, monkeypatch, events):
    (tmp_path / FILE).write_text(plan_text, encoding="utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    assert [load_plan("youyang-2023")[1] for _ in range(2)] == ["created", "unchanged"]
    (tmp_path / FILE).write_text(plan_text + "\n# 核对过\n", encoding="utf-8")
    assert load_plan("youyang-2023")[1] == "updated"
    assert AdoptedPlan.objects.count() == 1
    assert [event.action for event in events] == ["reports.plan.loaded"] * 2


def test_the_commands_load_and_list(youyang):
    out = StringIO()
    call_command("list_plans", stdout=out)
    call_command("load_plan", "youyang-2023", stdout=out)
    call_command("list_plans", stdout=out)
    lines = out.getvalue().splitlines()
    said = [line.split("\t")[1] for line in lines if line.startswith("youyang-2023\t")]
    assert said == ["未载入", "已载入"]
    assert any(line.endswith("13 项指标。") for line in lines)


@pytest.mark.django_db
def test_an_unknown_pack_or_area_is_refused_in_words():
    with pytest.raises(CommandError, match="没有编号为“nowhere-1999”的计划包"):
        call_command("load_plan", "nowhere-1999")
    with pytest.raises(CommandError, match="区划代码 500242 还没有载入"):
        call_command("load_plan", "youyang-2023")


def test_a_plan_holds_in_its_area_and_below_it(youyang):
    load_plan("youyang-2023")
    town = Division.objects.create(code="500242001", name="桃花源街道", level="township", parent=youyang)
    assert [found.id for area in (youyang, town) for found in adopted_packs(area)] == ["youyang-2023"] * 2
    assert adopted_packs(youyang.parent) == ()
