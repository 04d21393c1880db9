"""The frame's small comforts, with a keyboard; and that nothing depends on them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Agency
from accounts.scope import scope
from accounts.terms import AgencyKind
from registry.services.death_reports import report_death
from tests import factories
from tests.browser.conftest import PHONE
from tests.browser.seeing import TOO_WIDE
from tests.browser.steps import press

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_tab_stop_leads_past_the_menu(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:me"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_slash_goes_to_the_search_but_not_while_typing(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:password"))
    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(page.locator("[data-search-key]")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("[data-search-key]")).to_have_value("a/b")


def test_the_account_menu_closes_with_escape_and_gives_the_focus_back(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:me"))
    page.locator(".account summary").press("Enter")
    expect(page.get_by_role("button", name="退出", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出", exact=True)).to_be_hidden()
    expect(page.locator(".account summary")).to_be_focused()


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
    expect(page.locator("[data-errors]")).to_be_visible()
    assert sent == ["GET", "POST"]


def test_after_a_refusal_the_summary_has_the_focus_and_leads_to_the_field(enter, world):
    page = enter(world.worker)
    page.goto(reverse("accounts:password"))
    press(page, "修改密码")
    expect(page.locator("[data-errors]")).to_be_focused()
    page.locator("[data-errors] a").first.click()
    expect(page.locator("input:focus")).to_have_count(1)


def test_the_idle_warning_says_what_will_happen_and_stays_signed_in(enter, world):
    page = enter(world.worker)
    page.clock.install()
    page.goto(reverse("accounts:me"))
    page.clock.fast_forward("12:59")
    expect(page.locator(".idle")).to_have_count(0)
    page.clock.fast_forward("00:02")
    page.get_by_role("button", name="继续使用").click()
    page.locator(".idle").wait_for(state="detached")
    page.close()  # and its window: the clock of the next test must run


def test_the_phones_search_opens_in_place(enter, world):
    page = enter(world.worker, PHONE)
    page.goto(reverse("accounts:me"))
    page.locator(".tabbar summary", has_text="找人").click()
    expect(page.locator("#find-q")).to_be_visible()
    page.locator(".tabbar summary", has_text="更多").click()
    expect(page.locator("#find-q")).to_be_hidden()


def test_menus_and_forms_work_without_script(enter, world):
    page = enter(world.worker, java_script=False)
    page.goto(reverse("accounts:me"))
    page.locator(".account summary").click()
    press(page, "退出")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_a_question_shows_while_the_answer_that_calls_for_it_is_given(enter, world):
    page = enter(world.worker)
    page.goto(reverse("registry:patient_status", args=[world.patient().uuid]))
    asked = {name: page.locator(f"[name={name}]") for name in ("value", "reason_code", "place", "unit", "reason")}
    assert [name for name, one in asked.items() if one.is_visible()] == ["value", "reason"]
    asked["value"].select_option("detained")
    for one in asked.values():
        expect(one).to_be_visible()
    offered = asked["reason_code"].locator("option:not([disabled])")
    expect(offered).to_have_text(["请选择", "拘留或逮捕羁押", "服刑", "强制医疗", "其他监管场所"])
    asked["reason_code"].select_option("held_pri")
    asked["place"].fill("某监狱")
    asked["value"].select_option("lost")  # what belonged to the other answer is neither sent nor lost
    expect(asked["place"]).to_be_hidden()
    expect(asked["reason_code"]).to_have_value("")
    press(page, "更改状态")
    expect(page.get_by_text("请选择“失访”的原因类别").first).to_be_visible()
    expect(page.locator("[name=place]")).to_have_value("")
    page.locator("[name=reason_code]").select_option("lost_ran")
    press(page, "更改状态")
    assert "status" not in page.url
    expect(page.get_by_text("失访").first).to_be_visible()


def test_a_long_office_that_told_of_a_death_makes_no_page_wider_than_the_phone(enter, world):
    patient, office = world.patient(), factories.make_agency(AgencyKind.CIVIL_AFFAIRS, world.county)
    Agency.objects.filter(pk=office.pk).update(name="酉阳土家族苗族自治县民政局")
    office.refresh_from_db()
    with scope(world.county_office):
        report_death(patient=patient, agency=office, died_on=timezone.localdate(), by=world.county_office)
    page = enter(world.worker, PHONE)
    page.goto(reverse("registry:patient", args=[patient.uuid]))
    expect(page.locator(".chips")).to_contain_text("酉阳土家族苗族自治县民政局告知已死亡")
    assert not page.evaluate(TOO_WIDE)


def test_a_panel_whose_questions_are_all_hidden_hides_with_its_heading(enter, world):
    page = enter(world.hospital, PHONE)
    page.goto(reverse("registry:card_new"))
    medicine = page.locator("section.panel").filter(has_text="药名 1")
    page.locator("[name=no_drug][value='0']").check(force=True)
    expect(medicine).to_be_visible()
    page.locator("[name=no_drug][value='1']").check(force=True)
    expect(medicine).to_be_hidden()
