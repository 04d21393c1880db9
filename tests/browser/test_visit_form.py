"""The visit form under a keyboard, without script, and with the server's verdict beside it."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.scope import scope
from followup.models import Visit
from followup.rules.facts import Drug
from followup.services.visits import record_visit
from tests.browser.conftest import PHONE
from tests.browser.steps import press
from tests.followup.conftest import days_ago, good

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient(world):
    found = world.patient()
    with scope(world.worker):
        record_visit(
            patient=found, facts=good(days_ago(20), level=1, insight=2), form_id=uuid4(), by=world.worker,
            as_recorded=True,
        )  # fmt: skip
    return found


def form_of(patient):
    return reverse("followup:visit_new", args=[patient.uuid])


def newest(world, patient):
    with scope(world.worker):
        return Visit.objects.current().filter(patient=patient).newest_first().first()


def test_the_whole_form_by_keyboard(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    page.locator("#id_visited_on").focus()
    page.keyboard.press("Enter")  # to the form of contact
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # to the level
    page.keyboard.press("0")
    page.locator("[data-verdict][data-suggested='2']").wait_for()  # insight 不全 keeps it from 稳定
    page.locator("#q-insight input").first.focus()
    page.keyboard.press("1")
    page.locator("[data-verdict][data-suggested='3']").wait_for()
    page.locator("#q-insight .mark-new").wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/followup/visits/**")
    visit = newest(world, patient)
    assert (visit.level, visit.form, visit.seen, visit.stability) == (0, "2", ["1", "2"], 3)


def test_enter_never_saves_by_accident(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    page.locator("#id_doctor_name").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.url.endswith(form_of(patient))
    assert newest(world, patient).visited_on == days_ago(20)


def test_level_three_asks_for_the_basis_and_says_who_is_told(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    expect(page.locator("#id_basis")).to_be_hidden()
    page.locator("label.level-3").click()
    page.locator("[data-save]", has_text="保存并通报").wait_for()
    expect(page.locator("#id_basis")).to_be_visible()
    expect(page.locator(".sum-then")).to_contain_text("东街道公安局（派出所）")
    expect(page.locator('[name="stability"][value="1"]')).to_be_checked()
    page.locator("label.level-1").click()
    page.locator("[data-save]", has_text="保存随访").wait_for()
    expect(page.locator("#id_basis")).to_be_hidden()


def test_what_was_refused_and_answered_since_is_no_longer_marked_wrong(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    press(page, "保存随访")
    expect(page.locator("#q-form .field-error")).to_be_visible()
    page.locator("#q-form label", has_text="家庭访视").click()
    expect(page.locator("#q-form .field-error")).to_be_hidden()
    expect(page.locator("[data-errors] li.is-amended")).to_have_count(1)
    expect(page.locator("#q-seen .field-error")).to_be_visible()


def test_a_milder_class_opens_the_reason(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    page.locator("label.level-1").click()
    page.locator("[data-verdict][data-suggested='2']").wait_for()
    expect(page.locator("#id_deviation_reason")).to_be_hidden()
    page.locator("#q-stability label", has_text="稳定").last.click()
    page.locator("#id_deviation_reason").wait_for()


def test_without_script_the_form_saves_by_the_rule(world, enter, patient):
    page = enter(world.worker, PHONE, java_script=False)
    page.goto(form_of(patient))
    page.locator("label.level-1").click()
    page.locator("#q-form label", has_text="电话").click()
    page.locator("#q-seen label", has_text="患者本人").click()
    page.locator("button", has_text="保存随访").click()
    page.wait_for_url("**/followup/visits/**")
    visit = newest(world, patient)
    assert (visit.level, visit.form, visit.stability, visit.due_reason) == (1, "3", 2, "基本稳定且好转，三个月一次")


def test_a_second_click_is_one_record(world, enter, patient):
    page = enter(world.worker)
    page.goto(form_of(patient))
    page.locator("label.level-0").click()
    page.locator("#q-form label", has_text="门诊").click()
    page.locator("#q-seen label", has_text="患者本人").click()
    page.locator("[data-save]").dblclick()
    page.wait_for_url("**/followup/visits/**")
    with scope(world.worker):
        assert Visit.objects.filter(patient=patient).count() == 2


def test_carried_medicine_and_text_are_marked_and_marked_anew_when_changed(world, enter):
    patient = world.patient()
    facts = good(days_ago(20), level=1, drugs=(Drug("利培酮", morning="1"),), case_management="每月家访")
    with scope(world.worker):
        record_visit(patient=patient, facts=facts, form_id=uuid4(), by=world.worker, as_recorded=True)
    page = enter(world.worker)
    page.goto(form_of(patient))
    line, text = page.locator(".med").first, page.locator("#q-case_management")
    expect(line.locator(".q-mark")).to_have_text("上次")
    expect(text.locator(".q-mark")).to_have_text("上次")
    page.locator("#id_drug1_morning").fill("2")
    page.locator("#id_case_management").fill("每周家访")
    page.keyboard.press("Tab")
    line.locator(".mark-new").wait_for()
    expect(line.locator(".mark-was")).to_have_text("上次 利培酮 1")
    expect(text.locator(".mark-was")).to_have_text("上次 每月家访")
    page.locator("#id_drug1_morning").fill("1")
    page.keyboard.press("Tab")
    line.locator(".mark-last").wait_for()
    page.goto(form_of(patient))
    page.locator("#id_drug1_morning").fill("3")
    page.locator("label.level-0").click()
    page.locator("[data-save]").click()
    page.locator("[data-errors]").wait_for()  # the form comes back with its marks
    expect(page.locator(".med").first.locator(".mark-was")).to_have_text("上次 利培酮 1")
