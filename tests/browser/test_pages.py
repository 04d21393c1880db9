"""Every page, at a desk's width and a phone's: axe, the content policy, no sideways scroll, targets for a thumb."""

from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.browser.seeing import see, small_targets

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_page_may_be_shown_to_anyone(case, enter, county, request):
    user = county.person(case.who) if case.who else None
    for size_name, size in SIZES.items():
        page = enter(user, size)
        answer = page.goto(case.url(county))
        assert answer.status == case.status, page.url
        see(page, page.complaints, allow=(f"status of {case.status}",) if case.status >= 400 else ())
        if size is PHONE:
            assert small_targets(page) == []
        if request.config.getoption("screenshots", default=False):
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{case.name}.{size_name}.png", full_page=True)
