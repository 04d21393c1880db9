from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models.user import User
from accounts.terms import FieldGroup


class ApiToken(models.Model):
    """接口令牌: hashed, named, dated, one user's own rights; never for acts that need a step-up."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField("名称", max_length=60)
    digest = models.BinaryField("摘要", max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    privacy: ClassVar = dict.fromkeys(
        "id uuid user name digest created_at expires_at revoked_at last_used_at".split(), FieldGroup.TECHNICAL
    )
