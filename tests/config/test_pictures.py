"""The pictures of the documents: none is missing, none lies about unused."""

from tests.browser.shots import KEPT, shown


def test_the_documents_show_what_is_there():
    assert shown() == {path.name for path in KEPT.glob("*.png")}
