"""`python -m tests.bench [NAME...]`, the names below: all when none is named. Exit 1 when one is too slow."""

import sys
from importlib import import_module

from ops.processes import say
from tests.bench.database import running
from tests.bench.measure import Result

NAMES = (
    "worklist",
    "visit",
    "dashboard",
    "search",
    "patient",
    "duplicates",
    "scope",
    "scale",
    "imports",
    "exchange",
    "report",
)


def main(words: list[str]) -> int:
    if unknown := sorted(set(words) - set(NAMES)):
        say(f"unknown benchmark: {', '.join(unknown)} (known: {', '.join(NAMES)})")
        return 2
    with running():
        import django

        django.setup()
        results = [_one(name) for name in words or NAMES]
    return 0 if all(result.passes for result in results) else 1


def _one(name: str) -> Result:
    """Each module has `bench() -> Result`."""
    result: Result = import_module(f"tests.bench.{name}").bench()
    say(str(result))
    say(f"  {result.write()}")
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
