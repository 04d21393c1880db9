"""What a recipient holds beside what stands now: added, changed, gone, whatever order the words about a row came in."""

from random import Random

import pytest

from exchange.services import package_marks
from exchange.services.package_marks import Marks

pytestmark = pytest.mark.django_db


def marks(held, now, package=1) -> Marks:
    found = Marks(package, held)
    for kind, key, digest in now:
        found.see(kind, key, digest)
    return found


def test_each_list_by_itself():
    held = [("a", "1", "x"), ("a", "2", "y"), ("b", "1", "x"), ("a", "4", "w")]
    found = marks(held, [("a", "2", "z"), ("a", "3", "v"), ("b", "1", "x")])
    assert found.compared("a") == {"rows": 2, "new": 1, "gone": 2, "changed": 1}
    assert found.compared("b") == {"rows": 1, "new": 0, "gone": 0, "changed": 0}
    assert found.compared("c") == {"rows": 0, "new": 0, "gone": 0, "changed": 0}
    assert (found.gone("a"), found.gone("b")) == (["1", "4"], [])
    assert found.were("a", ["2", "3"]) == {"2": "y"}


def test_the_last_word_about_a_row_holds_and_a_second_run_begins_anew():
    held = [("a", "1", "x"), ("a", "2", "y"), ("a", "1", None), ("a", "2", "z"), ("a", "3", "n"), ("a", "3", None)]
    assert marks(held, []).compared("a") == {"rows": 0, "new": 0, "gone": 1, "changed": 0}
    assert marks([], [("a", "2", "z")]).compared("a") == {"rows": 1, "new": 1, "gone": 0, "changed": 0}


def test_in_pieces_it_says_what_dictionaries_say(monkeypatch):
    monkeypatch.setattr(package_marks, "PIECE", 7)
    draw = Random(3)
    words = [(str(draw.randrange(40)), draw.choice(("x", "y", "z", None))) for _ in range(200)]
    now = {str(key): draw.choice("xyz") for key in draw.sample(range(50), 30)}
    before: dict[str, str] = {}
    for key, digest in words:
        before.pop(key, None) if digest is None else before.update({key: digest})
    found = marks([("a", *word) for word in words], [("a", *one) for one in now.items()])
    assert found.compared("a") == {
        "rows": 30, "new": len(now.keys() - before.keys()), "gone": len(before.keys() - now.keys()),
        "changed": sum(1 for key in now.keys() & before.keys() if now[key] != before[key]),
    }  # fmt: skip
    assert sorted(found.gone("a")) == sorted(before.keys() - now.keys())
