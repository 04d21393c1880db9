"""Templates: strict CSP leaves no room for inline script or style; words stay calm."""

import ast
import re

import pytest

from .source import ROOT, modules, templates

PRINTED = ("reports/pdf", "reports/print")  # sheets for the PDF engine, never sent to a browser


PATTERNS = {
    "style-attribute": r"<[^>]*\sstyle\s*=",
    "style-element": r"<style[\s>]",
    "inline-script": r"<script(?![^>]*\ssrc\s*=)[^>]*>",
    "event-attribute": r"<[^>]*\son[a-z]+\s*=",
    "htmx-script": r"\shx-on[:a-z-]*\s*=|\"js:|'js:|javascript:",
    "safe-filter": r"\|\s*safe(seq)?\b|autoescape\s+off",
    "debug-tag": r"{%\s*debug\s*%}",
    "exclamation": r"！",
    "inline-comment-secret": r"<!--",
}


def _found(pattern):
    for path in templates():
        text = re.sub(r"{#.*?#}|{% comment .*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for match in re.finditer(pattern, text, re.I):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line} {match.group()[:60]}"


@pytest.mark.parametrize("rule", sorted(PATTERNS))
def test_templates_hold_no(rule):
    assert list(_found(PATTERNS[rule])) == []


def test_there_are_templates_to_judge():
    assert len(templates()) > 20


def test_words_are_calm_in_code_too():
    wrong = [m.where for m in modules() if "！" in m.text]
    assert wrong == []


def test_templates_reach_records_only_through_what_the_view_gave_them():
    """`visit.patient.visits.all` in a template would read past the view's scope and field groups."""
    assert list(_found(r"{[{%][^}]*\.(objects|all|filter|_set|values)\b")) == []


def _keys(tree):
    return {
        node_key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for node_key in node.keys
        if isinstance(node_key, ast.Constant)
    }


def test_no_page_writes_over_what_the_shell_needs():
    """The visit form once put a number into `me`, and the head of the page no longer said who is logged in."""
    source = ast.parse((ROOT / "config" / "context.py").read_text(encoding="utf-8"))
    shell = _keys(next(node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "shell"))
    assert {"me", "brand", "menus"} <= shell
    wrong = [f"{m.where} {key}" for m in modules() if m.layer == "views" for key in sorted(_keys(m.tree) & shell)]
    assert wrong == []
