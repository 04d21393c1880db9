"""A file's way to the next township, and somebody who is away, in the hands of both townships and the county.

Source: Registry 5 and 6. The worker proposes; the receiver sees what it needs, gives it back once, takes it the second
time; the file opens there the same day and here no more. Custody is written with its place on the status page.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.scope import scope
from registry.models import Patient, PatientStatus
from tests.conftest import VILLAGE_A1, VILLAGE_A2
from tests.journeys.steps import SIZES, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


def open_work(page: Page, name: str) -> None:
    page.goto(reverse("followup:worklist"))
    go_by(page.get_by_role("link", name=name).first)


@SIZES
def test_a_file_goes_to_the_next_township(world, enter, size):
    patient = world.patient(VILLAGE_A1, "迁移甲")
    here = enter(world.worker, size)
    here.goto(reverse("registry:transfer_new", args=[patient.uuid]))
    press(here, "提出移交")
    expect(here.locator("[data-errors]")).to_contain_text("移交原因")
    here.locator("select[name=to]").select_option(world.town_b.code)
    here.locator("select[name=reason]").select_option("moved")
    here.locator("input[name=address]").fill("西一村2组")
    press(here, "提出移交")
    expect(here.locator("main")).to_contain_text("还剩 5 个工作日")

    there = enter(world.worker_b, size)
    open_work(there, "办理移交 迁移甲")
    expect(there.locator("main")).to_contain_text("西一村2组")
    there.locator("input[name=answer][value=refuse]").check()
    press(there, "办理")
    expect(there.locator("[data-errors]")).to_contain_text("请写明原因")
    there.locator("input[name=reason]").fill("没有找到这个门牌")
    press(there, "办理")
    expect(there.locator("main")).to_contain_text("已退回")

    open_work(here, "处理退回 迁移甲")
    expect(here.locator("main")).to_contain_text("没有找到这个门牌")
    here.locator("input[name=answer][value=again]").check()
    here.locator("input[name=reason]").fill("门牌已核对")
    press(here, "办理")

    open_work(there, "办理移交 迁移甲")
    there.locator("input[name=answer][value=accept]").check()
    there.locator("select[name=village]").select_option("990001101201")
    press(there, "办理")
    expect(there.locator("main")).to_contain_text("首次随访还剩 10 个工作日")
    go_by(there.get_by_role("link", name="打开档案"))
    expect(there.locator("h1")).to_contain_text("迁移甲")
    assert here.goto(reverse("registry:patient", args=[patient.uuid])).status == 404
    assert [said for said in there.complaints if "400" not in said] == []  # the refusal without its reason is one


@SIZES
def test_somebody_away_has_a_temporary_file_and_stays_on_duty(world, enter, size):
    patient = world.patient(VILLAGE_A1, "外出甲")
    here = enter(world.worker, size)
    here.goto(reverse("registry:patient_away", args=[patient.uuid]))
    here.locator("select[name=to]").select_option(world.town_b.code)
    here.locator("input[name=address]").fill("西一村工地")
    press(here, "登记外出")
    expect(here.locator("main")).to_contain_text("告知流入地")

    there = enter(world.worker_b, size)
    open_work(there, "建临时档案 外出甲")
    press(there, "建立临时档案")
    there.locator("input[name=words]").fill("已见面，情况平稳。")
    press(there, "发出")
    here.goto(reverse("registry:notices"))
    expect(here.locator("main")).to_contain_text("已见面，情况平稳。")
    with scope(world.county_office):
        assert Patient.objects.get(pk=patient.pk).duty_township == world.town_a.pk
    assert there.complaints == []


@SIZES
def test_custody_is_written_with_its_place_and_a_mistake_is_corrected(world, enter, size):
    patient = world.patient(VILLAGE_A1, "状态甲")
    page = enter(world.worker, size)
    page.goto(reverse("registry:patient_status", args=[patient.uuid]))
    page.locator("select[name=value]").select_option("detained")
    page.locator("select[name=reason_code]").select_option("held_ord")
    press(page, "更改状态")
    expect(page.locator("[data-errors]")).to_contain_text("场所")
    page.locator("input[name=place]").fill("县安康医院")
    page.locator("input[name=unit]").fill("县安康医院")
    press(page, "更改状态")
    expect(page.locator("main")).to_contain_text("羁押或强制医疗")
    page.goto(reverse("registry:status_correct", args=[patient.uuid]))
    page.locator("input[name=reason]").fill("同名，登记错了")
    press(page, "更正")
    expect(page.locator("main")).to_contain_text("已更正")
    with scope(world.worker):
        assert PatientStatus.objects.filter(patient=patient).count() == 2
        assert Patient.objects.get(pk=patient.pk).status == "managed"


@SIZES
def test_a_new_address_ends_the_earlier_and_the_next_township_is_a_transfer(world, enter, size):
    patient = world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua")
    page = enter(world.worker, size)
    page.goto(reverse("registry:patient", args=[patient.uuid]))
    go_by(page.get_by_role("link", name="住址和管辖的经过"))
    go_by(page.get_by_role("link", name="登记新的住址"))
    page.locator("select[name=kind]").select_option("residence")
    page.locator("select[name=division]").select_option(world.town_b.code)
    page.locator("input[name=detail]").fill("西街18号")
    press(page, "登记住址")
    expect(page.locator("[data-errors]")).to_contain_text("请办“档案移交”")
    expect(page.locator("input[name=detail]")).to_have_value("西街18号")
    page.locator("select[name=division]").select_option(VILLAGE_A2)
    press(page, "登记住址")
    expect(page.locator("main")).to_contain_text("以前的住址都保留")
    expect(page.get_by_role("row").filter(has_text="西街18号")).to_contain_text("现在")
    expect(page.locator("main")).to_contain_text(world.town_a.name)
    held(page)
