"""Whom the village could not meet: three tries, the question, the decision; off the list with a reason; another rule.

Source: Follow-up 2. The system asks, a person decides; a change of rule shows first whose date it would move.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.queries.policy import policy
from accounts.scope import scope
from followup.services.attempts import record_missed
from registry.models import Patient
from tests.conftest import VILLAGE_A1
from tests.followup.conftest import days_ago
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


@SIZES
def test_the_third_try_asks_and_the_worker_decides(world, enter, size):
    patient = world.patient(VILLAGE_A1, "失访甲", opened_on=days_ago(60), next_due_on=days_ago(5))
    with scope(world.worker):
        for n in (40, 30):
            record_missed(patient=patient, on=days_ago(n), reason="1", form_id=uuid4(), by=world.worker)
    page = enter(world.worker, size)
    page.goto(reverse("followup:worklist"))
    row = page.locator(".work", has_text="失访甲").first
    row.locator("summary").click()
    go_by(row.get_by_role("button", name="记下未访到"))
    expect(page.locator(".flashes")).to_contain_text("请判定是否失访")
    go_by(page.get_by_role("link", name="判定失访 失访甲"))
    expect(page.locator("main")).to_contain_text("连续 3 次未访到")
    second_tab = page.context.new_page()
    second_tab.goto(page.url)
    page.locator("input[name=reason][value='5']").check()
    press(page, "判定失访")
    expect(page.locator("[data-errors]")).to_contain_text("请写明")
    page.locator("input[name=reason][value='4']").check()
    press(page, "判定失访")
    expect(page.locator(".flashes")).to_contain_text("书面报告综合管理小组")
    expect(page.locator(".chips")).to_contain_text("失访")
    press(second_tab, "判定失访")
    expect(second_tab.locator("main")).to_contain_text("已经登记为失访")
    second_tab.close()
    page.goto(reverse("followup:worklist"))
    expect(page.get_by_role("link", name="判定失访 失访甲")).to_have_count(0)
    held(page)


@SIZES
def test_off_the_list_needs_a_reason_and_a_day(world, enter, size, record):
    patient = world.patient(VILLAGE_A1, "移出甲", opened_on=days_ago(200))
    record(patient, world.worker, days_ago(95))
    page = enter(world.worker, size)
    page.goto(reverse("followup:patient_tab", args=[patient.uuid]))
    follow(page, "移出名单")
    press(page, "移出名单")
    expect(page.locator("[data-errors]")).to_contain_text("原因")
    page.locator("input[name=reason]").first.check()
    page.locator("input[name=words]").fill("在外地住院")
    page.locator("input[name=again_on]").fill("2999-01-01")
    press(page, "移出名单")
    expect(page.locator("[data-errors]")).to_contain_text("再次联系的日期")
    expect(page.locator("input[name=words]")).to_have_value("在外地住院")
    page.locator("input[name=again_on]").fill(f"{timezone.localdate() + timedelta(days=12):%Y-%m-%d}")
    press(page, "移出名单")
    expect(page.locator(".flashes")).to_contain_text("已移出名单")
    expect(page.locator(".work", has_text="移出甲")).to_have_count(0)
    page.goto(reverse("followup:windows") + "?kind=excused")
    expect(page.locator("main")).to_contain_text("移出甲")
    held(page)


@SIZES
def test_another_rule_shows_first_whose_date_it_would_move(world, enter, size, record):
    record(world.patient(VILLAGE_A1, "规则甲"), world.worker, days_ago(10))
    page = enter(world.county_office, size)
    page.goto(reverse("accounts:policy"))
    go_by(page.locator("main").get_by_role("link", name=re.compile("随访规则变更")))
    page.locator("select[name=key]").select_option("stable_months")
    page.locator("input[name=value]").fill("9")
    press(page, "查看差异")
    expect(page.locator("[data-errors]")).to_contain_text("1 到 3 之间")
    page.locator("input[name=value]").fill("2")
    page.locator("input[name=basis]").fill("试卫发1号")
    page.locator("input[name=starts_on]").fill(f"{timezone.localdate():%Y-%m-%d}")
    press(page, "查看差异")
    expect(page.locator("main")).to_contain_text("1 人")
    follow(page, "东街道")
    expect(page.locator("main")).to_contain_text("规则甲")
    press(page, "按生效日期启用")
    expect(page.locator(".flashes")).to_contain_text("按新的规则")
    assert policy(world.county.pk, "stable_months", timezone.localdate()) == 2
    with scope(world.worker):
        assert Patient.objects.get().next_due_on is not None
    held(page)
