"""Calls and settings that have hurt others and are not used here. Source: docs/decisions A12, A16; security 2.1-C."""

import ast

import pytest
from django.conf import settings

from .source import APPS, calls, dotted, imports, modules

EVERYWHERE = (*APPS, "config", "ops")
CALLS = {
    "ObjectPermissionChecker": "ignores the expiry of a grant",
    "assign_perm": "grants without an end, a reason or an author",
    "mark_safe": "turns text into markup",
    "SafeString": "turns text into markup",
    "csrf_exempt": "opens a write to other sites",
    "eval": "runs text",
    "exec": "runs text",
    "raw": "hand-written SQL past the queryset's scope",
    "extra": "hand-written SQL past the queryset's scope",
    "RawSQL": "hand-written SQL past the queryset's scope",
    "set_autocommit": "leaves the transaction that carries the scope",
}
MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill"}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_call_is_not_used(name):
    wrong = [
        f"{m.where}:{call.lineno} {written}: {CALLS[name]}"
        for m in modules(*EVERYWHERE)
        for written, call in calls(m)
        if written.split(".")[-1] == name
    ]
    assert wrong == []


def test_nothing_unpickles():
    wrong = [str(i) for m in modules(*EVERYWHERE) for i in imports(m) if i.target.split(".")[0] in MODULES]
    assert wrong == []
    assert (settings.CELERY_ACCEPT_CONTENT, settings.CELERY_TASK_SERIALIZER) == (["json"], "json")
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


def test_nobody_asks_the_wall_clock():
    """django.utils.timezone knows the county's zone; date.today() knows the machine's."""
    wrong = [
        f"{m.where}:{call.lineno} {written}"
        for m in modules(*EVERYWHERE)
        for written, call in calls(m)
        if written.split(".")[-2:] in (["date", "today"], ["datetime", "now"], ["datetime", "today"],
                                       ["datetime", "utcnow"], ["time", "localtime"])
    ]  # fmt: skip
    assert wrong == []


def test_forms_and_serializers_name_their_fields():
    wrong = []
    for module in modules(*EVERYWHERE):
        for node in module.nodes:
            if not isinstance(node, ast.ClassDef) or node.name != "Meta":
                continue
            for line in node.body:
                names = [dotted(t) for t in line.targets] if isinstance(line, ast.Assign) else []
                whole = "fields" in names and isinstance(line.value, ast.Constant) and line.value.value == "__all__"
                if whole or ("exclude" in names and module.layer in {"forms", "api"}):
                    wrong.append(f"{module.where}:{line.lineno}")
    assert wrong == []


def test_no_shell_and_no_verification_switched_off():
    switched = {"shell": True, "verify": False}
    wrong = [
        f"{m.where}:{call.lineno} {k.arg}={k.value.value}"
        for m in modules(*EVERYWHERE)
        for _name, call in calls(m)
        for k in call.keywords
        if k.arg in switched and isinstance(k.value, ast.Constant) and k.value.value is switched[k.arg]
    ]
    assert wrong == []


def test_guardian_answers_no_permission_question():
    assert [b for b in settings.AUTHENTICATION_BACKENDS if "guardian" in b] == []
    assert settings.ANONYMOUS_USER_NAME is None
    assert (settings.GUARDIAN_MONKEY_PATCH_USER, settings.GUARDIAN_MONKEY_PATCH_GROUP) == (False, False)


def test_requests_are_not_wrapped_by_django():
    """Our middleware opens the one transaction that carries the scope."""
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_rest_framework_denies_by_default():
    rest = settings.REST_FRAMEWORK
    classes = [str(c) for c in rest["DEFAULT_PERMISSION_CLASSES"]]
    assert [c for c in classes if "AllowAny" in c] == []
    assert classes
    assert [str(c) for c in rest["DEFAULT_RENDERER_CLASSES"] if "Browsable" in str(c)] == []
