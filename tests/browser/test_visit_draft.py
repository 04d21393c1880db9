"""What is typed into the visit form survives a lost login, a closed tab, a cut network, a second window and 返回."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.scope import scope
from followup.models import Draft, Visit
from followup.services.visits import record_visit
from ops.processes import wait_until
from tests.browser.conftest import PHONE, signed_in
from tests.browser.steps import go_by
from tests.followup.conftest import days_ago, good

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = re.compile(r"已暂存 \d\d:\d\d$")
BASIS = "在家砸坏门窗"


@pytest.fixture
def patient(world):
    found = world.patient(name="试验甲")
    with scope(world.worker):
        record_visit(
            patient=found, facts=good(days_ago(20), level=1), form_id=uuid4(), by=world.worker, as_recorded=True
        )
    return found


def form_of(patient):
    return reverse("followup:visit_new", args=[patient.uuid])


def words(page: Page):
    return page.locator("[data-draft-words]")


def begin(page: Page, patient) -> None:
    page.goto(form_of(patient))
    page.locator("label.level-3").click()
    page.locator("#id_basis").fill(BASIS)


def kept(page: Page, patient):
    """Around a change: waits until the server has it as a draft. The line may still speak of the draft before."""
    address = reverse("followup:draft_keep", args=[patient.uuid])
    return page.expect_response(lambda answer: answer.url.endswith(address) and answer.ok)


def log_out(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def log_in_again(page: Page, user, address: str) -> None:
    page.context.add_cookies([{**signed_in(user), "url": address}])


def drafted(world):
    with scope(world.worker):
        return Draft.objects.get().content


def count(world, patient):
    with scope(world.worker):
        return Visit.objects.filter(patient=patient).count(), Draft.objects.filter(patient=patient).count()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_a_closed_tab_loses_nothing(world, enter, patient, size):
    page = enter(world.worker, *([size] if size else []))
    begin(page, patient)
    expect(words(page)).to_have_text(KEPT)
    page.locator("#q-form label", has_text="电话").click()
    page.close()  # the last change goes out with the page
    assert wait_until(lambda: drafted(world).get("form") == ["3"], 10)
    again = enter(world.worker, *([size] if size else []))
    again.goto(reverse("followup:worklist"))
    if size:
        go_by(again.get_by_role("link", name="草稿 1"))
    go_by(again.get_by_role("link", name="试验甲 的随访", exact=True).last)
    expect(again.locator(".visit-notice")).to_contain_text("还没有保存")
    expect(again.locator("[name=level][value='3']")).to_be_checked()
    expect(again.locator("[name=form][value='3']")).to_be_checked()
    expect(again.locator("#id_basis")).to_have_value(BASIS)
    expect(again.locator("[data-verdict]")).to_contain_text("不稳定")
    assert count(world, patient) == (1, 1)
    again.locator("#q-seen label").first.click()
    again.locator("[data-save]").click()
    again.wait_for_url("**/followup/visits/**")
    assert count(world, patient) == (2, 0)


def test_a_login_that_ended_keeps_the_page_and_goes_on_after_the_next(world, enter, server, patient):
    page = enter(world.worker)
    begin(page, patient)
    expect(words(page)).to_have_text(KEPT)
    log_out(page)
    page.locator("#id_basis").fill(f"{BASIS}，又吼叫")
    page.locator("label.level-4").click()
    expect(words(page)).to_contain_text("登录已经失效")
    page.locator("[data-save]").click()
    expect(words(page)).to_contain_text("还没有")
    assert page.url.endswith(form_of(patient))
    with page.context.expect_page() as opened:
        page.locator("[data-draft-login]").click()
    opened.value.wait_for_url(lambda url: f"next={form_of(patient)}" in url.replace("%2F", "/"))
    opened.value.close()
    log_in_again(page, world.worker, server.url)
    expect(words(page)).to_have_text(KEPT, timeout=12_000)
    assert drafted(world)["basis"] == [f"{BASIS}，又吼叫"]
    page.locator("#q-form label", has_text="家庭访视").click()
    page.locator("#q-seen label").first.click()
    page.locator("[data-save]").click()
    page.wait_for_url("**/followup/visits/**")
    assert count(world, patient) == (2, 0)


def test_a_login_that_ended_unnoticed_comes_back_to_the_form(world, enter, server, patient):
    page = enter(world.worker)
    begin(page, patient)
    with kept(page, patient):
        page.keyboard.press("Tab")
    expect(words(page)).to_have_text(KEPT)
    log_out(page)
    page.locator("[data-save]").click()
    page.wait_for_url("**/login/?next=**")
    assert page.url.replace("%2F", "/").endswith(f"next={form_of(patient)}")
    log_in_again(page, world.worker, server.url)
    page.goto(form_of(patient))
    expect(page.locator(".visit-notice")).to_contain_text("已恢复您")
    expect(page.locator("#id_basis")).to_have_value(BASIS)


def test_without_a_network_it_keeps_trying_and_says_so(world, enter, patient):
    page = enter(world.worker)
    begin(page, patient)
    expect(words(page)).to_have_text(KEPT)
    page.context.set_offline(True)
    page.locator("#id_basis").fill(f"{BASIS}，断网以后")
    expect(words(page)).to_contain_text("现在没有网络", timeout=6_000)
    page.locator("#q-form label", has_text="家庭访视").click()
    page.locator("#q-seen label").first.click()
    page.locator("[data-save]").click()
    expect(words(page)).to_contain_text("请不要关闭这一页")
    assert page.url.endswith(form_of(patient))
    page.context.set_offline(False)
    expect(words(page)).to_have_text(KEPT, timeout=8_000)
    page.locator("[data-save]").click()
    page.wait_for_url("**/followup/visits/**")
    with scope(world.worker):
        assert Visit.objects.newest_first().first().basis == f"{BASIS}，断网以后"
    assert count(world, patient) == (2, 0)


def test_the_older_of_two_windows_is_told(world, enter, patient):
    page = enter(world.worker)
    begin(page, patient)
    expect(words(page)).to_have_text(KEPT)
    other = page.context.new_page()
    other.goto(form_of(patient))
    with kept(other, patient):
        other.locator("label.level-1").click()
    expect(words(other)).to_have_text(KEPT)
    page.locator("#id_basis").fill("旧窗口")
    expect(words(page)).to_contain_text("您在另一个窗口也在填")
    assert drafted(world)["level"] == ["1"]


def test_back_after_saving_does_not_record_twice(world, enter, patient):
    page = enter(world.worker)
    begin(page, patient)
    page.locator("#q-form label", has_text="家庭访视").click()
    page.locator("#q-seen label").first.click()
    page.locator("[data-save]").click()
    page.wait_for_url("**/followup/visits/**")
    assert count(world, patient) == (2, 0)
    page.go_back()
    page.wait_for_url(f"**{form_of(patient)}")
    expect(page.locator(".visit-notice", has_text="已经保存过这位患者")).to_be_visible()
    page.locator("[data-save]").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    assert count(world, patient) == (2, 0)


def test_save_and_next_goes_down_the_list(world, enter, patient):
    with scope(world.worker):
        for name, days in (("试验乙", 110), ("试验丙", 100)):
            record_visit(patient=world.patient(name=name), facts=good(days_ago(days)), form_id=uuid4(),
                         by=world.worker, as_recorded=True)  # fmt: skip
        patient.__class__.objects.filter(pk=patient.pk).update(next_due_on=days_ago(15))
    page = enter(world.worker)
    page.goto(form_of(patient))
    page.locator("label.level-0").click()
    page.locator("#q-form label", has_text="家庭访视").click()
    page.locator("#q-seen label").first.click()
    page.get_by_role("button", name="保存并下一位：试验乙").click()
    expect(page.locator("h1")).to_contain_text("试验乙")
    expect(page.locator(".flashes")).to_contain_text(
        re.compile(r"已保存 试验甲 .* 的随访，下次随访 .*月 \d+ 日前：稳定")
    )
