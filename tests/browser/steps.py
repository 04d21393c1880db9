"""Going from one page to the next as a test: whoever has clicked stands on the next page, and it is whole.

A bare `.click()` comes back while the answer's document is empty or half there; what looks at once without waiting
(`count()`, `page.url`, a row in the database, "is not shown") then sees nothing, or the page before.
"""

from playwright.sync_api import Locator, Page


def go_by(way: Locator) -> None:
    """Click a link or a button that leads to another document."""
    with way.page.expect_navigation():
        way.click()


def press(page: Page, name: str) -> None:
    go_by(page.get_by_role("button", name=name, exact=True).first)


def follow(page: Page, name: str) -> None:
    go_by(page.get_by_role("link", name=name, exact=True).first)
