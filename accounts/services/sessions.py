"""The browser's session: half open between password and code, then running, then ended."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import login as open_login
from django.contrib.auth import logout as close_login
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import LoginSession, User
from accounts.refusals import NotHere
from accounts.rules.addresses import client_address
from accounts.sessions import ADDRESS, AGENT, NUMBER, PROVEN, SEEN, STARTED, moment

PENDING = "pending_login"
PENDING_HOLDS = timedelta(minutes=10)
BACKEND = "accounts.backends.AccountBackend"


@dataclass(frozen=True)
class Pending:
    """A login under way. `code` is the uuid of the one-time code that opened it, when one did."""

    user: User
    onward: str
    code: str = ""


def address_of(request: HttpRequest) -> str:
    return client_address(
        remote=request.META.get("REMOTE_ADDR") or "",
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted_proxies=getattr(settings, "TRUSTED_PROXIES", 0),
    )


def begin_pending(request: HttpRequest, user: User, *, onward: str = "", code: str = "") -> None:
    """The first factor held. Whatever stood in the browser's session before is dropped."""
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "stamp": user.get_session_auth_hash(),
        "until": (timezone.now() + PENDING_HOLDS).isoformat(),
        "onward": onward,
        "code": code,
    }


def pending(request: HttpRequest) -> Pending | None:
    """The login under way; none after ten minutes, or when account or password changed meanwhile."""
    held: dict[str, Any] = request.session.get(PENDING) or {}
    until = moment(held.get("until"))
    if until is None or timezone.now() >= until:
        return None
    user = User.objects.select_related("agency").filter(pk=held["user"], is_active=True).first()
    if user is None or held["stamp"] != user.get_session_auth_hash():
        return None
    return Pending(user, held["onward"], held["code"])


def begin_session(request: HttpRequest, user: User) -> None:
    """Both factors held: a new session id, the clocks start. Source: ASVS 5.0 7.2.4."""
    request.session.pop(PENDING, None)
    open_login(request, user, backend=BACKEND)  # cycles the session key and the CSRF token
    now = timezone.now().isoformat()
    request.session.update(
        {
            NUMBER: str(uuid4()),
            STARTED: now,
            SEEN: now,
            PROVEN: now,
            ADDRESS: address_of(request),
            AGENT: request.headers.get("User-Agent", "")[:120],
        }
    )


def prove_again(request: HttpRequest) -> None:
    """Step-up done: new session id, ten minutes for what needs it."""
    request.session.cycle_key()
    request.session[PROVEN] = timezone.now().isoformat()


def end_session(request: HttpRequest) -> None:
    user = request.user if isinstance(request.user, User) else None
    close_login(request)
    if user is not None:
        audit.record("accounts.login.ended", user, by=user)


def end_sessions_of(user: User, *, keep: str | None = None) -> int:
    """Delete the user's running sessions, but the one whose key is `keep`. Each is anonymous on its next request."""
    rows = LoginSession.objects.filter(user=user)
    return (rows.exclude(session_key=keep) if keep else rows).delete()[0]


def end_own_session(*, uuid: UUID, by: User) -> None:
    """End one of one's own logins elsewhere. Raises: NotHere."""
    if not LoginSession.objects.filter(uuid=uuid, user=by).delete()[0]:
        raise NotHere
    audit.record("accounts.session.ended", by, by=by)
