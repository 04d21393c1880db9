"""A table goes in, what differs is decided, a roster goes out by two people, and the blank papers are at hand.

Source: Registry 9. Nothing is written before the second button; the copy marks the wrong cell; the roster is the same
people as the page.
"""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.scope import scope
from followup.models import Visit
from registry.models import Patient
from tests.followup.conftest import days_ago
from tests.followup.test_import import row as visit_row
from tests.journeys.steps import SIZES, follow, go_by, held, press
from tests.registry.sheets import WHOLE, row, write_csv, write_xlsx

pytestmark = pytest.mark.django_db(transaction=True)


def names(world):
    with scope(world.worker):
        return sorted(Patient.objects.values_list("name", flat=True))


@SIZES
def test_a_table_is_looked_through_then_taken_and_what_differs_is_decided(world, enter, size, tmp_path):
    good = row(**WHOLE)
    first = write_xlsx(tmp_path / "名册.xlsx", [good, row(姓名="坏人", 确诊日期="不知道")])
    page = enter(world.worker, size)
    page.goto(reverse("registry:patients"))
    follow(page, "导入患者表")
    press(page, "检查文件")
    expect(page.locator("[data-errors]")).to_contain_text("请选择文件")
    page.locator("input[name=file]").set_input_files(first)
    press(page, "检查文件")
    expect(page.locator("main")).to_contain_text("还没有写入")
    expect(page.locator("main")).to_contain_text("确诊日期")
    assert names(world) == []
    with page.expect_download() as copy:
        page.get_by_role("button", name="下载标注副本", exact=True).click()
    sheet = load_workbook(BytesIO(copy.value.path().read_bytes())).active
    red = [cell.value for line in sheet.iter_rows(min_row=2) for cell in line if cell.fill.fill_type and cell.comment]
    assert red == ["不知道"]
    press(page, "确认导入")
    expect(page.locator("main")).to_contain_text("新建 1 人")
    assert names(world) == ["冉启华"]

    other = {**{name: good[name] for name in row()}, "联系电话": "19900009999"}
    page.goto(reverse("registry:imports"))
    page.locator("input[name=file]").set_input_files(write_csv(tmp_path / "b.csv", [other]))
    press(page, "检查文件")
    press(page, "确认导入")
    expect(page.locator("main")).to_contain_text("待核对的内容")
    page.locator("input[value=take]").first.check()
    press(page, "保存核对")
    expect(page.locator("main")).to_contain_text("采用 1 项")
    expect(page.locator("main")).to_contain_text("没有待核对的内容")
    with scope(world.worker):
        assert str(Patient.objects.get().phone) == "19900009999"
    held(page)


@SIZES
def test_a_roster_is_asked_for_by_one_allowed_by_another_and_fetched(world, enter, size):
    world.patient("990001001001", "名册甲")
    here = enter(world.worker, size)
    here.goto(reverse("registry:patients"))
    follow(here, "导出名册")
    press(here, "申请导出")
    expect(here.locator("[data-errors]")).to_be_visible()
    here.locator("select[name=kind]").select_option("roster")
    here.locator("select[name=place]").select_option(world.town_a.code)
    here.locator("input[name=purpose]").fill("季度核对")
    press(here, "申请导出")
    expect(here.locator("main")).to_contain_text("待另一人同意")
    expect(here.get_by_role("button", name="同意", exact=True)).to_have_count(0)

    there = enter(world.leader, size)
    there.goto(reverse("followup:worklist"))
    go_by(there.get_by_role("link", name="答复导出申请").first)
    press(there, "同意")
    expect(there.locator("main")).to_contain_text("已同意")

    here.reload()
    with here.expect_download() as roster:
        here.get_by_role("button", name="下载（还可 3 次）", exact=True).click()
    lines = list(load_workbook(BytesIO(roster.value.path().read_bytes())).active.values)
    assert [line[2] for line in lines[1:]] == ["名册甲"]
    assert [len(line[lines[0].index("身份证号")]) for line in lines[1:]] == [18]
    held(here, there)


@SIZES
def test_the_blank_papers_are_one_step_from_the_list(world, enter, size):
    page = enter(world.worker, size)
    page.goto(reverse("registry:patients"))
    follow(page, "空白表")
    expect(page.get_by_role("heading", name="工作用表")).to_be_visible()
    go_by(page.locator("main").get_by_role("link", name="表1-5").first)
    expect(page.locator("main")).to_contain_text("知情同意")
    held(page)


@SIZES
def test_the_county_takes_in_visits_and_what_differs_waits_for_a_word(world, enter, size, tmp_path):
    patient = world.patient(name="冉启华")
    with scope(world.worker):
        number = str(patient.id_number)
    page = enter(world.county_office, size)
    page.goto(reverse("registry:imports"))
    follow(page, "导入随访表")
    first = visit_row(number, days_ago(90))
    for line, written in ((first, "新建 1 条"), ({**first, "睡眠": "3"}, "更正 1 条")):
        page.locator("input[name=file]").set_input_files(write_xlsx(tmp_path / "随访.xlsx", [line]))
        press(page, "检查文件")
        expect(page.locator("main")).to_contain_text("还没有写入")
        if line is not first:
            expect(page.locator("main")).to_contain_text("没有改")
            held(page)
            page.get_by_label("与已有记录不同的，按文件更正").check()
        press(page, "确认导入")
        expect(page.locator("main")).to_contain_text(written)
    with scope(world.county_office):
        assert Visit.objects.current().get(patient=patient).sleep == 3
    held(page)
