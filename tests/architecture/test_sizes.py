"""Small enough to read: module 400 lines, function 60, template 150."""

import pytest

from .source import APPS, ROOT, functions, modules, templates

MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 60, 150
FOLDERS = (*APPS, "config", "ops", "tests")
NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "data", "misc", "stuff"}


def test_modules_are_short():
    long = {m.where: lines for m in modules(*FOLDERS) if (lines := m.text.count("\n")) > MODULE_LINES}
    assert long == {}


def test_functions_are_short():
    long = {
        f"{m.where}:{f.lineno} {f.name}": f.end_lineno - f.lineno + 1
        for m in modules(*FOLDERS)
        for f in functions(m)
        if f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_templates_are_short():
    long = {
        str(p.relative_to(ROOT)): lines
        for p in templates()
        if (lines := p.read_text(encoding="utf-8").count("\n")) > TEMPLATE_LINES
    }
    assert long == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_module_is_named_for_what_it_holds(folder):
    wrong = [m.where for m in modules(folder) if set(m.name.split(".")) & NAMES]
    assert wrong == []
