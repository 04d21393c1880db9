"""The access log is read through a definer function only: the application's role has no SELECT on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Seen:
    at: datetime
    actor_name: str
    role: str
    agency: str  # its name
    groups: list[str]
    purpose: str
    route: str


def who_saw(person: UUID, limit: int = 200) -> list[Seen]:
    """Who opened this person's data, newest first. The caller has passed the door to the person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.at, s.actor_name, s.role, coalesce(a.name, ''), s.groups, s.purpose, s.route"
            " FROM who_saw(%s, %s) s LEFT JOIN accounts_agency a ON a.uuid = s.agency ORDER BY s.at DESC",
            [person, limit],
        )
        return [Seen(*row) for row in cursor.fetchall()]
