"""docs/clauses.md: which clause stands in which code and which tests hold it. Read from docstrings, never typed."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APPS = ("accounts", "registry", "followup", "subsidy", "exchange", "reports")
HEAD = (
    "# Clauses\n\nClause → code → tests, read from the `Source:` line of every docstring by `bin/manage print_docs`; "
    "a test keeps it current. Norms: 规范第三版 = 国家基本公共卫生服务规范（第三版）; 规范2018 = 严重精神障碍管理治疗工作规范"
    "（2018年版）; 发病报告办法 = 严重精神障碍发病报告管理办法; names of places = the five plans.\n"
)
_SOURCE = re.compile(r"(?:Source|来源)[:：]\s*(.+?)(?=\s+(?:Units|Raises|Shapes)[:：]|\n\s*\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Clause:
    source: str
    module: str
    name: str


def _nodes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    yield "", ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, ast.get_docstring(node) or ""


def clauses(root: Path) -> list[Clause]:
    found = []
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for name, said in _nodes(ast.parse(path.read_text(encoding="utf-8"))):
                for match in _SOURCE.finditer(said):
                    source = " ".join(match.group(1).split()).rstrip(".")
                    found.append(Clause(source, str(path.relative_to(root)), name))
    return found


def tests_by_module(root: Path) -> dict[str, set[str]]:
    """Dotted module -> test files that import it (or a name out of it)."""
    seen: dict[str, set[str]] = defaultdict(set)
    for path in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    seen[node.module].add(str(path.relative_to(root)))
                    seen[f"{node.module}.{alias.name}"].add(str(path.relative_to(root)))
    return seen


def table(root: Path) -> str:
    tests = tests_by_module(root)
    rows = []
    for clause in sorted(clauses(root), key=lambda one: (one.source, one.module, one.name)):
        dotted = clause.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        held = tests.get(f"{dotted}.{clause.name}") or tests.get(dotted) or set()
        where = f"`{clause.module}`" + (f" `{clause.name}`" if clause.name else "")
        rows.append(f"| {clause.source.replace('|', '/')} | {where} | {'<br>'.join(sorted(held)) or '—'} |")
    return HEAD + "\n| clause | code | tests |\n|---|---|---|\n" + "\n".join(rows) + "\n"
