"""API tokens: shown once, kept as a digest, dated, revocable; each acts with its owner's rights of the moment."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.models import ApiToken, User
from accounts.refusals import NotHere, Refused
from accounts.services.passwords import password_has_expired

PREFIX = "smd_"
MAX_DAYS = 366
NOTE_USE_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(*, user: User, name: str, days: int, by: User | None) -> str:
    """The token's text, this once. Units: days, 1 to 366. Raises: Refused."""
    if not 1 <= days <= MAX_DAYS:
        raise Refused(f"有效期要在 1 到 {MAX_DAYS} 天之间。", field="days")
    if not user.is_active:
        raise Refused("这个账号已停用，不能发接口令牌。", field="username")
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=name[:60], digest=token_digest(text), expires_at=timezone.now() + timedelta(days=days)
    )
    audit.record("accounts.token.created", row, by=by, facts={"user": str(user.uuid), "days": days})
    return text


@transaction.atomic
def revoke_token(*, uuid: UUID, by: User) -> None:
    """End one of one's own tokens. Raises: NotHere."""
    row = ApiToken.objects.select_for_update().filter(uuid=uuid, user=by, revoked_at=None).first()
    if row is None:
        raise NotHere
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    audit.record("accounts.token.revoked", row, by=by)


def end_tokens_of(user: User) -> int:
    """Every token of a person stops; answers how many did. The caller audits the act that they end with."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def user_of_token(text: str) -> tuple[User, ApiToken] | None:
    """The owner, while token, account and password hold. Notes the use, at most once a minute."""
    now = timezone.now()
    row = (
        ApiToken.objects.select_related("user__agency__division")
        .filter(digest=token_digest(text), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if row is None or password_has_expired(row.user):
        return None
    if row.last_used_at is None or now - row.last_used_at >= NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row.user, row


def token_digest(text: str) -> bytes:
    return blind_index("api-token", text)
