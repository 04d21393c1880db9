"""Home page = my work today, as the village doctor, the township worker, the psychiatrist and the hospital see it.

One list with verbs as buttons; the numbers in its heads are those of the lists behind them and of the dashboard.
"""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.services.delivering import deliver_due
from followup.services.visits import record_visit
from tests import factories
from tests.followup.conftest import days_ago, good
from tests.journeys.steps import SIZES, go_by

pytestmark = pytest.mark.django_db(transaction=True)


def number(page: Page, label: str) -> int:
    """What a filter or a topic says of itself."""
    found = re.search(rf"{label}\s+(\d+)", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return int(found.group(1))


@pytest.fixture
def county(world):
    """Two overdue in one village, one in another; one of level 3 told today."""
    with scope(counties=[world.county.pk]):
        for village, name, days in (
            ("990001001001", "试验甲", 110), ("990001001001", "试验乙", 100), ("990001001002", "试验丙", 120),
        ):  # fmt: skip
            record_visit(patient=world.patient(village, name), facts=good(days_ago(days)), form_id=uuid4(),
                         by=world.worker, as_recorded=True)  # fmt: skip
    with scope(world.worker):
        urgent = world.patient("990001001001", "试验丁")
        record_visit(patient=urgent, facts=good(timezone.localdate(), level=3, basis="在家砸东西"), form_id=uuid4(),
                     by=world.worker)  # fmt: skip
    deliver_due()
    return world


@SIZES
def test_the_township_workers_numbers_are_those_of_the_dashboard(county, enter, size):
    page = enter(county.worker, size)
    page.goto("/")
    expect(page.get_by_role("heading", name="今日工作")).to_be_visible()
    late = number(page, "逾期")
    go_by(page.locator(".filters a", has_text=re.compile("^逾期")))
    expect(page.locator(".work:not(.work-item)")).to_have_count(3)
    assert late == 3
    page.goto("/reports/people/overdue/")
    assert len({"试验甲", "试验乙", "试验丙"} & set(re.findall("试验.", page.locator("main").inner_text()))) == late
    page.goto(reverse("followup:worklist"))
    go_by(page.locator(".work", has_text="试验丙").get_by_role("link", name="随访 试验丙"))
    expect(page.locator("h1")).to_contain_text("试验丙")


@SIZES
def test_the_village_doctor_sees_the_own_village(county, enter, size):
    page = enter(county.village_doctor, size)
    page.goto("/")
    assert number(page, "逾期") == 2
    assert "试验丙" not in page.content()
    expect(page.get_by_role("link", name="随访 试验甲")).to_be_visible()


@SIZES
def test_the_psychiatrist_reviews_from_the_list(county, enter, size):
    page = enter(county.psychiatrist, size)
    page.goto("/")
    assert number(page, "待复核") == 1
    go_by(page.locator(".topics a", has_text="待复核"))
    row = page.locator(".work-item")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("还剩 3 个工作日")
    go_by(row.get_by_role("link", name="复核 试验丁"))
    expect(page.get_by_role("heading", name=re.compile("复核"))).to_be_visible()


@SIZES
def test_a_hospital_without_work_is_told_in_words(county, enter, size):
    clinic = factories.make_agency(AgencyKind.HOSPITAL, county.county)
    page = enter(factories.make_user(Role.HOSPITAL, county.county, clinic), size)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("现在没有要您办的事。")
