"""An incident from the township's report to the police's inbox, in a browser, on a desk and on a phone."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import conftest as browser
from tests.browser.scene import Scene
from tests.journeys.steps import SIZES, go_by

county = browser.county  # the demo county, made once for this module


def ago(minutes: int) -> str:
    """As the form takes it, by the second hand of the wall: a fixed hour of today is still to come just after midnight."""
    return f"{timezone.localtime() - timedelta(minutes=minutes):%Y-%m-%d %H%M}"


@SIZES
def test_a_worker_reports_and_the_county_confirms(county: Scene, enter: Any, size: dict[str, int]) -> None:
    worker = enter(county.person("worker1"), size)
    worker.goto(reverse("followup:care", args=[county.patient]))
    go_by(worker.get_by_role("link", name="登记事件"))
    go_by(worker.get_by_role("button", name="保存"))
    expect(worker.locator("[data-errors]")).to_contain_text("请写明发生地点。")
    worker.locator("[name=happened_at]").fill(ago(2))
    worker.locator("[name=place]").fill("村口小卖部")
    worker.locator("[name=trouble]").fill("1")
    worker.locator("input[name=level][value='3']").check()
    go_by(worker.get_by_role("button", name="保存"))
    expect(worker.get_by_text("已登记，等县精防办或精神科医师确认")).to_be_visible()

    office = enter(county.person("office1"), size)
    office.goto(worker.url)
    go_by(office.get_by_role("link", name="核对确认"))
    office.locator("input[name=source][value='1']").check()
    go_by(office.get_by_role("button", name="确认事件"))
    expect(office.get_by_text("已确认，已通报派出所和综治中心")).to_be_visible()
    expect(office.get_by_text("事件了结前，等级下降也不解除")).to_be_visible()
    assert worker.complaints == [] or all("400" in str(said) for said in worker.complaints)
    assert office.complaints == []


@SIZES
def test_an_incident_of_somebody_without_a_file(county: Scene, enter: Any, size: dict[str, int]) -> None:
    """It hangs on the clue; the county confirms and tells nobody; the three copies say that the person is suspected."""
    worker = enter(county.person("worker1"), size)
    worker.goto(reverse("registry:clue", args=[county.clue]))
    go_by(worker.get_by_role("link", name="事件和应急处置"))
    go_by(worker.get_by_role("link", name="登记事件"))
    go_by(worker.get_by_role("button", name="保存"))
    expect(worker.locator("[data-errors]")).to_contain_text("请写明发生地点。")
    worker.locator("[name=happened_at]").fill(ago(2))
    worker.locator("[name=place]").fill("镇卫生院门口")
    worker.locator("[name=self_harm]").fill("1")
    worker.locator("input[name=level][value='4']").check()
    go_by(worker.get_by_role("button", name="保存"))
    expect(worker.get_by_text("没有建档的人不经本系统通报")).to_be_visible()
    href = worker.url

    go_by(worker.get_by_role("link", name="记应急处置"))
    worker.locator("[name=started_at]").fill(ago(1))
    go_by(worker.get_by_role("button", name="开始记录"))
    expect(worker.locator("input[name=subject][value='4']")).to_be_checked()
    expect(worker.locator("main")).to_contain_text("前填写")

    office = enter(county.person("office1"), size)
    office.goto(href)
    go_by(office.get_by_role("link", name="核对确认"))
    expect(office.locator("main")).to_contain_text("确认后先不通报")
    office.locator("input[name=source][value='2']").check()
    go_by(office.get_by_role("button", name="确认事件"))
    expect(office.get_by_text("已确认，建档后随人转入档案。")).to_be_visible()
    police = enter(county.person("police1"), size)
    assert police.goto(href).status in (403, 404)
    assert [word for word in worker.complaints if "status of 400" not in word] == []
    assert office.complaints == []
