"""The frame's small comforts, with a keyboard; and that nothing depends on them."""

import pytest
from django.urls import reverse

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def _focused(page):
    return page.evaluate("document.activeElement.outerHTML")


def test_the_first_tab_stop_leads_past_the_menu(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:me"))
    page.keyboard.press("Tab")
    assert 'class="skip"' in _focused(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_slash_goes_to_the_search_but_not_while_typing(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:password"))
    page.locator("#main").focus()
    page.keyboard.press("/")
    assert "data-search-key" in _focused(page)
    page.keyboard.type("a/b")
    assert page.locator("[data-search-key]").input_value() == "a/b"


def test_the_account_menu_closes_with_escape_and_gives_the_focus_back(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:me"))
    page.locator(".account summary").press("Enter")
    assert page.get_by_role("button", name="退出", exact=True).is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="退出", exact=True).is_visible()
    assert "summary" in _focused(page)


def test_a_second_press_sends_nothing(enter, world):
    page = enter(world.worker)
    sent = []
    page.route("**/me/password/", lambda route: (sent.append(route.request.method), route.continue_()))
    page.goto(reverse("accounts:password"))
    page.evaluate("""() => {
        const form = document.querySelector("form.form-page");
        form.requestSubmit();
        form.requestSubmit();
    }""")
    page.wait_for_url("**/me/password/")
    page.locator("[data-errors]").wait_for()
    assert sent == ["GET", "POST"]


def test_after_a_refusal_the_summary_has_the_focus_and_leads_to_the_field(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:password"))
    page.get_by_role("button", name="修改密码").click()
    page.locator("[data-errors]").wait_for()
    assert "data-errors" in _focused(page)
    page.locator("[data-errors] a").first.click()
    assert page.evaluate("document.activeElement.tagName") == "INPUT"


def test_the_idle_warning_says_what_will_happen_and_stays_signed_in(enter, world):
    page = enter(world.worker)
    page.clock.install()
    page.goto(reverse("accounts:me"))
    page.clock.fast_forward("12:59")
    assert page.locator(".idle").count() == 0
    page.clock.fast_forward("00:02")
    page.get_by_role("button", name="继续使用").click()
    page.locator(".idle").wait_for(state="detached")


def test_the_phones_search_opens_in_place(enter, world):
    page = enter(world.worker, PHONE)
    page.goto(reverse("accounts:me"))
    page.locator(".tabbar summary", has_text="找人").click()
    assert page.locator("#find-q").is_visible()
    page.locator(".tabbar summary", has_text="更多").click()
    assert not page.locator("#find-q").is_visible()


def test_menus_and_forms_work_without_script(enter, world):
    page = enter(world.worker, java_script=False)
    page.goto(reverse("accounts:me"))
    page.locator(".account summary").click()
    page.get_by_role("button", name="退出", exact=True).click()
    assert page.get_by_role("heading", name="登录").is_visible()


def test_a_question_shows_while_the_answer_that_calls_for_it_is_given(enter, world):
    page = enter(world.worker)
    page.goto(reverse("registry:patient_status", args=[world.patient().uuid]))
    asked = {name: page.locator(f"[name={name}]") for name in ("value", "reason_code", "place", "unit", "reason")}
    assert [name for name, one in asked.items() if one.is_visible()] == ["value", "reason"]
    asked["value"].select_option("detained")
    assert all(one.is_visible() for one in asked.values())
    offered = asked["reason_code"].locator("option:not([disabled])").all_inner_texts()
    assert offered == ["请选择", "拘留或逮捕羁押", "服刑", "强制医疗", "其他监管场所"]
    asked["reason_code"].select_option("held_pri")
    asked["place"].fill("某监狱")
    asked["value"].select_option("lost")  # what belonged to the other answer is neither sent nor lost
    assert not asked["place"].is_visible()
    assert asked["reason_code"].input_value() == ""
    page.get_by_role("button", name="更改状态").click()
    assert page.get_by_text("请选择“失访”的原因类别").first.is_visible()
    assert page.locator("[name=place]").input_value() == ""
    page.locator("[name=reason_code]").select_option("lost_ran")
    page.get_by_role("button", name="更改状态").click()
    page.wait_for_url(lambda url: "status" not in url)
    assert page.get_by_text("失访").first.is_visible()
