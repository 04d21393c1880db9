"""A quarter on its way: the police's key, two signatures, the file opened, every row answered, the certificate.

As the exchange clerk, the commission, the privacy officer and the county's police. Source: issue 4, Build 4 and 5.
"""

import io
import zipfile
from pathlib import Path

import pyrage
import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.terms import Role
from tests import factories
from tests.exchange.test_keys import new_pair
from tests.exchange.test_packages import house, made
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["house"]


def sign(page, address, button):
    page.goto(address)
    page.get_by_label("看过各名单的人数和变化").check()
    page.get_by_label("接收单位、期间、栏目无误").check()
    press(page, button)


@SIZES
def test_a_quarter_from_the_key_to_the_certificate(house, enter, size):
    package = made(house)
    address = reverse("exchange:package", args=[package.uuid])
    identity, public = new_pair()

    police = enter(factories.make_user(Role.COUNTY_POLICE, house["county"], package.agency), size)
    police.goto(reverse("exchange:files"))
    expect(police.locator("main")).to_contain_text("还没有文件")
    police.get_by_label("公钥", exact=True).fill(public)
    press(police, "登记公钥")
    expect(police.locator("main")).to_contain_text("县里会打电话与您对指纹")
    seen = police.locator(".key-line").inner_text()

    officer = enter(house["who"][Role.PRIVACY_OFFICER], size)
    officer.goto(reverse("exchange:keys"))
    go_by(officer.get_by_role("link", name="待核对"))
    expect(officer.locator("main")).to_contain_text(seen)
    press(officer, "指纹一致，启用")

    commission = enter(house["who"][Role.COMMISSION], size)
    commission.goto(address)
    expect(commission.locator("main")).to_contain_text("不给：诊断和治疗")
    commission.get_by_role("button", name="核对无误，签名").click()  # without the two ticks the browser holds it back
    expect(commission.get_by_role("button", name="核对无误，签名")).to_be_visible()
    sign(commission, address, "核对无误，签名")
    expect(commission.locator(".flashes")).to_contain_text("还要另一个人")
    expect(commission.get_by_role("button", name="签发")).to_have_count(0)
    expect(commission.locator("[aria-current=step]")).to_contain_text("第二人签发")
    sign(officer, address, "签发")
    expect(officer.locator(".flashes")).to_contain_text("已签发")
    expect(officer.locator("[aria-current=step]")).to_contain_text("送达")

    police.goto(reverse("exchange:files"))
    with police.expect_download() as got:
        police.get_by_role("button", name="下载").first.click()
    plain = pyrage.decrypt(Path(got.value.path()).read_bytes(), [identity])
    with zipfile.ZipFile(io.BytesIO(plain)) as files:
        rows = "".join(files.read(name).decode("utf-8-sig") for name in files.namelist() if name.endswith(".csv"))
    assert "高危甲" in rows
    assert "金丝雀症状" not in rows
    police.goto(reverse("exchange:files"))
    go_by(police.get_by_role("link", name="核对并回执").first)
    press(police, "全部一致")
    expect(police.locator("main")).to_contain_text("2 = 2 + 0 + 0 + 0")

    clerk = enter(house["who"][Role.EXCHANGE_CLERK], size)
    clerk.goto(address)
    expect(clerk.locator(".release-steps")).to_contain_text("接收单位逐行回复")
    expect(clerk.get_by_role("button", name="签发")).to_have_count(0)
    follow(clerk, "办结")
    press(clerk, "办结")
    expect(clerk.locator(".release-steps")).to_contain_text("已办结")
    go_by(clerk.get_by_role("link", name="交换办结单"))
    with clerk.expect_download() as paper:
        clerk.locator("main a[href$='.pdf'], .page-head a[href$='.pdf']").first.click()
    words = "".join(page.extract_text() for page in PdfReader(paper.value.path()).pages)
    assert "高危甲" not in words
    assert "2" in words
    held(police, officer, commission, clerk)
