"""An urgent notice about one person: the township writes, the county signs, the police sign for it and read, the
township sees it and takes it back. And what the system asks for, declined with a reason.

Source: issue 4, Build 1 (单人告知).
"""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.scope import scope
from registry.services.status import set_status
from tests.browser.seeing import small_targets, violations
from tests.conftest import VILLAGE_A1
from tests.exchange.person_notices import make_house
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


def clean(page, size):
    assert violations(page) == []
    if size["width"] < 500:
        assert small_targets(page) == []


def writes(worker, person, size):
    """Asked why; sees what each office will read and nothing else."""
    worker.goto(reverse("exchange:patient_tab", args=[person.uuid]))
    follow(worker, "告知其他单位")
    clean(worker, size)
    follow(worker, "单人紧急通报")
    expect(worker.locator("main")).to_contain_text("只会看到这些")
    expect(worker.locator("main")).not_to_contain_text("精神分裂症")
    clean(worker, size)
    press(worker, "送另一人签发")
    expect(worker.locator("[data-errors]")).to_contain_text("请写明为什么告知")
    worker.locator("[name=because]").fill("持刀在村口，家属劝不住")
    press(worker, "送另一人签发")
    expect(worker.locator(".flashes")).to_contain_text("还要另一个人签发")
    expect(worker.get_by_role("button", name="核对无误，签发")).to_have_count(0)
    clean(worker, size)


def signs(office, person, size):
    office.goto(reverse("followup:worklist"))
    expect(office.locator("main")).to_contain_text("单人紧急通报等另一人签发")
    go_by(office.locator("a[href^='/notices/']").first)
    expect(office.locator("main")).to_contain_text("持刀在村口")
    clean(office, size)
    press(office, "核对无误，签发")
    expect(office.locator(".flashes")).to_contain_text("已发出")


def reads(police, person, size):
    """The inbox leads there. Number and kind first; the person after 签收."""
    police.goto(reverse("exchange:inbox"))
    expect(police.locator("main")).to_contain_text("还有 1 件单人告知待签收")
    clean(police, size)
    follow(police, "去签收")
    expect(police.locator("main")).to_contain_text("单人紧急通报")
    expect(police.locator("main")).not_to_contain_text(person.name)
    clean(police, size)
    go_by(police.locator("form button", has_text="签收").first)
    expect(police.locator(".disclosed")).to_contain_text(person.name)
    expect(police.locator("main")).not_to_contain_text("持刀在村口")
    clean(police, size)


@SIZES
def test_an_urgent_notice_from_the_township_to_the_police_and_back(world, enter, size):
    house, person = make_house(world), world.patient(VILLAGE_A1, "冉启明")
    assert house["police"].agency
    worker, office, police = (enter(house[who], size) for who in ("worker", "office", "police"))
    writes(worker, person, size)
    police.goto(reverse("exchange:my_notices"))
    expect(police.locator("main")).to_contain_text("没有等待签收的告知")
    signs(office, person, size)
    reads(police, person, size)
    worker.reload()
    expect(worker.locator("main")).to_contain_text("已签收")
    expect(worker.locator("main")).to_contain_text("还没有看到")  # the other offices
    clean(worker, size)
    follow(worker, "收回")
    clean(worker, size)
    worker.locator("[name=because]").fill("认错了人")
    press(worker, "收回")
    expect(worker.locator(".flashes")).to_contain_text("已收回")
    police.reload()
    expect(police.locator("main")).not_to_contain_text(person.name)
    press_end = police.locator("form button", has_text="签收结束通知").first
    go_by(press_end)
    expect(police.locator(".flashes")).to_contain_text("结束通知已签收")
    worker.reload()
    expect(worker.locator("main")).to_contain_text("发出单位已收回，不再使用")
    held(worker, office, police)


@SIZES
def test_what_the_system_asks_for_is_declined_with_a_reason(world, enter, size):
    house, person = make_house(world), world.patient(VILLAGE_A1, "田来福")
    with scope(house["worker"]):
        set_status(patient=person, value="lost", on=timezone.localdate(), by=house["worker"], reason="走失")
    worker = enter(house["worker"], size)
    worker.goto(reverse("followup:worklist"))
    expect(worker.locator("main")).to_contain_text("失访（死亡）登记表待发出")
    go_by(worker.locator("a[href^='/notices/']").first)
    expect(worker.locator("main")).to_contain_text("系统提示要告知")
    clean(worker, size)
    follow(worker, "不发出")
    worker.locator("[name=because]").fill("已当面报告派出所")
    press(worker, "不发出")
    expect(worker.locator("main")).to_contain_text("已当面报告派出所")
    worker.goto(reverse("followup:worklist"))
    expect(worker.locator("main")).not_to_contain_text("登记表待发出")
    held(worker)
