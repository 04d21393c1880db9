"""Coming in for the first time and every time after, in a real browser: code, password, phone, and out again."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import TotpDevice
from tests.accounts.conftest import code_now, give_phone
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.seeing import see, small_targets
from tests.browser.shots import shoot
from tests.browser.steps import go_by
from tests.browser.test_pages import SIZES
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "thyme-Lantern-92"


@pytest.fixture
def look(request):
    """Check the page in front of us and, when asked for, keep its picture at both widths."""
    keep = request.config.getoption("screenshots", default=False)

    def at(page, name):
        for size_name, size in SIZES.items():
            page.set_viewport_size(size)
            see(page, page.complaints)
            if size is PHONE:
                assert small_targets(page) == []
            if keep:
                shoot(page, f"{name}.{size_name}.png")
        page.set_viewport_size(DESKTOP)

    return at


def test_from_the_administrator_s_reset_to_the_next_login(enter, world, look):
    person = world.police
    code = reset_by_administrator(enter(world.security_admin), person, look)
    page = enter()
    page.goto("/")
    go_by(page.get_by_role("link", name="从这里进"))
    page.get_by_label("用户名").fill("police")
    page.get_by_label("一次性登录码").fill(code)
    go_by(page.get_by_role("button", name="下一步"))
    look(page, "password-new")
    page.get_by_label("新密码").fill(NEW)
    page.get_by_label("再输一次").fill(NEW)
    go_by(page.get_by_role("button", name="下一步"))
    bind_phone(page, look)
    go_by(page.get_by_role("link", name="我已收好"))
    expect(page.locator(".account summary")).to_be_visible()  # inside, not at the login page
    expect(page.get_by_text("police")).to_have_count(0)
    come_back(page, person)


def reset_by_administrator(page, person, look):
    page.goto(f"/accounts/{person.uuid}/reset/")
    page.get_by_label("手机也换了或丢了").check()
    go_by(page.get_by_role("button", name="重设并显示登录码"))
    look(page, "one-time-code")
    return page.locator(".code-once").inner_text()


def bind_phone(page, look):
    look(page, "enrol")
    picture = page.locator(".enrol-picture")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 0"), "the picture is drawn"
    page.get_by_text("不能扫描").click()
    typed = page.locator(".enrol-secret").inner_text()
    assert re.fullmatch(r"([A-Z2-7]{4} ?){8}", typed)
    secret = TotpDevice.objects.get().secret
    page.get_by_label("6 位数字").fill(code_now(secret=secret))
    go_by(page.get_by_role("button", name="完成绑定并登录"))
    expect(page.locator(".code-list li")).to_have_count(10)
    look(page, "backup-codes-first")


def come_back(page, person):
    page.locator(".account summary").click()
    go_by(page.get_by_role("button", name="退出", exact=True))
    page.wait_for_url("**/login/")
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()  # the back button shows nothing of before
    page.get_by_label("用户名").fill("police")
    page.get_by_label("密码").fill(NEW)
    go_by(page.get_by_role("button", name="下一步"))
    secret = TotpDevice.objects.get(user=person).secret
    page.get_by_label("6 位数字").fill(code_now(1, secret))  # the next half minute's: the last one is spent
    go_by(page.get_by_role("button", name="登录"))
    page.wait_for_url(re.compile(r"/(alerts|me)/"))


def test_every_refusal_is_readable(enter, world, look):
    give_phone(world.worker)
    page = enter()
    page.goto("/login/")
    page.get_by_label("用户名").fill("worker")
    page.get_by_label("密码").fill("not-the-Password-1")
    go_by(page.get_by_role("button", name="下一步"))
    look(page, "login-refused")
    page.get_by_label("密码").fill(PASSWORD)
    go_by(page.get_by_role("button", name="下一步"))
    page.get_by_label("6 位数字").fill("000000")
    go_by(page.get_by_role("button", name="登录"))
    look(page, "login-code")
    go_by(page.get_by_role("link", name="用备用码登录"))
    look(page, "login-backup")
