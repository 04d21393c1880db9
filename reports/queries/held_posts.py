"""Which posts a person holds on a day: role and area of each live assignment."""

from datetime import date

from accounts.models import Division, User
from accounts.terms import Role


def held_posts(user: User, today: date) -> list[tuple[Role, Division]]:
    """Read once per loaded user object and day."""
    cached: tuple[date, list[tuple[Role, Division]]] | None = getattr(user, "_held_areas", None)
    if cached and cached[0] == today:
        return cached[1]
    rows = user.assignments.live(today).select_related("division__parent__parent")
    found = [(Role(row.role), row.division) for row in rows]
    user._held_areas = (today, found)  # type: ignore[attr-defined]
    return found
