"""An absence from the township's page to the officer's phone and back, and the exchange clerk who keeps the addresses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Delivery, Notice
from exchange.services.noticing import send_due
from registry.models import Patient
from registry.services.status import set_status
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.exchange.conftest import deliver, save
from tests.journeys.steps import SIZES, go_by

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_officer_hears_that_somebody_left_and_is_back(world, enter):
    patient = world.patient(name="冉启明")
    assert world.police.agency != world.worker.agency
    save(world.worker, patient, 1, insight=3, obvious_symptoms=True, symptoms=(1,))
    with scope(world.worker):
        assert Patient.objects.get(pk=patient.pk).last_class == 1
    desk = enter(world.worker, DESKTOP)
    desk.goto(reverse("registry:patient_away", args=[patient.uuid]))
    desk.locator("input[name=outside]").fill("外省务工")
    go_by(desk.get_by_role("button", name="登记外出").first)
    expect(desk.locator("main")).to_contain_text("外出")
    deliver()

    phone = enter(world.police, PHONE)
    phone.goto(reverse("exchange:inbox"))
    expect(phone.locator("main")).to_contain_text("患者已外出，请协助留意")
    expect(phone.get_by_text("冉启明")).to_have_count(0)
    go_by(phone.get_by_role("button", name="签收"))
    expect(phone.get_by_text("冉启明")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("已外出；")
    for answer in ("没见到", "联系监护人", "平稳"):
        phone.get_by_label(answer).check()
    go_by(phone.get_by_role("button", name="反馈"))
    expect(phone.get_by_text("的反馈已保存")).to_be_visible()

    with scope(world.worker):
        person = Patient.objects.get(pk=patient.pk)
        set_status(patient=person, value="managed", on=timezone.localdate(), by=world.worker, reason="已返回")
    deliver()
    desk.goto(reverse("exchange:sent") + "?show=recall")
    expect(desk.locator("main")).to_contain_text("冉启明")
    phone.goto(reverse("exchange:inbox"))
    go_by(phone.get_by_role("button", name="签收解除通知"))
    expect(phone.get_by_text("的解除通知已签收")).to_be_visible()
    assert phone.complaints + desk.complaints == []


@SIZES
def test_the_exchange_clerk_keeps_addresses_and_sends_anew(world, enter, size):
    agency = factories.make_agency(AgencyKind.PREVENTION_OFFICE, world.county)
    clerk = factories.make_user(Role.EXCHANGE_CLERK, world.county, agency, username="clerk")
    save(world.worker, world.patient(name="冉启明"), 3)
    with scope(counties=[world.county.pk]):
        Delivery.objects.filter(entry__alert__agency=world.police.agency).update(
            failed_at=timezone.now(), attempts=20, last_error="OperationalError"
        )
    page = enter(clerk, size)
    page.goto(reverse("exchange:channels"))
    expect(page.locator("main")).to_contain_text("没有送到")
    go_by(page.get_by_role("button", name="重新发送"))
    expect(page.get_by_text("已重新送达")).to_be_visible()
    assert deliver() == 4

    form = page.locator("form", has=page.locator("input[name=address]"))
    form.locator("select[name=agency]").select_option(label=world.police.agency.name)
    form.locator("select[name=kind]").select_option("webhook")
    form.locator("input[name=address]").fill("随便写的")
    go_by(form.get_by_role("button", name="登记"))
    expect(page.locator("[data-errors]")).to_contain_text("地址")
    form.locator("input[name=address]").fill("https://127.0.0.1:9/in")
    go_by(form.get_by_role("button", name="登记"))
    expect(page.locator("main")).to_contain_text("签名密钥，只显示这一次")
    go_by(page.get_by_role("button", name="发一次测试"))
    expect(page.get_by_text("测试通知已登记")).to_be_visible()
    assert send_due() == 0
    page.reload()
    expect(page.locator("main")).to_contain_text("这个地址不在允许的范围内")
    Notice.objects.update(failed_at=timezone.now() - timedelta(minutes=1))
    page.reload()
    go_by(page.get_by_role("button", name="重新发送"))
    expect(page.get_by_text("已重新发送")).to_be_visible()
    go_by(page.get_by_role("button", name=f"标为全天值守 {world.police.agency.name}"))
    expect(page.get_by_text("已标为全天值守")).to_be_visible()
    expect(page.get_by_text("冉启明")).to_have_count(0)
    assert page.complaints == [] or all("400" in str(said) for said in page.complaints)
