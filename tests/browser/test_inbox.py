"""The alert between two screens: the office's phone and the worker's desk, each asking for news by itself."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.steps import go_by
from tests.exchange.conftest import deliver, save

pytestmark = pytest.mark.django_db(transaction=True)
NEWS_MS = 8000  # a poll every three seconds, and time for a busy machine


@pytest.fixture
def patient(world):
    assert world.police.agency != world.worker.agency
    return world.patient(name="冉启明")


def test_an_alert_appears_is_signed_and_goes_without_a_reload(world, enter, patient):
    phone, desk = enter(world.police, PHONE), enter(world.worker)
    phone.goto(reverse("exchange:inbox"))
    save(world.worker, patient, 3)
    deliver()
    sign = phone.get_by_role("button", name="签收")
    sign.wait_for(timeout=NEWS_MS)
    expect(phone.get_by_text("冉启明")).to_have_count(0)
    desk.goto(reverse("followup:worklist"))
    expect(desk.locator("#receipts")).to_contain_text("还没有签收")
    sign.click()
    expect(phone.get_by_text("冉启明")).to_be_visible()
    expect(desk.locator("#receipts")).to_contain_text(re.compile(r"\d\d:\d\d 签收"), timeout=NEWS_MS)
    phone.locator("textarea").fill("正在写")  # even while somebody is typing
    save(world.worker, patient, 1)
    expect(phone.get_by_text("冉启明")).to_have_count(0, timeout=NEWS_MS)
    deliver()
    phone.get_by_role("button", name="签收解除通知").wait_for(timeout=NEWS_MS)
    assert phone.complaints + desk.complaints == []


def test_the_office_answers_without_java_script(world, enter, patient):
    save(world.worker, patient, 3)
    deliver()
    phone = enter(world.police, PHONE, java_script=False)
    phone.goto(reverse("exchange:inbox"))
    go_by(phone.get_by_role("button", name="签收"))
    for answer in ("见到本人", "联合上门", "平稳"):
        phone.get_by_label(answer).check()
    go_by(phone.get_by_role("button", name="反馈"))
    expect(phone.get_by_text("的反馈已保存")).to_be_visible()
