"""The remembered address is Django's own: with numbers, without, unknown, kept in a name, under another set of addresses."""

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, reverse


def written(text, **values):
    return Template(text).render(Context(values))


def test_each_number_stands_in_its_own_address():
    for uuid in (uuid4(), uuid4()):
        assert written('{% url "registry:patient" uuid %}', uuid=uuid) == reverse("registry:patient", args=[uuid])
        assert written('{% url "registry:patient" uuid %}', uuid=str(uuid)) == reverse("registry:patient", args=[uuid])
    assert written('{% url "followup:worklist" %}') == reverse("followup:worklist")


def test_a_kept_one_and_an_unknown_one():
    uuid = uuid4()
    kept = written('{% url "registry:patient" uuid as way %}[{{ way }}]', uuid=uuid)
    assert kept == f"[{reverse('registry:patient', args=[uuid])}]"
    assert written('{% url "nobody:home" uuid as way %}[{{ way }}]', uuid=uuid) == "[]"
    with pytest.raises(NoReverseMatch):
        written('{% url "registry:patient" uuid %}', uuid="")
    with pytest.raises(NoReverseMatch):
        written('{% url "nobody:home" uuid %}', uuid=uuid)


def test_other_addresses_are_not_mixed_up():
    here = written('{% url "home" %}')
    with override_settings(ROOT_URLCONF="tests.config.other_urls"):
        assert written('{% url "home" %}') == "/elsewhere/"
    assert written('{% url "home" %}') == here
