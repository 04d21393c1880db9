"""Pictures of every page at two widths, kept in docs/screenshots: the README and the handbook show some of them."""

import re
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "screenshots"
LONGEST = 1500  # px: what a reader of the handbook needs of a long form


def shown() -> set[str]:
    """File names that a document shows."""
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("**/*.md")]
    return {name for page in pages for name in re.findall(r"screenshots/([\w.-]+\.png)", page.read_text("utf-8"))}


def shoot(page, name):
    """The page with its bottom bar at the bottom, in few colours."""
    KEPT.mkdir(parents=True, exist_ok=True)
    height = page.evaluate("document.documentElement.scrollHeight")
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), LONGEST)})
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(KEPT / name, optimize=True)
    page.set_viewport_size(size)
