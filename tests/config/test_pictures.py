"""Every page has its picture at both widths, and a document shows none that is missing."""

from tests.browser.pages import PAGES
from tests.browser.shots import KEPT, shown

THERE = {path.name for path in KEPT.glob("*.png")}


def test_every_page_has_its_two_pictures():
    assert {f"{page.name}.{size}.png" for page in PAGES for size in ("desktop", "phone")} - THERE == set()


def test_the_documents_show_what_is_there():
    assert shown() - THERE == set()
