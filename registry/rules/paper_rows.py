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


def picked(label: str, options: Iterable[tuple[Any, Any]], chosen: Iterable[Any], text: str = "") -> PaperRow:
    said = {str(code) for code in chosen if code not in (None, "")}
    marked = tuple((str(code), str(words), str(code) in said) for code, words in options if str(code))
    return PaperRow(label, marked, tuple(code for code, _words, yes in marked if yes), text)
