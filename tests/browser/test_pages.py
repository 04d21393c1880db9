"""Every page, at a desk's width and a phone's: axe, the content policy, no sideways scroll, targets for a thumb."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.browser.seeing import is_too_wide, see, small_targets

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
BETWEEN = (320, 600, 800, 1024)  # 320 px is 400 % zoom (WCAG 1.4.10)
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def shoot(page, path):
    """The whole page with its bottom bar at the bottom, in few colours: these files are kept in the repository."""
    path.parent.mkdir(parents=True, exist_ok=True)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": max(height, page.viewport_size["height"])})
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_page_may_be_shown_to_anyone(case, enter, county, request):
    user = county.person(case.who) if case.who else None
    for size_name, size in SIZES.items():
        page = enter(user, size)
        answer = page.goto(case.url(county))
        assert answer.status == case.status, page.url
        if page.locator("[hx-trigger='load']").count():
            page.wait_for_load_state("networkidle")  # parts that the page fetches by itself
        if case.act:
            case.act(page)
        see(page, page.complaints, allow=[f"status of {code}" for code in (case.status, case.answer) if code >= 400])
        if size is PHONE:
            assert small_targets(page) == []
        if request.config.getoption("screenshots", default=False):
            shoot(page, SHOTS / f"{case.name}.{size_name}.png")
        assert [width for width in BETWEEN if is_too_wide(page, width)] == []
