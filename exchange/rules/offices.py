"""Which kinds of office are missing where a patient lives: their worker must know, and pick up the telephone."""

from collections.abc import Iterable

# Where the county's psychiatrists sit: asked from a scene, told by a notice that somebody waits. Source: issue 4, Build 8.
DOCTORS = ("hospital", "prevention_office")
WORDS = {"police": "派出所", "political_legal": "综治中心"}
TOWNSHIP, COUNTY = "township", "county"


def missing_words(told: Iterable[tuple[str, str]]) -> str:
    """A sentence for the worker, empty when every kind of office of the township was told.

    `told`: (kind, level of its division) of each office with an open case. Source: decisions B19 (所属镇街与县级单位).
    """
    known = set(told)
    sentences = []
    for kind, word in WORDS.items():
        if (kind, TOWNSHIP) in known:
            continue
        if (kind, COUNTY) in known:
            sentences.append(f"这个乡镇（街道）没有登记{word}，只通报了县级单位。请打电话告知{word}，并请管理员登记。")
        else:
            sentences.append(f"没有登记{word}和它的县级单位，没有通报。请马上打电话告知，并请管理员登记。")
    return "".join(sentences)
