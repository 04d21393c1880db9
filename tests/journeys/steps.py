"""What several journeys say: the two widths, the ways to the next page, and complaints that are not a refusal the journey asked for."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.seeing import is_too_wide
from tests.browser.steps import follow, go_by, press

__all__ = ["SIZES", "follow", "go_by", "held", "press"]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1366", "390"])


def held(*pages: Page) -> None:
    """Nothing broke on the way (a form sent back says 400), and the last page is not too wide."""
    for page in pages:
        said = [str(one) for one in page.complaints]  # type: ignore[attr-defined]
        assert [one for one in said if "400" not in one] == []
        assert not is_too_wide(page), page.url
