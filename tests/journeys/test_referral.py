"""Somebody unstable is referred: the township worker writes the slip, the hospital answers, the file shows the stay.

Source: Registry 7. Two people, two browsers; nothing of the file but the slip reaches the hospital.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.conftest import VILLAGE_A1
from tests.journeys.steps import SIZES, go_by, press

pytestmark = pytest.mark.django_db(transaction=True)


@SIZES
def test_a_referral_goes_to_the_hospital_and_comes_back(world, enter, size):
    patient, hospital_name = world.patient(VILLAGE_A1, "转诊甲", phone="19900001234"), world.hospital.agency.name
    here = enter(world.worker, size)
    here.goto(reverse("registry:patient_stays", args=[patient.uuid]))
    go_by(here.get_by_role("link", name="转诊", exact=True).last)
    here.locator("select[name=to]").select_option(label=hospital_name)
    here.locator("select[name=reason]").select_option("unstable")
    press(here, "发出转诊单")
    expect(here.locator("[data-errors]")).to_contain_text("主要现病史")
    here.locator("[name=present]").fill("近一周兴奋话多")
    press(here, "发出转诊单")
    expect(here.locator("main")).to_contain_text("已提出")

    there = enter(world.hospital, size)
    there.goto(reverse("registry:referrals"))
    go_by(there.get_by_role("link", name="转诊甲"))
    expect(there.locator("main")).to_contain_text("近一周兴奋话多")
    press(there, "签收")
    go_by(there.get_by_role("link", name="接诊", exact=True))
    press(there, "登记接诊")
    go_by(there.get_by_role("link", name="填写回转单"))
    there.locator("[name=diagnosis]").fill("精神分裂症")
    there.locator("[name=advice]").fill("继续服药，两周复诊")
    press(there, "发回转出单位")
    expect(there.locator("main")).to_contain_text("已回转")

    chief = enter(world.leader, size)  # reads the slip, needs no number for it
    chief.goto(there.url)
    expect(there.locator("main")).to_contain_text("19900001234")
    expect(chief.locator("main")).to_contain_text("199****1234")
    expect(chief.locator("main")).not_to_contain_text("19900001234")

    here.goto(reverse("registry:referrals"))
    go_by(here.get_by_role("link", name="转诊甲"))
    expect(here.locator("main")).to_contain_text("继续服药，两周复诊")
    press(here, "签收回转单")
    expect(here.locator("main")).to_contain_text("已完成")


def set_to(page: Page, name: str, value: str) -> None:
    page.locator(f"select[name={name}]").select_option(value)


@SIZES
def test_an_emergency_and_a_guardian_who_takes_nobody_home(world, enter, size):
    """绿色通道: who brought, on which ground, until when a second opinion may be asked; then the way home."""
    patient, today = world.patient(VILLAGE_A1, "转诊乙"), timezone.localdate()
    here = enter(world.worker, size)
    here.goto(reverse("registry:patient_stays", args=[patient.uuid]))
    go_by(here.get_by_role("link", name="登记送诊"))
    here.locator("[name=hospital_name]").fill("市三院")
    set_to(here, "sent_by", "police")
    here.locator("[name=arrived_on]").fill(today.isoformat())
    set_to(here, "ground", "item_2")
    here.locator("[name=concluded_on]").fill(f"{today - timedelta(days=1)}")
    press(here, "保存")
    expect(here.locator("[data-errors]")).to_contain_text("收到诊断结论的日期不能早于送达日期")
    here.locator("[name=concluded_on]").fill(today.isoformat())
    press(here, "保存")

    here.goto(reverse("registry:patient_stays", args=[patient.uuid]))
    go_by(here.get_by_role("link", name="登记请求"))
    set_to(here, "direction", "out")
    set_to(here, "guardian", "unwilling")
    here.locator("[name=asked_on]").fill(today.isoformat())
    press(here, "登记")
    here.goto(reverse("followup:worklist"))
    expect(here.locator("main")).to_contain_text("请告知监护人可以要求再次诊断")
    expect(here.locator("main")).to_contain_text("由镇街督促监护人接收并办理出院手续")
    go_by(here.get_by_role("link", name="办理协助出院 转诊乙").first)
    set_to(here, "after", "done")
    here.locator("[name=on]").fill(today.isoformat())
    press(here, "保存")
    expect(here.locator("[data-errors]")).to_contain_text("请写明手续由谁签字办理")
    here.locator("[name=signed_by]").fill("其父")
    here.locator("[name=escorts]").fill("村干部、民警")
    press(here, "保存")
    here.goto(reverse("followup:worklist"))
    expect(here.locator("main")).not_to_contain_text("由镇街督促监护人接收")
    assert [word for word in here.complaints if "status of 400" not in word] == []
