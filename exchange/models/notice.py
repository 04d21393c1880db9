"""Notices without content (通知): where an office wants to be told that something lies in its inbox, and what was sent."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, EncryptedTextField, User
from accounts.terms import FieldGroup
from exchange.terms import ChannelKind, NoticeWord


class NoticeChannel(models.Model):
    """An address of an office. A row is never changed, only ended: a notice stays with the address it went to."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("方式", max_length=8, choices=ChannelKind)
    address = EncryptedTextField("地址", label="noticechannel.address")
    secret = EncryptedTextField("签名密钥", label="noticechannel.secret", null=True)
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    ended_at = models.DateTimeField("停用时间", null=True)

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "agency", "kind", "address", "secret", "made_at", "made_by", "ended_at"), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"], condition=Q(ended_at=None), name="noticechannel_one_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="noticechannel_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Notice(models.Model):
    """One notice to one address; `uuid` is the key by which the receiver knows a repetition. No person in it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    channel = models.ForeignKey(NoticeChannel, models.PROTECT, related_name="notices", verbose_name="地址")
    entry = models.UUIDField(
        "内容编号", null=True
    )  # an entry, an urgent question, a copy of a 单人告知, a package; None: a test
    word = models.CharField("事项", max_length=8, choices=NoticeWord)
    queued_at = models.DateTimeField("登记时间", default=timezone.now)
    due_at = models.DateTimeField("最早发送时间", default=timezone.now)
    lease = models.UUIDField("占用", null=True)
    leased_until = models.DateTimeField("占用到", null=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True)
    failed_at = models.DateTimeField("停发时间", null=True)
    last_error = models.CharField("原因", max_length=80, blank=True, default="")

    privacy: ClassVar = dict.fromkeys(
        ("id", "uuid", "channel", "entry", "word", "queued_at", "due_at", "lease", "leased_until", "attempts",
         "sent_at", "failed_at", "last_error"),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "entry", "word"], name="notice_once_per_entry"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(failed_at=None), name="notice_sent_or_failed"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(sent_at=None, failed_at=None), name="notice_due")]

    def __str__(self) -> str:
        return str(self.uuid)
