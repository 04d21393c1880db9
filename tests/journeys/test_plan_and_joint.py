"""A level of 3 or more owes a plan, and nobody goes there alone.

Source: Follow-up 3 and 4. The plan is owed on 今日工作, made, reviewed as a second version; the station's officer reads the
sheet of the joint visit alone, and signs what was done.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import CountyPolicy
from accounts.rules.day_words import long_day
from accounts.scope import scope
from exchange.models import JointVisit
from followup.rules.plans import PlanFacts
from followup.services.plans import make_plan
from followup.terms import PlanKind
from tests.conftest import VILLAGE_A1
from tests.followup.conftest import days_ago
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


@SIZES
def test_a_plan_is_owed_made_and_reviewed(world, enter, size, record):
    patient = world.patient(VILLAGE_A1, "方案甲")
    record(patient, world.worker, days_ago(1), level=3, basis="在家砸东西")
    page = enter(world.worker, size)
    page.goto(reverse("followup:worklist") + "?topic=danger")
    go_by(page.get_by_role("link", name="制定方案 方案甲"))
    page.locator("[name=responsible]").fill("")
    page.locator("[name=review_on]").fill(f"{days_ago(30):%Y-%m-%d}")
    page.locator("[name=treatment]").fill("每两周随访一次，督促服药")
    press(page, "保存方案")
    expect(page.locator("[data-errors]")).to_contain_text("责任人")
    expect(page.locator("[name=treatment]")).to_have_value("每两周随访一次，督促服药")
    page.locator("[name=responsible]").fill("精防甲")
    page.locator("[name=guarding]").fill("父亲看护，民警每周联系")
    page.locator("[name=review_on]").fill(f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}")
    press(page, "保存方案")
    expect(page.locator(".flashes")).to_contain_text("已保存")
    page.goto(reverse("followup:worklist") + "?topic=danger")
    expect(page.get_by_role("link", name="制定方案 方案甲")).to_have_count(0)

    page.goto(reverse("followup:care", args=[patient.uuid]))
    go_by(page.locator("main").get_by_role("link", name="一人一方案"))
    follow(page, "复评")
    old_tab = page.context.new_page()
    old_tab.goto(page.url)
    page.locator("[name=treatment]").fill("每周随访一次")
    page.locator("[name=because]").fill("仍有冲动行为")
    press(page, "保存方案")
    expect(page.locator("main")).to_contain_text("第 2 版")
    expect(page.locator("main")).to_contain_text("每周随访一次")
    old_tab.locator("[name=treatment]").fill("每月随访一次")
    old_tab.locator("[name=because]").fill("另一个窗口")
    press(old_tab, "保存方案")
    expect(old_tab.locator("main")).to_contain_text("每周随访一次")
    old_tab.close()
    held(page)


@SIZES
def test_the_psychiatrist_lowers_the_level_and_the_team_of_a_case_changes(world, enter, size, record):
    """Follow-up 4: the clock before it is late, the plan that waits for its end, its paper, members with their days."""
    patient = world.patient(VILLAGE_A1, "复核甲")
    record(patient, world.worker, days_ago(1), level=3, basis="在家砸东西")
    today = timezone.localdate()
    with scope(world.worker):
        facts = PlanFacts(treatment="用药", guarding="父亲看护", responsible="冉医生", starts_on=today,
                          review_on=today + timedelta(days=5))  # fmt: skip
        plan = make_plan(patient=patient, kind=PlanKind.INDIVIDUAL, facts=facts, by=world.worker)
    page = enter(world.worker, size)
    page.goto(reverse("followup:worklist") + "?topic=files")
    expect(page.locator("main")).to_contain_text(f"一人一方案：{long_day(today + timedelta(days=5))} 复评")
    doctor = enter(world.psychiatrist, size)
    doctor.goto(reverse("followup:worklist") + "?topic=reviews")
    expect(doctor.locator("main")).to_contain_text("个工作日，")
    go_by(doctor.get_by_role("link", name="复核 复核甲"))
    doctor.get_by_label("确认已降到 3 级以下").check()
    doctor.locator("[name=because]").fill("面诊，情绪平稳")
    go_by(doctor.locator("main form button[type=submit]").last)
    page.goto(reverse("followup:plan", args=[plan.uuid]))
    expect(page.locator("main")).to_contain_text("等级已下降，请评估后结束")
    follow(page, "打印")
    expect(page.locator("article.paper")).to_contain_text("父亲看护")

    page.goto(reverse("followup:care", args=[patient.uuid]))
    for names in (("赵护士",), ("钱护士",)):
        follow(page, "更换团队")
        page.locator("[name=role1]").select_option("nurse")
        page.locator("[name=name1]").fill(names[0])
        page.locator("[name=starts_on]").fill(f"{days_ago(9 if names == ('赵护士',) else 2):%Y-%m-%d}")
        press(page, "保存团队")
    expect(page.locator("main")).to_contain_text(f"钱护士 {days_ago(2):%Y-%m-%d} 起")
    page.get_by_text("以前的成员 1 人").click()
    expect(page.locator("main")).to_contain_text(f"赵护士 {days_ago(9):%Y-%m-%d} 至 {days_ago(2):%Y-%m-%d}")
    CountyPolicy.objects.create(county=world.county, key="case_management_for_all", value=True, starts_on=days_ago(1))
    office = enter(world.county_office, size)
    office.goto(reverse("followup:worklist") + "?topic=files")
    go_by(office.get_by_role("link", name="看名单 个案管理"))
    expect(office.locator("main")).to_contain_text("县里规定在册患者都要有")
    held(page, doctor, office)


@SIZES
def test_a_joint_visit_is_arranged_and_the_police_sign(world, enter, size, record):
    patient = world.patient(VILLAGE_A1, "协同甲")
    officer = world.police
    record(patient, world.worker, days_ago(1), level=3, basis="在家砸东西")
    page = enter(world.worker, size)
    page.goto(reverse("followup:care", args=[patient.uuid]))
    expect(page.locator("main")).to_contain_text("建议请人同去")
    follow(page, "约协同随访")
    press(page, "约定")
    expect(page.locator("[data-errors]")).to_contain_text("什么时候去")
    page.locator("[name=planned_at]").fill(f"{timezone.localtime() - timedelta(days=9):%Y-%m-%d %H:%M}")
    page.locator("[name=members]").first.check()
    press(page, "约定")
    expect(page.locator("[data-errors]")).to_be_visible()
    page.locator("[name=planned_at]").fill(f"{timezone.localtime() + timedelta(days=1):%Y-%m-%d %H:%M}")
    page.locator("[name=meet]").fill("村口")
    press(page, "约定")
    expect(page.locator("main")).to_contain_text("还没有签名")
    sheet = page.url

    theirs = enter(officer, size)
    theirs.goto(reverse("exchange:my_joints"))
    go_by(theirs.locator("main ul.lines").get_by_role("link").first)
    expect(theirs.locator("main")).to_contain_text("协同甲")
    for word in ("精神分裂症", "3 级", "砸东西", "试验监护人"):
        expect(theirs.locator("main")).not_to_contain_text(word)
    press(theirs, "签名")
    expect(theirs.locator("[data-errors]")).to_contain_text("请写做了什么")
    theirs.locator("[name=did]").fill("见到本人，劝其父亲收好刀具")
    press(theirs, "签名")
    expect(theirs.locator("[data-errors]")).to_contain_text("还没有到约定的日期")
    with scope(world.worker):
        JointVisit.objects.filter(patient=patient).update(planned_at=timezone.now())
    press(theirs, "签名")
    expect(theirs.locator("main")).to_contain_text("已签名")

    page.goto(sheet)
    expect(page.locator("main")).to_contain_text("收好刀具")
    press(page, "登记为完成")
    expect(page.locator(".flashes")).to_contain_text("已登记为完成")
    held(page, theirs)
