"""What several journeys say: the two widths, the ways to the next page, and complaints that are not a refusal the journey asked for."""

import os

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.seeing import is_too_wide
from tests.browser.steps import follow, go_by, press

__all__ = ["SIZES", "follow", "go_by", "held", "press"]
# Here a journey is walked at a desk, and each control and page on its way is tried on a phone's width as well (go_by);
# with NIGHTLY=1 it is walked on a phone too, from the first page to the last.
BOTH = [pytest.param(DESKTOP, id="1366"), pytest.param(PHONE, id="390")]
SIZES = pytest.mark.parametrize("size", BOTH if os.environ.get("NIGHTLY") else BOTH[:1])


def held(*pages: Page) -> None:
    """Nothing broke on the way (a form sent back says 400), and the last page is not too wide."""
    for page in pages:
        said = [str(one) for one in page.complaints]  # type: ignore[attr-defined]
        assert [one for one in said if "400" not in one] == []
        assert not is_too_wide(page), page.url
