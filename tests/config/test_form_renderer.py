"""A field as Django's own templates show it: the same elements, attributes and words, whatever was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.form_renderer import WRITTEN, WrittenWidgets

NASTY = "\"><script>alert('1')</script>&amp;{{ x }}"
CHOICES = [("", "请选择"), ("1", "一"), (2, 3), (None, "无"), (NASTY, NASTY), ("组", [("a", "甲"), (NASTY, NASTY)])]
SAFE = mark_safe("<b>甲</b>&nbsp;")
ATTRS = {"class": "input", "required": True, "disabled": False, "data-x": NASTY, NASTY: "1", "maxlength": 40}
VALUES = [None, "", "1", 0, 2, NASTY, SAFE, "a\nb", "\n甲", Decimal("1.50"), date(2026, 3, 2), 12345]
ONE = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput, forms.DateInput,
    forms.TimeInput, forms.DateTimeInput, forms.FileInput, forms.Textarea, forms.CheckboxInput,
]  # fmt: skip
MANY = [forms.Select, forms.RadioSelect, forms.NullBooleanSelect, forms.SelectMultiple, forms.CheckboxSelectMultiple]


def both(widget, value, attrs):
    name = "甲\"&'<"
    return [widget.render(name, value, attrs, renderer=made()) for made in (WrittenWidgets, DjangoTemplates)]


def said(page):
    """Elements, attributes, words: parse_html sets aside what a browser sets aside."""
    return parse_html(page)


@pytest.mark.parametrize("attrs", [{}, {"id": "id_x"}, {"id": "id_x", **ATTRS}])
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", ONE)
def test_a_field_is_djangos(kind, value, attrs):
    ours, theirs = both(kind(), value, attrs)
    assert said(ours) == said(theirs)
    assert ours.replace("\n", "") == theirs.replace("\n", "")


@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", **ATTRS}])
@pytest.mark.parametrize("value", [None, "", "1", 2, NASTY, "a"])
@pytest.mark.parametrize("kind", MANY)
def test_answers_are_djangos(kind, value, attrs):
    several = kind in (forms.SelectMultiple, forms.CheckboxSelectMultiple)
    widget = (
        kind() if kind is forms.NullBooleanSelect else kind(choices=[*CHOICES, ("s", SAFE), ("l", gettext_lazy("Yes"))])
    )
    ours, theirs = both(widget, [value] if several else value, attrs)
    assert said(ours) == said(theirs)


def test_what_a_textarea_begins_with_stays():
    """HTML drops the first line break after the tag: one more has to stand there."""
    assert forms.Textarea().render("x", "\n甲", renderer=WrittenWidgets()).partition(">")[2].startswith("\n\n甲")


def test_nothing_typed_becomes_an_element():
    for kind in (*ONE, *MANY):
        widget = kind(choices=CHOICES) if kind in MANY and kind is not forms.NullBooleanSelect else kind()
        value = [NASTY] if kind in (forms.SelectMultiple, forms.CheckboxSelectMultiple) else NASTY
        assert "<script>" not in widget.render("x", value, {"title": NASTY}, renderer=WrittenWidgets())


def test_other_widgets_come_from_djangos_templates():
    widget = forms.SplitDateTimeWidget()
    assert widget.template_name not in WRITTEN
    ours, theirs = both(widget, None, {"id": "x"})
    assert said(ours) == said(theirs)
