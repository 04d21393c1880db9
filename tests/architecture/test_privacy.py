"""Every field says how private it is; masking, exports and dumps are driven by it."""

import pytest
from django.apps import apps

from accounts.terms import FieldGroup

from .source import APPS


def _models():
    return [m for app in APPS for m in apps.get_app_config(app).get_models(include_auto_created=True)]


def _classes(model):
    """What the model and its bases say, the nearest saying winning. A history table speaks for what it tracks."""
    tracked = getattr(model, "pgh_tracked_model", None)
    said = {}
    for source in ([*reversed(tracked.__mro__)] if tracked else []) + [*reversed(model.__mro__)]:
        said |= vars(source).get("privacy", {})
    return said


def _fields(model):
    names = {f.name for f in model._meta.concrete_fields}
    return {n for n in names if not n.startswith("pgh_")}


def test_there_are_models_to_judge():
    assert len(_models()) > 25


@pytest.mark.parametrize("model", _models(), ids=lambda m: m._meta.label)
def test_every_field_has_a_privacy_class(model):
    said = _classes(model)
    assert sorted(_fields(model) - set(said)) == []
    assert {name: value for name, value in said.items() if not isinstance(value, FieldGroup)} == {}


@pytest.mark.parametrize(
    "model", [m for m in _models() if not hasattr(m, "pgh_tracked_model")], ids=lambda m: m._meta.label
)
def test_no_class_is_given_to_a_field_that_is_gone(model):
    assert sorted(set(vars(model).get("privacy", {})) - _fields(model)) == []
