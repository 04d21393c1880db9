"""One person in two files: seen while registering, proposed by the township, confirmed by the county, undone again.

Source: Registry 8. Nobody confirms the own proposal; both files come back as they were.
"""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.scope import scope
from registry.models import Patient
from registry.rules.person import PersonFacts
from registry.services.registration import register_patient
from tests.conftest import VILLAGE_A1, VILLAGE_A2
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)
BORN = date(1980, 5, 6)


@SIZES
def test_who_is_on_file_already_stands_beside_the_form(world, enter, size):
    patient = world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua", initials="rqh", born=BORN)
    page = enter(world.worker, size)
    page.goto(reverse("registry:patient_new"))
    page.locator("input[name=name]").fill("冉起华")
    page.locator("input[name=birth_on]").fill("1980-05-06")
    page.locator("select[name=residence_code]").select_option(VILLAGE_A1)
    found = page.locator("#candidates")
    expect(found).to_contain_text("可能已经建过档")
    expect(found).to_contain_text("姓名同音")
    expect(found).to_contain_text("冉启华")
    page.locator("input[name=id_number]").fill(str(patient.id_number))
    page.locator("input[name=name]").focus()
    expect(found).to_contain_text("这个身份证号已经建档")
    press(page, "建档")
    expect(page.locator("[data-errors]")).to_be_visible()
    expect(page.locator("input[name=name]")).to_have_value("冉起华")
    with scope(world.worker):
        assert Patient.objects.count() == 1
    held(page)


@SIZES
def test_a_pair_is_proposed_by_one_and_confirmed_by_another_and_undone(world, enter, size):
    world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua", born=BORN)
    world.patient(VILLAGE_A2, "冉启华", pinyin="ranqihua", born=BORN)
    here = enter(world.worker, size)
    here.goto(reverse("registry:patients"))
    follow(here, "疑似重复")
    go_by(here.get_by_role("link", name="核对").first)
    press(here, "提出合并")
    expect(here.locator("[data-errors]")).to_be_visible()
    here.locator("input[name=reason]").fill("上门核对，是同一个人")
    press(here, "提出合并")
    expect(here.locator("main")).to_contain_text("等另一个人确认")
    go_by(here.locator("section.panel", has_text="等另一个人确认").get_by_role("link").first)
    expect(here.get_by_role("button", name="确认合并")).to_have_count(0)
    expect(here.get_by_role("button", name="撤回")).to_be_visible()

    there = enter(world.county_office, size)
    there.goto(reverse("followup:worklist"))
    go_by(there.get_by_role("link", name="核对合并").first)
    expect(there.locator("main")).to_contain_text("上门核对，是同一个人")
    second_tab = there.context.new_page()
    second_tab.goto(there.url)
    press(there, "确认合并")
    expect(there.locator("main")).to_contain_text("已合并")
    press(second_tab, "确认合并")  # the tab still shows the question: it is told, and nothing happens twice
    expect(second_tab.locator("main")).to_contain_text("已")
    second_tab.close()
    with scope(counties=[world.county.pk]):
        assert Patient.objects.count() == 1

    there.goto(reverse("registry:duplicates"))
    go_by(there.locator("section.panel", has_text="办过的合并").get_by_role("link").first)
    there.locator("input[name=reason]").fill("后来查明是两个人")
    press(there, "撤销合并")
    expect(there.locator("main")).to_contain_text("两份档案恢复原样")
    with scope(counties=[world.county.pk]):
        assert Patient.objects.count() == 2
    held(here, there)


@SIZES
def test_somebody_without_papers_is_given_back_reported_again_and_confirmed(world, enter, size):
    facts = PersonFacts(
        name="无名氏", no_id_reason="流浪，说不清来历", residence_code=VILLAGE_A1, diagnosis="01", sex="1",
        diagnosed_on=date(2026, 1, 5), opened_on=date(2026, 1, 6), residence_address="救助站",
    )  # fmt: skip
    with scope(world.worker):
        patient = register_patient(facts=facts, by=world.worker)
    there, here = enter(world.county_office, size), enter(world.worker, size)

    def do(page, verb, button, words):
        page.goto(reverse("followup:worklist"))
        go_by(page.get_by_role("link", name=verb).first)
        press(page, button)
        expect(page.locator("[data-errors]")).to_contain_text("请写明")
        page.locator("input[name=words]").fill(words)
        press(page, button)
        expect(page.locator("main")).to_contain_text("已记下")

    do(there, "核实身份", "退回补查", "请采指纹")
    do(here, "补查身份", "补查后再报", "指纹已采，查无此人")
    here.goto(reverse("registry:identity", args=[patient.uuid]))
    expect(here.get_by_role("button", name="核实无误")).to_have_count(0)
    do(there, "核实身份", "核实无误", "派出所、救助站都核对过")
    expect(there.locator("main")).to_contain_text("已核实 1 人")
    held(there, here)
