"""The project's source as data: every module with its app, its layer and its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {"accounts": 0, "registry": 1, "followup": 2, "rehab": 3, "subsidy": 3, "exchange": 4, "reports": 5}
APPS = tuple(FLOORS)


@dataclass(frozen=True, eq=False)
class Module:
    path: Path
    name: str  # followup.services.visits
    tree: ast.Module
    text: str

    @property
    def app(self) -> str:
        return self.name.split(".")[0]

    @property
    def layer(self) -> str:
        """The part of the app it belongs to: views, services, rules ..."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything of the tree: walked once for all the questions."""
        return tuple(ast.walk(self.tree))


@dataclass(frozen=True)
class Import:
    module: Module
    target: str  # accounts.models.User or accounts.models
    line: int
    in_function: bool

    def __str__(self) -> str:
        return f"{self.module.where}:{self.line} imports {self.target}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below these folders (all apps when none is named), generated migrations left out."""
    return tuple(module for folder in folders or APPS for module in _folder(folder))


@cache
def _folder(folder: str) -> tuple[Module, ...]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        if path.parent.name == "migrations" and path.name[:4].isdecimal() and not path.name.endswith("_walls.py"):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(path, name, ast.parse(text, str(path)), text))
    return tuple(found)


def forget() -> None:
    """Some million nodes, which the tests after these need not carry along."""
    for cached in (modules, _folder, imports, calls):
        cached.cache_clear()


@cache
def imports(module: Module) -> tuple[Import, ...]:
    """Absolute targets; `from a import b` counts as a.b, so that the layer can be read from it."""
    return tuple(_imports(module))


def _imports(module: Module) -> Iterator[Import]:
    inner = {id(n) for f in functions(module) for n in ast.walk(f)}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno, id(node) in inner)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                yield Import(module, f"{base}.{alias.name}", node.lineno, id(node) in inner)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    if module.path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def calls(module: Module) -> tuple[tuple[str, ast.Call], ...]:
    """Each call with its dotted name as written: `date.today`, `Patient.objects.raw`, `mark_safe`."""
    return tuple((dotted(node.func), node) for node in module.nodes if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "templates").rglob("*.html")))
