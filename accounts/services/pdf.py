"""Asks the PDF engine for a document. The engine runs in a child process; this one never imports it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from accounts.refusals import Refused

TIMEOUT_SECONDS = 180
FONT_ENDINGS = {".otf", ".ttf", ".ttc"}


class NotRendered(Refused):
    code = "not_rendered"
    message = "PDF 没有做成。请稍后再试；仍不成功请联系系统管理员，并告诉他时间。"


@dataclass(frozen=True, slots=True)
class Pdf:
    content: bytes
    pages: int
    missing: str  # characters that no font has; they stand as 〓


@cache
def font_files(folder: str) -> tuple[str, ...]:
    """The deployment's own (licensed) fonts first, then the free ones of the package."""
    own = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in FONT_ENDINGS) if folder else []
    free = sorted(Path(str(files("pylopdf_fonts_zh_cn"))).glob("*.otf"))
    return tuple(str(path.resolve()) for path in [*own, *free])


def make_pdf(html: str, css: str) -> Pdf:
    """Raises: NotRendered, with the engine's last words in the log of the caller."""
    order = json.dumps({"html": html, "css": css, "fonts": font_files(settings.REPORT_FONT_DIR)})
    head, _, content = engine(order.encode()).partition(b"\n")
    said = json.loads(head)
    return Pdf(content, int(said["pages"]), str(said["missing"]))


def in_a_child(order: bytes) -> bytes:
    """What the engine answers (see pdf_child.py). Raises: NotRendered."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "accounts.services.pdf_child"],
            input=order,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            cwd=settings.BASE_DIR,
            env=_environment(),
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise NotRendered(f"{TIMEOUT_SECONDS} 秒内没有做完。请稍后再试。") from error
    except subprocess.CalledProcessError as error:
        raise NotRendered from RuntimeError(error.stderr.decode(errors="replace")[-2000:])
    return done.stdout


engine = in_a_child  # most tests put a warm one in its place: a new process takes a second before it begins


def _environment() -> dict[str, str]:
    """What finding libraries and fonts needs, and no secret: the child holds no key and no address of a database."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "FONTCONFIG_FILE",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "TMPDIR",
    )
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}
