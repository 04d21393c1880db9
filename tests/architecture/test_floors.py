"""Who may import whom. Source: docs/architecture, rules 1 to 5."""

import ast
import sys

from .source import APPS, FLOORS, ROOT, calls, dotted, imports, modules

# What an app shows to the floors above it.
FACE = {"terms", "rules", "models", "queries", "doors", "services"}
# The ground floor carries what every app needs to be safe; these are its face too (docs/decisions: A3, A10, A11, A16).
# "prepared" is a leaf that sessions, below every query, need as well (docs/adr/0023).
GROUND = {
    "api_doors",
    "carrying",
    "form_parts",
    "crypto",
    "history",
    "walls",
    "scope",
    "reach",
    "audit",
    "refusals",
    "prepared",
}
# Inside an app, from the leaves up. A module imports its own rank or a lower one.
RANKS = {
    "terms": 0, "rules": 0, "tasks": 0, "signals": 0, "refusals": 0, "form_parts": 0, "crypto": 0, "walls": 0, "tables": 0,
    "models": 1, "history": 1,
    "queries": 2, "reach": 2, "audit": 2, "scope": 3,
    "doors": 4,
    "services": 5,
    "forms": 6, "carrying": 6, "api": 6, "api_auth": 6, "api_doors": 6, "templatetags": 6, "receivers": 6,
    "views": 7, "middleware": 7, "middleware_sessions": 7, "backends": 7, "sessions": 1, "prepared": 0,
    "urls": 8, "apps": 8, "management": 8, "migrations": 8, "admin": 8, "checks": 8,
}  # fmt: skip
SCREENS = {"views", "forms", "api", "templatetags"}
PURE_PACKAGES = {"stdnum", "pypinyin", "chinese_calendar", "python_calamine", "defusedxml"}
CLOCKS = {"time", "sched", "zoneinfo"}


def _project_imports():
    for module in modules():
        for found in imports(module):
            target = found.target.split(".")
            if target[0] in APPS or target[0] == "config":
                yield module, found, target[0], (target[1] if len(target) > 1 else "")


def test_there_is_source_to_judge():
    assert {m.app for m in modules()} >= {"accounts", "registry", "followup", "exchange", "reports"}


def test_an_app_imports_only_floors_below_it():
    wrong = [
        str(found)
        for module, found, app, layer in _project_imports()
        if app != module.app and (app == "config" or FLOORS[app] >= FLOORS[module.app])
    ]
    assert wrong == []


def test_of_another_app_only_its_face_is_imported():
    wrong = []
    for module, found, app, layer in _project_imports():
        if app in (module.app, "config"):
            continue
        face = FACE | (GROUND if app == "accounts" else set())
        if module.layer == "receivers":
            face = face | {"signals"}
        if layer not in face:
            wrong.append(str(found))
    assert wrong == []


def test_every_module_has_a_known_place_in_its_app():
    assert [m.where for m in modules() if m.layer and m.layer not in RANKS] == []


def test_inside_an_app_imports_go_down():
    wrong = [
        str(found)
        for module, found, app, layer in _project_imports()
        if app == module.app
        and layer in RANKS
        and module.layer in RANKS
        and not (module.layer == "tasks" and found.in_function)
        and RANKS[layer] > RANKS[module.layer]
    ]
    assert wrong == []


def test_rules_import_no_django_no_clock_and_no_database():
    wrong = []
    for module in modules():
        if module.layer != "rules":
            continue
        for found in imports(module):
            top, *rest = found.target.split(".")
            allowed = (
                (top in APPS and rest[:1] and rest[0] in {"terms", "rules", "refusals"})
                or (top in sys.stdlib_module_names and top not in CLOCKS | {"sqlite3", "socket", "subprocess"})
                or top in PURE_PACKAGES
            )
            if not allowed:
                wrong.append(str(found))
    assert wrong == []


def test_rules_and_queries_are_given_the_day():
    asked = {"now", "today", "localdate", "localtime", "utcnow"}
    wrong = [
        f"{module.where}:{call.lineno} {name}()"
        for module in modules()
        if module.layer in {"rules", "queries"}
        for name, call in calls(module)
        if name.split(".")[-1] in asked
    ]
    assert wrong == []


def test_nobody_reaches_upwards_by_a_name_in_a_string():
    """apps.get_model("followup.Visit") or import_string would be an import in disguise."""
    doors = {"get_model", "import_string", "import_module", "__import__"}
    wrong = []
    for module in modules():
        above = {app for app in APPS if FLOORS[app] > FLOORS[module.app]}
        for name, call in calls(module):
            if name.split(".")[-1] not in doors:
                continue
            words = [a.value for a in call.args if hasattr(a, "value") and isinstance(a.value, str)]
            if any(word.split(".")[0] in above for word in words):
                wrong.append(f"{module.where}:{call.lineno} {name}({words})")
    assert wrong == []


def test_screens_never_touch_a_manager():
    """A record is fetched from an id only through a door."""
    names = {"objects", "_default_manager", "_base_manager"}
    wrong = []
    for module in modules():
        if module.layer not in SCREENS:
            continue
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr in names:
                wrong.append(f"{module.where}:{node.lineno} {dotted(node)}")
        for name, call in calls(module):
            if name.split(".")[-1] in {"get_object_or_404", "get_list_or_404"}:
                wrong.append(f"{module.where}:{call.lineno} {name}")
    assert wrong == []


def test_a_form_never_saves():
    wrong = [
        f"{module.where}:{call.lineno} {name}"
        for module in modules()
        if module.layer in {"forms", "views", "api"}
        for name, call in calls(module)
        if name.split(".")[-1] in {"save", "bulk_create", "bulk_update", "create", "get_or_create", "update_or_create"}
        and not name.startswith(("super", "self.client"))
    ]
    assert wrong == []


def test_tasks_import_what_they_need_inside_their_body():
    wrong = [
        str(found)
        for module, found, app, layer in _project_imports()
        if module.layer == "tasks" and not found.in_function and layer not in {"terms", "rules", "signals", "refusals"}
    ]
    assert wrong == []


def test_the_machine_room_is_imported_by_no_app():
    outside = {"config", "ops", "tests"}
    wrong = [str(i) for m in modules() for i in imports(m) if i.target.split(".")[0] in outside]
    assert wrong == []
    assert (ROOT / "config").is_dir()
