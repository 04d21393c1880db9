"""The installed Chromium for Playwright's fixtures; Playwright's own download is not used."""

import os
import shutil
from typing import Any

import pytest

# the one without menus, tabs and an address bar first: drawing those costs as much again as the pages
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")


def chromium() -> str:
    """Raises: pytest.UsageError when there is none; bin/test installs it."""
    for found in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)):
        if found:
            return found
    raise pytest.UsageError("No Chromium here: start the tests with bin/test, which installs it.")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
