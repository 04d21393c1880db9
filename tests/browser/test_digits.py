"""The registration form by keyboard: a digit chooses, Enter goes on and never sends from the middle."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_digits_choose_and_enter_goes_on(world, enter):
    page = enter(world.worker)
    page.goto(reverse("registry:patient_new"))
    page.locator("[name=name]").focus()
    page.keyboard.insert_text("试验甲")
    page.keyboard.press("Enter")
    expect(page.locator("[name=id_number]")).to_be_focused()
    page.locator("[name=sex]").first.focus()
    page.keyboard.press("2")
    expect(page.locator("[name=sex][value='2']")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("[name=birth_on]")).to_be_focused()
    page.locator("[name=diagnosis]").focus()
    page.keyboard.type("03")
    expect(page.locator("[name=diagnosis]")).to_have_value("03")
    assert page.url.endswith(reverse("registry:patient_new"))
