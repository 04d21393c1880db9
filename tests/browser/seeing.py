"""Looking at a page as a test: nothing broken, nothing refused by the content policy, no rule of WCAG 2.2 AA broken."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# `again`: the page was judged at another width. What it did not show then is judged by every rule; the rest by those
# whose verdict hangs on the width: an element's name, role and colours are the same on a phone.
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
RUN_AXE = """async ([tags, ofWidth, again]) => {
  const shown = [...document.body.querySelectorAll("*")].filter((el) => el.checkVisibility({visibilityProperty: true}));
  const fresh = again ? shown.filter((el) => !window.judged.has(el)) : [];
  window.judged = new WeakSet(shown);
  const judge = (what, type, values) => axe.run(what, {runOnly: {type, values}, resultTypes: ["violations"]});
  const found = again ? [await judge(document, "rule", ofWidth)] : [await judge(document, "tag", tags)];
  if (fresh.length) found.push(await judge({include: fresh}, "tag", tags));
  return found.flatMap((each) => each.violations)
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(" | ")}`);
}"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Controls smaller than a thumb on a phone. A link inside a sentence is free (WCAG 2.5.8); a link that stands alone
# may be short when an invisible ::after makes it tall enough.
SMALL_TARGETS = """() => {
  const tall = (el) => {
    const after = getComputedStyle(el, "::after");
    const grown = after.content !== "none" && after.position === "absolute" ? parseFloat(after.height) || 0 : 0;
    return Math.max(el.getBoundingClientRect().height, grown);
  };
  const inSentence = (el) => getComputedStyle(el).display === "inline" && el.closest("p, dd, li, td, th, label, span");
  return [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea")]
    .filter((el) => el.checkVisibility({visibilityProperty: true}) && el.getBoundingClientRect().width > 1)
    .filter((el) => !el.matches(".skip") && !inSentence(el))
    .map((el) => el.matches("input[type=radio], input[type=checkbox]") ? el.closest("label") ?? el : el)
    .filter((el) => tall(el) < 43.5)
    .map((el) => `${el.tagName}.${el.className} "${(el.textContent || el.name).trim().slice(0, 20)}" ${tall(el)}px`);
}"""


def listen(page: Page) -> list[str]:
    """Collects what the browser complains about from now on."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def settle(page: Page) -> None:
    """Wait until the document in front of us is whole.

    A click or a key that sends a form comes back as soon as the answer's document has begun: at that moment it may not
    even have a root element, and whoever looks sees nothing, or half.
    """
    page.wait_for_load_state("load")


def violations(page: Page, *, again: bool = False) -> list[str]:
    settle(page)
    if not page.evaluate("'axe' in window"):  # once a document: it is half a megabyte
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, [TAGS, OF_WIDTH, again])
    return found


def is_too_wide(page: Page, width: int = 0) -> bool:
    settle(page)
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate(TOO_WIDE))


def see(page: Page, complaints: list[str] | None = None, *, allow: Iterable[str] = (), again: bool = False) -> None:
    """Assert that the page in front of us may be shown to anyone. `allow` names complaints a case expects (a 404);
    `again`: it was seen at another width, and nothing was done on it since."""
    assert violations(page, again=again) == []
    assert not is_too_wide(page), "the page scrolls sideways"
    unexpected = [text for text in complaints or [] if not any(words in text for words in allow)]
    assert unexpected == []


def small_targets(page: Page) -> list[str]:
    settle(page)
    found: list[Any] = page.evaluate(SMALL_TARGETS)
    return found
