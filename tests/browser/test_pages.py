"""Every page, at a desk's width and a phone's: axe, the content policy, no sideways scroll, targets for a thumb."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.browser.seeing import is_too_wide, see, small_targets
from tests.browser.shots import shoot

BETWEEN = {"desktop": (1024, 800, 600), "phone": (320,)}  # 320 px is 400 % zoom (WCAG 1.4.10)
SIZES = {"desktop": DESKTOP, "phone": PHONE}
# A page is opened once and made narrower: its scripts do not ask how wide it is. The visit form asks whether there is a
# finger or a mouse, and what is done on a page may need its phone's bar: those are opened for each size.
ASKS_FOR_A_FINGER = "script[src*='/visit.']"


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_page_may_be_shown_to_anyone(case, enter, county, request):
    user = county.person(case.who) if case.who else None
    page = None
    for size_name, size in SIZES.items():
        again = page is not None and not (case.act or page.locator(ASKS_FOR_A_FINGER).count())
        if not again:
            page = opened(case, enter(user, size), county)
        page.set_viewport_size(size)
        expected = [f"status of {code}" for code in (case.status, case.answer) if code >= 400]
        see(page, page.complaints, allow=expected, again=again)
        if size is PHONE:
            assert small_targets(page) == []
        if request.config.getoption("screenshots", default=False):
            shoot(page, f"{case.name}.{size_name}.png")
        assert [width for width in BETWEEN[size_name] if is_too_wide(page, width)] == []


def opened(case, page, county):
    answer = page.goto(case.url(county))
    assert answer.status == case.status, page.url
    if page.locator("[hx-trigger='load']").count():
        page.wait_for_load_state("networkidle")  # parts that the page fetches by itself
    if case.act:
        case.act(page)
    return page
