"""A township worker's round of medication in a browser, on a desk and on a phone: inject, dispense, examine."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.rules.day_words import long_day
from tests.browser import conftest as browser
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.scene import Scene
from tests.journeys.steps import follow, go_by, held, press

county = browser.county  # the demo county, made once for this module


LATE = re.compile("已过 [67] 天")  # the county is made once in a run, which may begin before midnight


@pytest.mark.parametrize(("size", "words"), [(DESKTOP, "漏打"), (PHONE, LATE)], ids=["1366", "390"])
def test_a_worker_injects_dispenses_and_sees_who_is_to_be_examined(
    county: Scene, enter: Any, size: dict[str, int], words: Any
) -> None:
    today = timezone.localdate()
    page = enter(county.person("worker1"), size)
    page.goto(reverse("followup:injections"))
    held(page)
    go_by(page.locator("tbody tr", has_text=words).locator("a[href*='/medicine/']").first)
    expect(page.get_by_role("heading", name="在用处方")).to_be_visible()
    held(page)
    follow(page, "登记注射")
    press(page, "保存注射记录")
    expect(page.locator("[data-errors]")).to_contain_text("请填批号，在药盒上。")
    page.locator("[name=batch]").fill("PP26119")
    page.locator("[name=site][value='3']").check()
    press(page, "保存注射记录")
    due = long_day(today + timedelta(days=28), today)
    expect(page.get_by_text(f"下次注射 {due}，还有 28 天").first).to_be_visible()
    follow(page, "登记注射")
    page.locator("[name=given_on]").fill(f"{today - timedelta(days=1)}")
    page.locator("[name=batch]").fill("PP26119")
    page.locator("[name=site][value='4']").check()
    press(page, "保存注射记录")
    expect(page.locator("[data-errors]")).to_contain_text("与这一天的间隔不足 28 天")
    held(page)

    follow(page, "返回")
    follow(page, "登记发药")
    page.locator("[name=amount]").fill("1")
    page.locator("[name=batch]").fill("BH26119")
    page.locator("[name=receiver][value='1']").check()
    press(page, "保存发药记录")
    expect(page.get_by_text("已登记发药。下次领药").first).to_be_visible()
    held(page)

    page.goto(reverse("followup:exams"))
    expect(page.get_by_role("heading", name="待体检", exact=False).first).to_be_visible()
    held(page)
    go_by(page.get_by_role("link", name="登记体检").first)
    page.locator("[name=weight]").fill("63.5")
    press(page, "保存结果")
    expect(page.get_by_text("规范要求的项目还缺：收缩压").first).to_be_visible()
    held(page)
