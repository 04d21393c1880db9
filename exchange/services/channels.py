"""Registering and ending addresses for notices, trying them, and sending anew what was given up."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Agency, User
from accounts.refusals import NotHere, Refused
from accounts.scope import scope
from accounts.services.races import refusing
from accounts.terms import Permission
from exchange.models import Delivery, Notice, NoticeChannel
from exchange.queries.channels import agency_kept, channel_kept, counties_kept
from exchange.rules.notices import LONGEST_ADDRESS, webhook_problem
from exchange.services.waking import wake_after_commit
from exchange.terms import ChannelKind, NoticeWord

SECRET_BYTES = 32


@dataclass(frozen=True)
class Registered:
    """`secret` is shown once; afterwards it can only be replaced."""

    channel: NoticeChannel
    secret: str


def _address_problem(kind: str, address: str) -> str:
    if kind == ChannelKind.WEBHOOK:
        return webhook_problem(address)
    try:
        validate_email(address)
    except ValidationError:
        return "请填一个电子邮件地址，例如 duty@example.gov.cn。"
    return "" if len(address) <= LONGEST_ADDRESS else f"地址最多 {LONGEST_ADDRESS} 个字符。"


@transaction.atomic
def register_channel(*, agency: UUID, kind: str, address: str, by: User) -> Registered:
    """An office's address for notices. Nothing is sent anywhere before this. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.KEEP_CHANNELS)
    office = agency_kept(by, agency, timezone.localdate())
    if office is None:
        raise NotHere
    if kind not in ChannelKind.values:
        raise Refused("请选择通知方式。", field="kind")
    if problem := _address_problem(kind, address):
        raise Refused(problem, field="address")
    secret = secrets.token_urlsafe(SECRET_BYTES) if kind == ChannelKind.WEBHOOK else ""
    taken = Refused("这个单位已有这种方式的地址。要更换，请先停用原来的。", field="kind")
    with refusing("noticechannel_one_of_a_kind", taken):
        row = NoticeChannel.objects.create(agency=office, kind=kind, address=address, secret=secret or None, made_by=by)
    audit.record("exchange.channel.registered", row, by=by, facts={"agency": str(office.uuid), "kind": kind})
    return Registered(row, secret)


def _kept(channel: UUID, by: User) -> NoticeChannel:
    authorise(by, Permission.KEEP_CHANNELS)
    row = channel_kept(by, channel, timezone.localdate())
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def end_channel(*, channel: UUID, by: User) -> NoticeChannel:
    """No notice goes there any more, nor one that was waiting. Raises: Denied, NotHere."""
    row = _kept(channel, by)
    if not NoticeChannel.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        raise NotHere
    audit.record("exchange.channel.ended", row, by=by, facts={"agency": str(row.agency.uuid), "kind": row.kind})
    return row


@transaction.atomic
def try_channel(*, channel: UUID, by: User) -> Notice:
    """Queue a test notice; it goes the way of every other. Raises: Denied, NotHere, Refused."""
    row = _kept(channel, by)
    NoticeChannel.objects.select_for_update().filter(pk=row.pk).first()
    if Notice.objects.filter(channel=row, entry=None, sent_at=None, failed_at=None).exists():
        raise Refused("上一次测试还没有发出，请稍候再看结果。")
    notice = Notice.objects.create(channel=row, word=NoticeWord.TEST)
    audit.record("exchange.channel.tried", row, by=by)
    return notice


@transaction.atomic
def retry_notice(*, notice: UUID, by: User) -> None:
    """Send anew what was given up; pressed twice, it is queued once. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.KEEP_CHANNELS)
    row = Notice.objects.select_for_update(of=("self",)).select_related("channel").filter(uuid=notice).first()
    if row is None or channel_kept(by, row.channel.uuid, timezone.localdate()) is None:
        raise NotHere
    if row.failed_at is None:
        raise Refused("这条通知已经在重新发送，不用再按。")
    row.failed_at, row.attempts, row.due_at = None, 0, timezone.now()
    row.save(update_fields=["failed_at", "attempts", "due_at"])
    audit.record("exchange.notice.retried", row, by=by)


def retry_delivery(*, entry: UUID, by: User) -> None:
    """Deliver anew an entry that never reached its inbox. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.KEEP_CHANNELS)
    with transaction.atomic(), scope(counties=counties_kept(by, timezone.localdate())):
        row = Delivery.objects.select_for_update(of=("self",)).select_related("entry__alert__agency")
        found = row.filter(entry__uuid=entry).first()
        if found is None:
            raise NotHere
        if found.failed_at is None:
            raise Refused("这一件已经在重新送达，不用再按。")
        found.failed_at, found.attempts, found.due_at = None, 0, timezone.now()
        found.save(update_fields=["failed_at", "attempts", "due_at"])
        person = found.entry.patient.uuid
        audit.record("exchange.delivery.retried", found.entry, by=by, person=person)
    wake_after_commit()


@transaction.atomic
def set_on_duty(*, agency: UUID, on_duty: bool, by: User) -> Agency:
    """全天值守 counts every hour, an office the hours of working days. Raises: Denied, NotHere."""
    authorise(by, Permission.KEEP_CHANNELS)
    office = agency_kept(by, agency, timezone.localdate())
    if office is None:
        raise NotHere
    if office.on_duty != on_duty:
        Agency.objects.filter(pk=office.pk).update(on_duty=on_duty)
        audit.record("exchange.office.duty", office, by=by, facts={"on_duty": on_duty})
    return office
