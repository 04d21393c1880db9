"""Somebody unstable is referred: the township worker writes the slip, the hospital answers, the file shows the stay.

Source: Registry 7. Two people, two browsers; nothing of the file but the slip reaches the hospital.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import VILLAGE_A1

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


@pytest.mark.parametrize("size", SIZES)
def test_a_referral_goes_to_the_hospital_and_comes_back(world, enter, size):
    patient, hospital_name = world.patient(VILLAGE_A1, "转诊甲"), world.hospital.agency.name
    here = enter(world.worker, size)
    here.goto(reverse("registry:patient_stays", args=[patient.uuid]))
    here.get_by_role("link", name="转诊", exact=True).last.click()
    here.locator("select[name=to]").select_option(label=hospital_name)
    here.locator("select[name=reason]").select_option("unstable")
    press(here, "发出转诊单")
    expect(here.locator("[data-errors]")).to_contain_text("主要现病史")
    here.locator("[name=present]").fill("近一周兴奋话多")
    press(here, "发出转诊单")
    expect(here.locator("main")).to_contain_text("已提出")

    there = enter(world.hospital, size)
    there.goto(reverse("registry:referrals"))
    there.get_by_role("link", name="转诊甲").click()
    expect(there.locator("main")).to_contain_text("近一周兴奋话多")
    press(there, "签收")
    there.get_by_role("link", name="接诊", exact=True).click()
    press(there, "登记接诊")
    there.get_by_role("link", name="填写回转单").click()
    there.locator("[name=diagnosis]").fill("精神分裂症")
    there.locator("[name=advice]").fill("继续服药，两周复诊")
    press(there, "发回转出单位")
    expect(there.locator("main")).to_contain_text("已回转")

    here.goto(reverse("registry:referrals"))
    here.get_by_role("link", name="转诊甲").click()
    expect(here.locator("main")).to_contain_text("继续服药，两周复诊")
    press(here, "签收回转单")
    expect(here.locator("main")).to_contain_text("已完成")
