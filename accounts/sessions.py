"""SESSION_ENGINE: database sessions that know whose they are. The row's columns are copies; the signed data decides."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from accounts.prepared import Prepared
from accounts.rules.sessions import SessionPolicy, is_stepped_up

NUMBER, STARTED, SEEN, PROVEN, ADDRESS, AGENT = "number", "started_at", "seen_at", "proven_at", "address", "agent"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import LoginSession

        return LoginSession

    def _get_session_from_db(self) -> Any:
        found = _live_row(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return next(iter(found), None)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        if NUMBER in data:  # the row is written anew at every save: its outside name must not change
            row.uuid = UUID(data[NUMBER])
        row.started_at, row.seen_at = moment(data.get(STARTED)), moment(data.get(SEEN))
        row.address, row.agent = data.get(ADDRESS) or None, str(data.get(AGENT, ""))[:120]
        return row

    def cycle_key(self) -> None:
        """A new id gets a new outside name too: for a moment both rows stand, and the name is unique."""
        if NUMBER in self:
            self[NUMBER] = str(uuid4())
        super().cycle_key()


_live_row: Prepared[Any] = Prepared(
    lambda key, now: SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now),
    "key",
    datetime(9999, 1, 1, tzinfo=UTC),
)


def moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def session_policy() -> SessionPolicy:
    """From SESSION_IDLE_SECONDS and SESSION_ABSOLUTE_SECONDS. Units: seconds."""
    return SessionPolicy(
        idle=timedelta(seconds=getattr(settings, "SESSION_IDLE_SECONDS", 15 * 60)),
        absolute=timedelta(seconds=getattr(settings, "SESSION_ABSOLUTE_SECONDS", 8 * 3600)),
    )


def has_stepped_up(request: HttpRequest) -> bool:
    """Password and code given within the last ten minutes in this browser. Never true for a token."""
    if getattr(request, "auth", None) is not None:
        return False
    proven_at = moment(request.session.get(PROVEN))
    return is_stepped_up(proven_at=proven_at, now=timezone.now(), policy=session_policy())
