"""The exchange clerk drafts a template, is told what lacks, proposes it; the privacy officer puts it in force.

Source: issue 4, Build 1.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.terms import AgencyKind, Role
from tests import factories
from tests.conftest import COUNTY
from tests.journeys.steps import SIZES, follow, go_by, held, press

pytestmark = pytest.mark.django_db(transaction=True)


@SIZES
def test_a_template_from_draft_to_force(world, enter, size):
    county, today = world.places[COUNTY], timezone.localdate()
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    clerk = enter(factories.make_user(Role.EXCHANGE_CLERK, county, office), size)
    clerk.goto(reverse("exchange:templates"))
    expect(clerk.locator("main")).to_contain_text("法定")
    follow(clerk, "拟定 民政部门 半年信息交换")
    clerk.locator("[name=agreement]").fill("试协〔2026〕1号")
    clerk.locator("[name=assessment]").fill("试评〔2026〕1号")
    clerk.locator("[name=assessed_on]").fill(f"{today - timedelta(days=4 * 365):%Y-%m-%d}")
    clerk.get_by_label("监护人联系方式", exact=True).uncheck()
    press(clerk, "保存草稿")
    expect(clerk.locator("[data-errors]")).to_contain_text("满 3 年")
    expect(clerk.locator("[name=agreement]")).to_have_value("试协〔2026〕1号")
    clerk.locator("[name=assessed_on]").fill(f"{today:%Y-%m-%d}")
    press(clerk, "保存草稿")
    expect(clerk.locator(".flashes")).to_contain_text("草稿已保存")
    expect(clerk.locator("main")).not_to_contain_text("监护人联系方式")
    press(clerk, "提出启用")
    expect(clerk.locator("main")).to_contain_text("待启用")
    expect(clerk.get_by_role("button", name="启用", exact=True)).to_have_count(0)

    officer = enter(factories.make_user(Role.PRIVACY_OFFICER, county, office), size)
    officer.goto(reverse("followup:worklist"))
    go_by(officer.get_by_role("link", name="审核").first)
    expect(officer.locator("main")).to_contain_text("试评〔2026〕1号")
    press(officer, "启用")
    expect(officer.locator(".flashes")).to_contain_text("已启用")
    expect(officer.get_by_role("button", name="启用", exact=True)).to_have_count(0)
    held(clerk, officer)
