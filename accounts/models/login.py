"""What login remembers: devices, codes, failures, running sessions. No person on the register is named here."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from accounts.models.fields import EncryptedTextField
from accounts.models.user import User
from accounts.terms import FieldGroup

MAX_COUNTED_FAILURES = 10  # 2**9 s: a device waits at most nine minutes, never for good


class TotpDevice(ThrottlingMixin, Device):
    """身份验证器: the phone's shared secret, sealed; each code works once."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    secret = EncryptedTextField("密钥", label="totp.secret")  # hexadecimal
    last_step = models.BigIntegerField("最近用过的时间段", default=-1)
    created_at = models.DateTimeField(default=timezone.now)

    privacy: ClassVar = dict.fromkeys(
        (
            "id uuid user name confirmed secret last_step created_at "
            "throttling_failure_timestamp throttling_failure_count"
        ).split(),
        FieldGroup.TECHNICAL,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_authenticator_each")]

    def get_throttle_factor(self) -> int:
        return 1

    def throttle_increment(self, commit: bool = True) -> None:
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, MAX_COUNTED_FAILURES)  # type: ignore[has-type]
        if commit:
            self.save()

    def verify_token(self, token: str) -> bool:
        """True once per time step; the caller holds the row's lock. Saves what it learnt."""
        allowed, _ = self.verify_is_allowed()
        if not allowed:
            return False
        clock = TOTP(bytes.fromhex(str(self.secret)))
        clock.time = timezone.now().timestamp()
        good = token.isascii() and token.isdigit() and clock.verify(int(token), tolerance=1, min_t=self.last_step + 1)
        if good:
            self.last_step = clock.t()
            self.throttle_reset(commit=False)
        else:
            self.throttle_increment(commit=False)
        self.save()
        return good


class BackupCode(models.Model):
    """备用码: for the day without the phone; keyed digest, used once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="backup_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)

    privacy: ClassVar = dict.fromkeys("id user digest used_at".split(), FieldGroup.TECHNICAL)


class OneTimeCode(models.Model):
    """一次性登录码: starts an account or a reset, holds a day, works once; whoever issues it never learns the password."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="one_time_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    HOLDS: ClassVar = timedelta(hours=24)
    privacy: ClassVar = dict.fromkeys(
        "id uuid user digest issued_by issued_at expires_at used_at".split(), FieldGroup.TECHNICAL
    )


class LoginThrottle(models.Model):
    """登录限速: failures in a row of one name from one address. The name is a keyed digest: people mistype passwords there."""

    name = models.BinaryField(max_length=32)
    address = models.GenericIPAddressField()
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField(null=True)

    privacy: ClassVar = dict.fromkeys("id name address failures last_failed_at".split(), FieldGroup.TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="throttle_one_per_pair")]
        indexes = [models.Index(fields=["address", "last_failed_at"], name="throttle_by_address")]


class LoginSession(AbstractBaseSession):
    """会话: Django's session row with its owner beside it, so that it can be shown and ended."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=120, blank=True)

    privacy: ClassVar = dict.fromkeys(
        "session_key session_data expire_date uuid user started_at seen_at address agent".split(), FieldGroup.TECHNICAL
    )

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore
