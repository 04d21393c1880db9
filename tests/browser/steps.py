"""Going from one page to the next as a test: whoever has clicked stands on the next page, and it is whole.

A bare `.click()` comes back while the answer's document is empty or half there; what looks at once without waiting
(`count()`, `page.url`, a row in the database, "is not shown") then sees nothing, or the page before.
"""

from playwright.sync_api import Locator, Page

from tests.browser.seeing import TOO_WIDE
from tests.browser.windows import PHONE


def go_by(way: Locator) -> None:
    """Click a link or a button that leads to another document. At a desk: which a thumb could press as well."""
    could_be_tapped(way)
    with way.page.expect_navigation():
        way.click()


def could_be_tapped(way: Locator) -> None:
    """On a phone's width the page scrolls one way only, and the same control is shown, enabled, covered by nothing."""
    size = way.page.viewport_size
    if size and size["width"] > PHONE["width"]:
        way.page.set_viewport_size(PHONE)
        assert not way.page.evaluate(TOO_WIDE), way.page.url
        way.click(trial=True)
        way.page.set_viewport_size(size)


def press(page: Page, name: str) -> None:
    go_by(page.get_by_role("button", name=name, exact=True).first)


def follow(page: Page, name: str) -> None:
    go_by(page.get_by_role("link", name=name, exact=True).first)
