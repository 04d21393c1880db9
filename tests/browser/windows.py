"""Browser windows (Playwright's contexts) that tests hand to each other, emptied in between.

A new window costs the browser three times what a page costs: processes, a cold cache of files, scripts compiled anew.
"""

from collections import defaultdict
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize

from tests.browser.seeing import listen

DESKTOP = ViewportSize(width=1366, height=900)
PHONE = ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Kind:
    """At a desk with a mouse or on a phone with a finger; with scripts or without."""

    phone: bool
    java_script: bool


@dataclass(frozen=True)
class Window:
    kind: Kind
    context: BrowserContext
    page: Page


class Windows:
    """Nobody else holds a window while it is taken."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.free: dict[Kind, list[Window]] = defaultdict(list)

    def take(self, kind: Kind) -> Window:
        return self.free[kind].pop() if self.free[kind] else self._opened(kind)

    def _opened(self, kind: Kind) -> Window:
        context = self.browser.new_context(
            viewport=PHONE if kind.phone else DESKTOP,
            base_url=self.address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=kind.phone,
            reduced_motion="reduce",
            java_script_enabled=kind.java_script,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = listen(page)  # type: ignore[attr-defined]
        return Window(kind, context, page)

    def give_back(self, window: Window) -> None:
        """Nothing stays but the cache of files: no page, no login, no lost network. The product keeps nothing else."""
        try:
            self._empty(window)
        except Error:  # its page was closed, or is broken
            window.context.close()
        else:
            self.free[window.kind].append(window)

    def _empty(self, window: Window) -> None:
        window.context.clear_cookies()
        window.context.set_offline(False)
        window.page.unroute_all()
        window.page.goto("about:blank")
        window.page.set_viewport_size(PHONE if window.kind.phone else DESKTOP)
        window.page.complaints.clear()  # type: ignore[attr-defined]
        for page in window.context.pages:
            if page is not window.page:
                page.close()

    def close(self) -> None:
        for windows in self.free.values():
            for window in windows:
                window.context.close()
