"""A row of a form as it lies on paper: every answer that could be chosen, and the codes in the boxes at the right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PaperRow:
    label: str
    options: tuple[tuple[str, str, bool], ...] = ()  # code, words, chosen
    boxes: tuple[str, ...] = ()
    text: str = ""


LONGEST_CODE = 2  # the paper's own codes are digits; a word of the program is no code and never stands on paper


def picked(label: str, options: Iterable[tuple[Any, Any]], chosen: Iterable[Any], text: str = "") -> PaperRow:
    said = {str(code) for code in chosen if code not in (None, "")}
    marked = tuple((_on_paper(code), str(words), str(code) in said) for code, words in options if str(code))
    return PaperRow(label, marked, tuple(code for code, _words, yes in marked if yes and code), text)


def _on_paper(code: Any) -> str:
    return str(code) if len(str(code)) <= LONGEST_CODE else ""
