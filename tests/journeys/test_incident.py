"""An incident from the township's report to the police's inbox, in a browser, on a desk and on a phone."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import conftest as browser
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.scene import Scene

county = browser.county  # the demo county, made once for this module


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_worker_reports_and_the_county_confirms(county: Scene, enter: Any, size: dict[str, int]) -> None:
    worker = enter(county.person("worker1"), size)
    worker.goto(reverse("followup:care", args=[county.patient]))
    worker.get_by_role("link", name="登记事件").click()
    worker.get_by_role("button", name="保存").click()
    expect(worker.locator("[data-errors]")).to_contain_text("请写明发生地点。")
    worker.locator("[name=happened_at]").fill(f"{timezone.localtime():%Y-%m-%d} 0001")
    worker.locator("[name=place]").fill("村口小卖部")
    worker.locator("[name=trouble]").fill("1")
    worker.locator("input[name=level][value='3']").check()
    worker.get_by_role("button", name="保存").click()
    expect(worker.get_by_text("已登记，等县精防办或精神科医师确认")).to_be_visible()

    office = enter(county.person("office1"), size)
    office.goto(worker.url)
    office.get_by_role("link", name="核对确认").click()
    office.locator("input[name=source][value='1']").check()
    office.get_by_role("button", name="确认事件").click()
    expect(office.get_by_text("已确认，已通报派出所和综治中心")).to_be_visible()
    expect(office.get_by_text("事件了结前，等级下降也不解除")).to_be_visible()
    assert worker.complaints == [] or all("400" in str(said) for said in worker.complaints)
    assert office.complaints == []
