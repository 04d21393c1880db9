"""The one way to open a transaction with a reach. Outside of it no person's row is visible: the wall fails closed."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection, transaction

from accounts import audit
from accounts.models import Division
from accounts.reach import Reach, reach_of, standing
from accounts.terms import DivisionLevel

if TYPE_CHECKING:
    from accounts.reach import AnyUser

SETTINGS = ("townships", "counties", "patients", "offices")
_SET = "SELECT " + ", ".join(
    f"set_config('{name}', %s, true)"
    for name in (*(f"app.{part}" for part in (*SETTINGS, "user")), "pghistory.context_metadata", "pghistory.context_id")
)


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(values))) + "}"


def set_reach(reach: Reach, *, user_id: int | None = None, actor: str = "system") -> None:
    """One statement: the reach and the history's context. Must stand inside a transaction."""
    walls = Reach(
        reach.townships | reach.village_townships, reach.counties, patients=reach.patients, offices=reach.offices
    )
    arrays = [_array(getattr(walls, name)) for name in SETTINGS]
    context = json.dumps({"actor": actor})
    with connection.cursor() as cursor:
        cursor.execute(_SET, [*arrays, str(user_id or ""), context, str(uuid4())])
    connection.reach = (reach, user_id, actor)  # type: ignore[attr-defined]


@contextmanager
def _opened(reach: Reach, user_id: int | None, actor: str) -> Iterator[None]:
    nested = connection.in_atomic_block
    outer: Any = getattr(connection, "reach", None) if nested else None
    was_partner = nested and getattr(connection, "as_partner", False)
    try:
        with transaction.atomic():
            set_reach(reach, user_id=user_id, actor=actor)
            yield
            if not was_partner:
                _leave_partner_role()
            if nested:  # RELEASE SAVEPOINT keeps SET LOCAL: without this a nested scope would widen the rest
                was, who, name = outer or (Reach(), None, "system")
                set_reach(was, user_id=who, actor=name)
    finally:
        connection.reach = outer  # type: ignore[attr-defined]
        connection.as_partner = was_partner  # type: ignore[attr-defined]


def _leave_partner_role() -> None:
    """A commit would do it by itself; inside an outer transaction (any test) SET LOCAL would outlive the savepoint."""
    if getattr(connection, "as_partner", False):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        connection.as_partner = False  # type: ignore[attr-defined]


@contextmanager
def scope(user: "AnyUser | None" = None, *, route: str = "", **reach: Iterable[int]) -> Iterator[None]:
    """Run with the reach of `user`, or with the keys given (townships, counties, patients, offices).

    A command or task names its `route`: what it reads of a person then stands in the access log too.
    """
    if user is not None and user.is_authenticated:
        found, user_id, actor = reach_of(user), user.pk, str(user.uuid)
    else:
        found = Reach(**{name: frozenset(values) for name, values in reach.items()})
        user_id, actor = None, "system"
    with _opened(found, user_id, actor):
        if route:
            with audit.looking(route=route, user=user):
                yield
        else:
            yield


@contextmanager
def system_scope(route: str = "") -> Iterator[None]:
    """The system's own work (sweepers, nightly tasks): every county, actor "system"."""
    counties = Division.objects.filter(level=DivisionLevel.COUNTY).values_list("pk", flat=True)
    with scope(counties=list(counties), route=route):
        yield


def take_on(user: "AnyUser") -> None:
    """Inside an open request: give the transaction this user's reach (tokens, partners).

    A partner's transaction continues as `app_partner`, which can read the partner views only; it ends with the
    transaction. This stops mistakes, not SQL injection (RESET ROLE is possible).
    """
    held = standing(user)
    set_reach(held.reach, user_id=user.pk, actor=str(getattr(user, "uuid", "")))
    if held.is_partner:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE app_partner")
        connection.as_partner = True  # type: ignore[attr-defined]
