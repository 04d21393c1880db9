"""A guardian objects, everything told afterwards says so, two people end it again, and a paper says who was told what.

As the township's worker, the police at the station, the county's office. Source: issue 4, Build 9.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Assignment
from tests.browser.seeing import see
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import deliver, save
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


@SIZES
def test_an_objection_from_its_first_word_to_its_end(world, enter, size):
    Assignment.objects.update(ends_on=None)
    patient = world.patient(VILLAGE_A1, "冉启明")
    tab = reverse("exchange:patient_tab", args=[patient.uuid])

    worker = enter(world.worker, size)
    worker.goto(tab)
    follow(worker, "登记异议")
    worker.get_by_label("监护人", exact=True).check()
    worker.get_by_label("不同意把信息提供给其他单位").check()
    worker.get_by_label("怎样说的").fill("只想让医生知道")
    press(worker, "登记异议")
    expect(worker.locator("main")).to_contain_text("有异议")

    save(world.worker, patient, 3)
    deliver()
    police = enter(world.police, size)
    police.goto(reverse("exchange:inbox"))
    go_by(police.get_by_role("button", name="签收"))
    expect(police.locator("main")).to_contain_text("冉启明")
    expect(police.locator("main")).to_contain_text("有异议")
    see(police, police.complaints)

    worker.goto(tab)
    follow(worker, "登记撤回")
    worker.get_by_label("监护人", exact=True).check()
    press(worker, "登记撤回")
    expect(worker.locator("main")).to_contain_text("请写明来人为什么撤回")
    worker.get_by_label("为什么撤回").fill("民警上门解释过了")
    press(worker, "登记撤回")
    follow(worker, "撤回待另一人核对")
    expect(worker.locator("main")).to_contain_text("您登记的撤回由另一个人核对")
    expect(worker.get_by_role("button", name="核对无误，撤回异议")).to_have_count(0)
    see(worker, worker.complaints, allow=["status of 400"])

    office = enter(world.county_office, size)
    office.goto(reverse("followup:work_lines"))
    go_by(office.get_by_role("link", name="核对").first)
    expect(office.locator("main")).to_contain_text("民警上门解释过了")
    see(office, office.complaints)
    press(office, "核对无误，撤回异议")
    expect(office.locator(".flashes")).to_contain_text("异议已撤回")
    save(world.worker, patient, 4)
    deliver()
    police.goto(reverse("exchange:inbox"))
    go_by(police.get_by_role("button", name="签收"))
    expect(police.locator("main")).to_contain_text("4 级")

    worker.goto(tab)
    follow(worker, "打印给本人")
    worker.get_by_label("监护人", exact=True).check()
    press(worker, "生成打印页")
    paper = worker.locator("article.paper")
    expect(paper).to_contain_text(world.police.agency.name)
    for words in ("告知", "异议标记", "该单位查看了", "依据：履行法定职责", "监护人撤回：民警上门解释过了"):
        expect(paper).to_contain_text(words)
    expect(paper).not_to_contain_text(world.police.display_name)
    held(worker, police, office)
