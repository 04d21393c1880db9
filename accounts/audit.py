"""Who did and who saw. Both rows are written in the transaction of the act or the answer they tell of."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import models

from accounts.models import AccessLog, AuditEvent, User
from accounts.terms import FieldGroup

if TYPE_CHECKING:
    from accounts.reach import AnyUser

SYSTEM = "系统"
MOST_IN_A_ROW = 5_000


@dataclass
class Look:
    """What one request (or command) has read so far."""

    number: str
    persons: set[UUID] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    purpose: str = ""
    spill: Callable[[], None] | None = None  # of a command or task: writes a row of what was seen so far


_look: ContextVar[Look | None] = ContextVar("look", default=None)


def new_number() -> str:
    """The request number shown on error pages."""
    return uuid4().hex[:12]


@contextmanager
def look(number: str = "") -> Iterator[Look]:
    """Collect reads until the block ends; the caller writes the row."""
    current = Look(number or new_number())
    token = _look.set(current)
    try:
        yield current
    finally:
        _look.reset(token)


def saw(persons: Iterable[UUID], groups: Iterable[FieldGroup], purpose: str) -> None:
    """Note that the answer being made carries these persons' data. Outside a request or command: nothing."""
    current = _look.get()
    if current is None:
        return
    current.persons.update(persons)
    current.groups.update(groups)
    current.purpose = str(purpose)
    if current.spill is not None and len(current.persons) >= MOST_IN_A_ROW:
        current.spill()


def request_number() -> str:
    current = _look.get()
    return current.number if current else ""


def write_access(
    current: Look, *, user: "AnyUser | None", method: str, route: str, status: int, role: str = "", address: str = ""
) -> None:
    """One row per answer. Raises whatever the database raises: without its row no answer leaves."""
    known = user if isinstance(user, User) else None
    AccessLog.objects.create(
        actor=known.uuid if known else None,
        actor_name=known.display_name if known else "",
        role=role,
        agency=known.agency.uuid if known else None,
        method=method,
        route=route[:80],
        status=status,
        persons=sorted(current.persons, key=str),
        groups=sorted(current.groups),
        purpose=current.purpose,
        address=address or None,
        request=current.number,
    )


@contextmanager
def looking(*, route: str, user: "AnyUser | None") -> Iterator[None]:
    """For commands and tasks: a row at the end when anyone was seen; of very many people one for every few thousand."""
    with look() as current:

        def write() -> None:
            write_access(current, user=user, method="RUN", route=route, status=200)
            current.persons.clear()

        current.spill = write
        yield
        if current.persons:
            write()


def record(
    action: str,
    subject: models.Model | None,
    *,
    by: "AnyUser | None",
    person: UUID | None = None,
    because: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Write one audit event. `by` None: the system. `facts` hold codes and dates, never an encrypted value."""
    AuditEvent.objects.create(**event_facts(action, subject, by=by, person=person, because=because, facts=facts))


def event_facts(
    action: str,
    subject: models.Model | None,
    *,
    by: "AnyUser | None",
    person: UUID | None = None,
    because: str = "",
    facts: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The columns of an event; bulk writers build many and insert them together."""
    known = by if isinstance(by, User) else None
    return {
        "action": action,
        "actor": known.uuid if known else None,
        "actor_name": known.display_name if known else SYSTEM,
        "agency": known.agency.uuid if known else None,
        "subject_kind": subject._meta.label_lower if subject is not None else "",
        "subject": getattr(subject, "uuid", None),
        "person": person,
        "because": because[:400],
        "facts": facts or {},
        "request": request_number(),
    }
