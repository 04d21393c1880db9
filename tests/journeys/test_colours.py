"""A county begins with colours, a visit raises one at once, and lowering it takes two people.

Source: Follow-up 7. The start values are marked as such and changed; the difference stands before the table; the worker
assesses, the township's leader may not approve, the county office does.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.conftest import VILLAGE_A1
from tests.followup.colours import sweep
from tests.followup.conftest import days_ago
from tests.journeys.steps import SIZES, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


def put_in_force(page):
    """The county office, from the start values to the table in force."""
    page.goto(reverse("accounts:policy"))
    go_by(page.get_by_role("link", name="动态分色"))
    expect(page.locator("main")).to_contain_text("没有启用的分色表")
    go_by(page.get_by_role("link", name="拟定分色表"))
    expect(page.locator("main")).to_contain_text("起始值，须县里确认")
    page.locator("[name=red_village]").fill("40")
    press(page, "保存草稿，看差异")
    expect(page.locator("[data-errors]")).to_contain_text("依据")
    page.locator("[name=basis]").fill("试卫发〔2026〕9号")
    press(page, "保存草稿，看差异")
    expect(page.locator("[data-errors]")).to_contain_text("红色的村医天数不能比橙色的长")
    expect(page.locator("[name=basis]")).to_have_value("试卫发〔2026〕9号")
    page.locator("[name=red_village]").fill("5")
    press(page, "保存草稿，看差异")
    expect(page.locator("main")).to_contain_text("1 人与现在不同")
    go_by(page.get_by_role("link", name="东街道"))
    expect(page.locator("main")).to_contain_text("颜甲 未分色 → 绿色")
    press(page, "按生效日期启用")
    expect(page.locator(".flashes")).to_contain_text("已启用")
    sweep()


@SIZES
def test_a_colour_rises_with_a_visit_and_falls_by_two_people(world, enter, size, record):
    patient = world.patient(VILLAGE_A1, "颜甲")
    record(patient, world.worker, days_ago(20))
    file = reverse("registry:patient", args=[patient.uuid])
    page = enter(world.worker, size)
    page.goto(file)
    expect(page.locator(".person")).not_to_contain_text("分色")
    office = enter(world.county_office, size)
    put_in_force(office)
    page.goto(file)
    expect(page.locator(".person")).to_contain_text("分色 绿色")
    record(patient, world.worker, days_ago(2), level=3, basis="在家砸东西")
    page.goto(file)
    expect(page.locator(".person")).to_contain_text("分色 红色")
    doctor = enter(world.village_doctor, size)
    doctor.goto(reverse("followup:visit_new", args=[patient.uuid]))
    expect(doctor.locator("main")).to_contain_text("上门前请注意：最近评估 3 级")

    record(patient, world.worker, level=0)
    page.goto(reverse("followup:worklist") + "?topic=reviews")
    go_by(page.get_by_role("link", name="评估 颜甲"))
    expect(page.locator("main")).to_contain_text("红色 → 绿色")
    press(page, "保存评估")
    expect(page.locator("[data-errors]")).to_contain_text("评估结论")
    page.get_by_label("可以降级").check()
    page.locator("[name=words]").fill("规律服药，家属看护好")
    press(page, "保存评估")
    expect(page.locator("main")).to_contain_text("等待另一位有批准权限的人批准")
    expect(page.locator("main").get_by_role("button", name="保存审批意见")).to_have_count(0)

    leader = enter(world.leader, size)
    leader.goto(reverse("followup:colour", args=[patient.uuid]))
    expect(leader.locator("main").get_by_role("button", name="保存审批意见")).to_have_count(0)
    office.goto(reverse("followup:worklist") + "?topic=reviews")
    go_by(office.get_by_role("link", name="批准 颜甲"))
    old_tab = office.context.new_page()
    old_tab.goto(office.url)
    office.get_by_label("不同意降级").check()
    press(office, "保存审批意见")
    expect(office.locator("[data-errors]")).to_contain_text("不同意的理由")
    office.get_by_label("批准降级").check()
    press(office, "保存审批意见")
    expect(office.locator("main")).to_contain_text("红色 → 绿色 批准降级")
    old_tab.get_by_label("批准降级").check()
    press(old_tab, "保存审批意见")
    expect(old_tab.locator(".flashes")).to_contain_text("现在没有等您办理的降级")
    old_tab.close()
    page.goto(file)
    expect(page.locator(".person")).to_contain_text("分色 绿色")
    held(page, office, leader, doctor)
