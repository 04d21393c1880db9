"""Reading the audit trail in a test: only the owner may, and only what is committed (a transactional test)."""

from typing import Any

import psycopg2
from django.db import connection


def _ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    at = connection.settings_dict
    with psycopg2.connect(dbname=at["NAME"], user="owner", host=at["HOST"], port=at["PORT"] or None) as owner:
        cursor = owner.cursor()
        cursor.execute(sql, values)
        return cursor.fetchall()


def actions(prefix: str) -> list[str]:
    """The actions written so far whose name begins so, oldest first."""
    rows = _ask("SELECT action FROM accounts_auditevent WHERE action LIKE %s ORDER BY at, uuid", f"{prefix}%")
    return [action for (action,) in rows]


def told(action: str) -> list[dict[str, Any]]:
    """The facts of every event of this kind."""
    return [facts for (facts,) in _ask("SELECT facts FROM accounts_auditevent WHERE action = %s ORDER BY at", action)]


def whole() -> str:
    """Every event and access row as text, to search for what must not stand there."""
    rows = _ask("SELECT row_to_json(e)::text FROM accounts_auditevent e")
    rows += _ask("SELECT row_to_json(e)::text FROM accounts_accesslog e")
    return "\n".join(text for (text,) in rows)
