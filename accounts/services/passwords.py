"""Setting a password: by its owner, while logged in or with a one-time code. Nobody else ever knows it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password as matches
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import OneTimeCode, User
from accounts.refusals import Refused
from accounts.rules.passwords import PasswordOwner, PasswordPolicy, has_expired, problems
from accounts.services.sessions import end_sessions_of

KNOWN_FILE = Path(__file__).resolve().parent.parent / "fixtures" / "known_passwords.txt"


class PasswordRefused(Refused):
    """Carries every reason, one sentence each."""

    def __init__(self, reasons: tuple[str, ...], *, field: str = "new_password") -> None:
        super().__init__(" ".join(reasons), field=field)
        self.reasons = reasons


def password_policy() -> PasswordPolicy:
    """Length, composition and age are settings; the defaults stand in the rule."""
    plain = PasswordPolicy()
    return PasswordPolicy(
        min_length=getattr(settings, "PASSWORD_MIN_LENGTH", plain.min_length),
        min_kinds=getattr(settings, "PASSWORD_MIN_KINDS", plain.min_kinds),
        max_age_days=getattr(settings, "PASSWORD_MAX_AGE_DAYS", plain.max_age_days),
    )


@lru_cache(maxsize=1)
def known_passwords() -> frozenset[str]:
    lines = KNOWN_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def password_has_expired(user: User) -> bool:
    return has_expired(changed_at=user.password_changed_at, now=timezone.now(), policy=password_policy())


@transaction.atomic
def change_password(*, user: User, new: str, keep_session: str | None = None) -> None:
    """The owner, whose old password was just checked, sets a new one; other sessions end. Raises: PasswordRefused."""
    _set(user, new)
    end_sessions_of(user, keep=keep_session)
    audit.record("accounts.password.changed", user, by=user)


@transaction.atomic
def redeem_one_time_code(*, code: str, new: str) -> User:
    """Spend the one-time code (its row's uuid) and set the password with it. Raises: PasswordRefused.

    Two browsers with one code: the first to set a password wins, the second is refused.
    """
    row = OneTimeCode.objects.select_for_update().select_related("user__agency").filter(uuid=code, used_at=None).first()
    if row is None or row.expires_at <= timezone.now() or not row.user.is_active:
        raise PasswordRefused(("这个登录码已经用过或过期了。请找管理员重新发一个。",))
    _set(row.user, new)
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    end_sessions_of(row.user)
    audit.record("accounts.password.set_with_code", row.user, by=row.user)
    return row.user


def _set(user: User, new: str) -> None:
    reasons = problems(new, PasswordOwner(user.username, user.display_name), known_passwords(), password_policy())
    if user.has_usable_password() and matches(new, user.password):
        reasons = (*reasons, "新密码不能和现在的密码一样。")
    if reasons:
        raise PasswordRefused(reasons)
    user.set_password(new)
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "password_changed_at"])
