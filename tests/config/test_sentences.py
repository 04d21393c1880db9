"""What a form says of a wrong answer: the house's words in every form of the project, with the limits of a number."""

import importlib
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.form_parts import DecimalNumberField, WholeNumberField
from config.sentences import SENTENCES
from tests.access.test_bad_input import STOCK, WORDS

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = [*WORDS.values(), "1.23456", "NaN", ["甲"], [], None, SimpleUploadedFile("长" * 300 + ".pdf", b"1")]


def field_kinds():
    """Every field of every form class, by name."""
    paths = [*ROOT.glob("*/forms/*.py"), *ROOT.glob("*/forms.py")]
    for path in sorted(path for path in paths if path.parts[-3] != "tests" and ".venv" not in path.parts):
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                yield from (
                    (f"{form.__name__}.{name}", field) for name, field in getattr(form, "base_fields", {}).items()
                )


def said_by(field, answer):
    try:
        field.clean(answer)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except (TypeError, AttributeError):  # an answer no browser sends to this kind of field
        return ""
    return ""


def test_no_field_of_any_form_says_a_stock_sentence():
    fields = dict(field_kinds())
    assert len(fields) > 300
    stock = {name: said for name, field in fields.items() for a in ANSWERS if STOCK.search(said := said_by(field, a))}
    assert stock == {}


@pytest.mark.parametrize("answer", ["-1", "25", "9" * 400, "甲", "1.5"])
def test_a_whole_number_says_its_limits(answer):
    assert said_by(WholeNumberField(lowest=0, highest=24), answer) == "请填 0 到 24 之间的整数。"


@pytest.mark.parametrize("answer", ["0", "24.1", "1.25", "9" * 400, "NaN", "甲"])
def test_a_number_with_decimals_says_limits_and_places_once(answer):
    field = DecimalNumberField(lowest=Decimal("0.5"), highest=Decimal(24), places=1)
    assert set(said_by(field, answer).split()) == set("请填 0.5 到 24 之间的数，最多 1 位小数。".split())
    assert field.clean("23.5") == Decimal("23.5")


@pytest.mark.parametrize(("field", "answer", "said"), [
    (forms.IntegerField(min_value=3), "2", "请填不小于 3 的数。"),
    (forms.IntegerField(max_value=3), "4", "请填不大于 3 的数。"),
    (forms.CharField(max_length=3), "甲乙丙丁", "太长：最多 3 个字，现有 4 个。"),
    (forms.CharField(min_length=3), "甲", "太短：至少 3 个字，现有 1 个。"),
    (forms.DecimalField(max_digits=3, decimal_places=1), "1.25", "最多写 1 位小数。"),
    (forms.DecimalField(max_digits=3, decimal_places=1), "1234", "数字太长：最多 3 位。"),
    (forms.DecimalField(max_digits=3, decimal_places=1), "123", "数字太大：小数点前最多 2 位。"),
    (forms.ChoiceField(choices=[("a", "甲")]), "b", "没有这个选项，请从列出的里面选。"),
])  # fmt: skip
def test_where_a_field_has_no_sentence_of_its_own(field, answer, said):
    assert said_by(field, answer) == said


def test_every_sentence_is_a_sentence():
    assert [said for kind in SENTENCES.values() for said in kind.values() if not said.endswith("。")] == []
