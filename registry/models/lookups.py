"""Prefix search that keeps its index under row-level security.

LIKE is not leakproof, so PostgreSQL evaluates the policy first and reads every row; the pattern comparison operators
are leakproof and use a text_pattern_ops index in any collation.
"""

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import Lookup

_LAST = chr(0x10FFFF)


def after(prefix: str) -> str:
    """Smallest text greater than everything that begins with `prefix`, by code point; '' when there is none."""
    head = prefix.rstrip(_LAST)
    if not head:
        return ""
    following = ord(head[-1]) + 1
    return head[:-1] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)  # no lone surrogates


@CharField.register_lookup
class Prefix(Lookup):
    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        low = str(self.rhs)
        high = after(low)
        if not high:
            return f"{left} ~>=~ %s", (*left_params, low)
        return f"({left} ~>=~ %s AND {left} ~<~ %s)", (*left_params, low, *left_params, high)
