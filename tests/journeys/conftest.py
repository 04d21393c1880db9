"""Journeys walk in the same browser as the tests of the pages: enter(user, size) opens a page as that person."""

from tests.browser.conftest import enter, made_county, server, windows
from tests.followup.conftest import record

__all__ = ["enter", "made_county", "record", "server", "windows"]
