"""What the account's own page shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from accounts.models import ApiToken, Assignment, BackupCode, LoginSession, User


@dataclass(frozen=True)
class OwnSession:
    uuid: UUID
    started_at: datetime | None
    seen_at: datetime | None
    address: str
    browser: str
    is_this: bool


@dataclass(frozen=True)
class OwnPage:
    user: User
    assignments: list[Assignment]
    sessions: list[OwnSession]
    tokens: list[ApiToken]
    backup_codes_left: int
    password_until: datetime | None


def own_page(user: User, *, this_session: str | None, today: date, now: datetime) -> OwnPage:
    """Own facts only: live and coming assignments, running sessions, tokens that still work."""
    assignments = user.assignments.filter(ends_on__gte=today) | user.assignments.filter(ends_on=None)
    max_age = int(getattr(settings, "PASSWORD_MAX_AGE_DAYS", 0))
    return OwnPage(
        user=user,
        assignments=list(assignments.select_related("division", "agency").order_by("starts_on", "pk")),
        sessions=[_own_session(row, this_session) for row in _running(user, now)],
        tokens=list(ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now).order_by("expires_at")),
        backup_codes_left=BackupCode.objects.filter(user=user, used_at=None).count(),
        password_until=user.password_changed_at + timedelta(days=max_age) if max_age else None,
    )


def _running(user: User, now: datetime) -> list[LoginSession]:
    return list(LoginSession.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at"))


def _own_session(row: LoginSession, this_session: str | None) -> OwnSession:
    is_this = row.session_key == this_session
    return OwnSession(row.uuid, row.started_at, row.seen_at, row.address or "", browser_name(row.agent), is_this)


def browser_name(agent: str) -> str:
    """A word a person recognises for a User-Agent line."""
    kinds = (
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "火狐"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    name = next((label for mark, label in kinds if mark in agent), "浏览器")
    return f"{name}（手机）" if "Mobile" in agent else name
