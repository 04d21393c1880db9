"""What a signer reads of a package: what is told by kind, and what is not."""

from exchange.rules.items import NEVER, by_kind, never_told
from exchange.terms import DataItem as I


def test_what_is_said_never_to_be_given_has_no_item():
    assert [item for item in I for word in NEVER if word in str(item.label)] == []


def test_a_kind_is_either_told_or_said_to_be_kept_back():
    told = [words for words, _items in by_kind([I.LEVEL, I.NAME, I.GUARDIAN_NAME])]
    assert told == ["是谁", "监护人", "危险性等级"]
    kept = never_told([I.LEVEL, I.NAME, I.GUARDIAN_NAME])
    assert "诊断和治疗" in kept
    assert not set(told) & set(kept)
    assert "诊断和治疗" not in never_told([I.DIAGNOSIS])
