"""The commission finds something in a township, its leader reports it put right; what is not, goes up a step, by people.

Source: issue 4, Build 8: 督导 → 通报 as dated records tied to findings. Both widths; a second window and a wrong entry.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import Finding, Measure
from tests.journeys.steps import SIZES, follow, held, press

pytestmark = pytest.mark.django_db(transaction=True)


def day(ago):
    return f"{timezone.localdate() - timedelta(days=ago):%Y-%m-%d}"


@SIZES
def test_a_finding_is_put_right_and_another_goes_up_a_step(world, enter, size):
    office, leader = enter(world.commission, size), enter(world.leader, size)
    office.goto(reverse("reports:tasks"))
    follow(office, "督导整改")
    follow(office, "登记督导")
    office.locator("[name=held_on]").fill(day(40))
    press(office, "登记，下一步写问题")
    expect(office.locator("[data-errors]")).to_contain_text("被督导单位")
    expect(office.locator("[name=held_on]")).to_have_value(day(40))
    office.locator("[name=unit]").select_option(label=world.town_a.name)
    press(office, "登记，下一步写问题")
    for what, due in (("随访表缺项多。", day(-9)), ("综合管理小组没有开会。", day(3))):
        follow(office, "登记问题")
        office.locator("[name=what]").fill(what)
        office.locator("[name=due_on]").fill(due)
        press(office, "登记")
        expect(office.locator(".flashes")).to_contain_text(f"{world.town_a.name}会看到")

    leader.goto(reverse("reports:supervisions"))
    expect(leader.locator("main")).not_to_contain_text("可以提请")
    follow(leader, "1. 随访表缺项多。")
    follow(leader, "记进展或报整改")
    old_tab = leader.context.new_page()
    old_tab.goto(leader.url)
    leader.locator("[name=words]").fill("逐份补齐。")
    leader.locator("[name=done]").check()
    press(leader, "记下")
    expect(leader.locator("[data-errors]")).to_contain_text("依据")
    leader.locator("[name=evidence]").fill("整改报告")
    press(leader, "记下")
    expect(leader.locator("main")).to_contain_text("已报整改，待确认")
    old_tab.locator("[name=words]").fill("另一个窗口又写一次。")
    press(old_tab, "记下")
    expect(old_tab.locator("[data-errors]")).to_contain_text("不能再记进展")
    old_tab.close()

    follow(office, "1. 随访表缺项多。")
    press(office, "确认整改到位")
    expect(office.locator("main")).to_contain_text("确认到位")

    office.goto(reverse("reports:supervisions") + "?state=late")
    expect(office.locator("main")).to_contain_text("到期未整改，可以提请通报")
    follow(office, "2. 综合管理小组没有开会。")
    follow(office, "登记通报")
    office.locator("[name=decided_by]").fill("县精神卫生工作领导小组")
    office.locator("[name=reason]").fill("到期没有整改。")
    press(office, "登记通报")
    expect(office.locator("h1")).to_have_text(f"通报：{world.town_a.name}")
    leader.goto(reverse("reports:supervisions"))
    expect(leader.locator("main")).to_contain_text("措施 通报")
    assert {finding.what: (finding.state, finding.rung) for finding in Finding.objects.all()} == {
        "随访表缺项多。": ("right", ""), "综合管理小组没有开会。": ("open", "circular"),
    }  # fmt: skip
    assert Measure.objects.get().clause.startswith("健全落实社会治安综合治理领导责任制规定")
    held(office, leader)
