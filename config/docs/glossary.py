"""docs/glossary.md: every word of the terms modules, English in code beside Chinese for people."""

import inspect
from importlib import import_module

from django.db.models import Choices

APPS = ("accounts", "registry", "followup", "subsidy", "exchange", "reports")
HEAD = "# Glossary\n\nGenerated from the `terms` modules by `bin/manage print_docs`; a test keeps it current.\n"


def _words(app: str) -> list[type[Choices]]:
    module = import_module(f"{app}.terms")
    found = [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Choices) and kind.__module__.startswith(module.__name__) and len(kind)
    ]
    return sorted(found, key=lambda kind: (kind.__module__, inspect.getsourcelines(kind)[1]))


def _table(kind: type[Choices]) -> str:
    said = inspect.getdoc(kind) or ""
    own = said.splitlines()[0] if said and kind.__doc__ else ""
    rows = "\n".join(f"| `{member.name}` | `{member.value}` | {member.label} |" for member in kind)
    return f"### {kind.__name__}\n\n{own + chr(10) * 2 if own else ''}| name | code | 中文 |\n|---|---|---|\n{rows}\n"


def glossary() -> str:
    parts = [HEAD]
    for app in APPS:
        tables = [_table(kind) for kind in _words(app)]
        if tables:
            parts.append(f"## {app}\n\n" + "\n".join(tables))
    return "\n".join(parts)
