"""The papers of a file and the people around it, by the township worker; what lacks is a chip and a list.

Source: Registry 3 and 4. Consent is given and taken back with its scan; a guardian is changed on a day; the team of
the township, its psychiatrist and its posts stand on one page.
"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.conftest import VILLAGE_A1
from tests.followup.conftest import days_ago
from tests.journeys.steps import SIZES, follow, held, press

pytestmark = pytest.mark.django_db(transaction=True)
PDF = {"name": "表1-5.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nsigned"}
HELPERS = (("cadre", "村干甲"), ("police", "民警甲"), ("doctor", "医生甲"), ("grid", "网格甲"), ("civil", "民政甲"))
PROGRAM = {"name": "表1-5.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\0"}


@SIZES
def test_consent_is_given_and_taken_back_with_its_scan(world, enter, size):
    patient = world.patient(VILLAGE_A1, "手续甲", consent=False)
    page = enter(world.worker, size)
    page.goto(reverse("registry:patient", args=[patient.uuid]))
    expect(page.locator(".chips")).to_contain_text("缺")
    follow(page, "手续")
    follow(page, "登记知情同意")
    press(page, "保存")
    expect(page.locator("[data-errors]")).to_contain_text("办理方式")
    page.locator("select[name=path]").select_option("agreed")
    page.locator("select[name=signer]").select_option("patient")
    page.locator("input[name=on]").fill(f"{days_ago(9):%Y-%m-%d}")
    page.locator("input[name=scan]").set_input_files(PROGRAM)
    press(page, "保存")
    expect(page.locator("[data-errors]")).to_contain_text("只收 PDF")
    page.locator("input[name=scan]").set_input_files(PDF)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("同意参加管理")
    expect(page.get_by_role("link", name="扫描件").first).to_be_visible()

    follow(page, "登记知情同意")
    page.locator("select[name=path]").select_option("withdrawn")
    page.locator("select[name=signer]").select_option("patient")
    press(page, "保存")
    expect(page.locator("[data-errors]")).to_contain_text("原因")
    page.locator("input[name=reason]").fill("本人不愿意再被随访")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("撤回同意")
    expect(page.locator("main")).to_contain_text("本人不愿意再被随访")
    expect(page.locator("section.panel", has_text="知情同意经过").locator(".chip")).to_have_text(
        [re.compile("撤回同意"), re.compile("^同意参加管理"), re.compile("不同意参加管理")]
    )

    page.goto(reverse("registry:patients"))
    follow(page, "谁缺必备表格")
    expect(page.locator("main")).to_contain_text("手续甲")
    expect(page.locator("main")).to_contain_text("东街道")
    held(page)


@SIZES
def test_guardian_assistant_and_helpers_are_dated_persons(world, enter, size):
    patient = world.patient(VILLAGE_A1, "监护甲")
    page = enter(world.worker, size)
    page.goto(reverse("registry:patient", args=[patient.uuid]))
    follow(page, "身边的人")
    follow(page, "更换或更正监护人")
    page.locator("input[name=name]").fill("新监护人")
    page.locator("select[name=relation]").select_option("1")
    page.locator("input[name=on]").fill("2999-01-01")
    press(page, "保存监护人")
    expect(page.locator("[data-errors]")).to_contain_text("不能晚于今天")
    expect(page.locator("input[name=name]")).to_have_value("新监护人")
    page.locator("input[name=on]").fill(f"{timezone.localdate():%Y-%m-%d}")
    press(page, "保存监护人")
    guarding = page.locator("section.panel", has=page.get_by_role("heading", name="监护", exact=True))
    expect(guarding).to_contain_text("新监护人")
    before = page.locator("section.panel", has=page.get_by_role("heading", name="以前的记录"))
    expect(before).to_contain_text("试验监护人")

    follow(page, "登记协助监护人")
    page.locator("input[name=name]").fill("协助甲")
    page.locator("input[name=payee]").check()
    press(page, "保存协助监护人")
    expect(guarding).to_contain_text("协助甲")
    expect(guarding).to_contain_text("领取")
    for role, name in HELPERS:
        follow(page, "登记帮扶人员")
        page.locator("select[name=role]").select_option(role)
        page.locator("input[name=name]").fill(name)
        press(page, "保存帮扶人员")
        expect(page.locator("main")).to_contain_text(name)
    page.go_back()  # the form of the last one stands there anew, nothing is written by looking at it
    expect(page.locator("h1")).to_contain_text("登记帮扶人员")
    page.go_forward()
    expect(page.locator("main")).not_to_contain_text("没有指定")
    held(page)


@SIZES
def test_the_townships_group_its_psychiatrist_and_its_posts(world, enter, size):
    world.patient(VILLAGE_A1, "队伍甲")
    doctor = world.psychiatrist.display_name
    page = enter(world.worker, size)
    page.goto(reverse("registry:teams"))
    follow(page, "东街道")
    expect(page.locator("main")).to_contain_text("人员不够")
    follow(page, "登记小组成员")
    page.locator("select[name=group]").select_option(label="东街道精神卫生综合管理小组")
    press(page, "保存成员")
    expect(page.locator("[data-errors]")).to_contain_text("姓名")
    page.locator("input[name=name]").fill("组长甲")
    page.locator("select[name=agency_kind]").select_option("government")
    page.locator("input[name=leads]").check()
    press(page, "保存成员")
    expect(page.locator("main")).to_contain_text("组长甲")

    follow(page, "登记联系")
    page.locator("select[name=place]").select_option(label="东街道")
    page.locator("select[name=psychiatrist]").select_option(index=1)
    press(page, "保存联系")
    expect(page.locator("main")).to_contain_text(doctor)

    for name, share in (("专职甲", "100"), ("兼职乙", "50")):
        follow(page, "登记或调整")
        page.locator("input[name=name]").fill(name)
        page.locator("input[name=share]").fill("500" if share == "50" else share)
        press(page, "保存人员")
        if share == "50":
            expect(page.locator("[data-errors]")).to_contain_text("折合全职")
            page.locator("input[name=share]").fill(share)
            press(page, "保存人员")
        expect(page.locator("main")).to_contain_text(name)
    expect(page.locator(".page-head")).to_contain_text("折合全职 1.5 人")
    expect(page.locator("main")).not_to_contain_text("人员不够")
    held(page)
