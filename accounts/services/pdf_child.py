"""The PDF engine in a process of its own: `python -m accounts.services.pdf_child`, text in, PDF out, no Django.

It may read the fonts it was told of and nothing else: whatever a text smuggles in, no file and no address is fetched.
Memory and time are limited, so that a bad document ends this process and not the worker.
Source: security T22. Standard input: JSON {html, css, fonts}. Standard output: one JSON line, then the PDF.
"""

import json
import resource
import sys
from functools import cache
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 120
GETA = "〓"  # what printers set for a character they do not have


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


def answer(said: bytes) -> bytes:
    order = json.loads(said)
    fonts = [Path(path) for path in order["fonts"]]
    families = {path: family_names(path) for path in fonts}
    text, missing = without_missing(order["html"], fonts)
    pdf, pages = render(text, order["css"], families)
    head = json.dumps({"pages": pages, "missing": missing}, ensure_ascii=True)
    return head.encode() + b"\n" + pdf


def without_searching_for_libraries() -> None:
    """WeasyPrint tries the names of every platform; for each that is none here Python would start a compiler and a
    linker to look for it, sixteen times a document. Linux loads the last name, the full one, by itself."""
    if sys.platform == "linux":
        import ctypes.util

        ctypes.util.find_library = lambda name: None


def render(html: str, css: str, families: dict[Path, set[str]]) -> tuple[bytes, int]:
    without_searching_for_libraries()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    allowed = {path.resolve().as_uri() for path in families}

    class OnlyFonts(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in allowed:
                raise ValueError("not a font of this document")
            return super().fetch(url, headers)

    fetcher, config = OnlyFonts(), FontConfiguration()
    faces = "\n".join(
        f'@font-face {{ font-family: "{name}"; src: url("{path.resolve().as_uri()}"); }}'
        for path, names in families.items()
        for name in sorted(names)
    )
    sheet = CSS(string=faces + "\n" + css, font_config=config, url_fetcher=fetcher)
    document = HTML(string=html, url_fetcher=fetcher).render(stylesheets=[sheet], font_config=config)
    return document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages)


@cache
def family_names(path: Path) -> set[str]:
    """Every family name the font gives itself, Chinese ones too."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        names = {record.toUnicode() for record in font["name"].names if record.nameID in (1, 16)}
    return {name for name in names if name and not set(name) & set('"\\\n')}


@cache
def letters_of(path: Path) -> frozenset[int]:
    """Every character that the font can show, by its number."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def without_missing(html: str, fonts: list[Path]) -> tuple[str, str]:
    """The text with every character that no font has replaced by the printer's mark, and those characters."""
    known = frozenset[int]().union(*map(letters_of, fonts))
    missing = sorted({letter for letter in html if ord(letter) > 0x20 and ord(letter) not in known})
    for letter in missing:
        html = html.replace(letter, GETA)
    return html, "".join(missing)


if __name__ == "__main__":
    main()
