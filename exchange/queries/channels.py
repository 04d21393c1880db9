"""Addresses for notices and what did not go out, for the county's exchange clerk. No person is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Agency, Division, User
from accounts.queries.administered import agencies_in, areas_administered
from accounts.scope import scope
from accounts.terms import AgencyKind, DivisionLevel, Permission
from exchange.models import Delivery, Notice, NoticeChannel
from exchange.rules.content import OFFICES
from exchange.rules.offices import DOCTORS

MOST = 100
# Offices of alerts, and those that are told of single persons and seldom look here (a county has hundreds of villages).
TOLD = (*OFFICES, AgencyKind.CIVIL_AFFAIRS.value, AgencyKind.GOVERNMENT.value)


@dataclass(frozen=True)
class ChannelLine:
    channel: NoticeChannel
    address: str
    last_sent_at: datetime | None
    trouble: str  # why the newest notice has not gone out


@dataclass(frozen=True)
class Office:
    """An office that is told by notices, with its addresses."""

    agency: Agency
    channels: list[ChannelLine]

    @property
    def why(self) -> str:
        """What it is told of, where that is no alert."""
        return "收现场紧急查询的提醒。" if self.agency.kind in DOCTORS else ""


@dataclass(frozen=True)
class Dead:
    """Something that was given up, until somebody sends it anew. `key` is the notice's, or the entry's."""

    key: UUID
    number: str
    office: str
    what: str
    why: str
    at: datetime
    is_notice: bool


def areas_kept(user: User, today: date) -> list[Division]:
    return areas_administered(user, Permission.KEEP_CHANNELS, today)


def counties_kept(user: User, today: date) -> list[int]:
    return [area.pk for area in areas_kept(user, today) if area.level == DivisionLevel.COUNTY]


def agency_kept(user: User, uuid: UUID, today: date) -> Agency | None:
    return _told(user, today).filter(uuid=uuid).first()


def _told(user: User, today: date) -> QuerySet[Agency]:
    """Who is told by notices: every office that is told of people, and the county's own where its psychiatrists sit."""
    areas = areas_kept(user, today)
    return agencies_in(areas).filter(Q(kind__in=TOLD) | Q(kind__in=DOCTORS, division__in=areas))


def channel_kept(user: User, uuid: UUID, today: date) -> NoticeChannel | None:
    mine = NoticeChannel.objects.filter(agency__in=agencies_in(areas_kept(user, today)), ended_at=None)
    return mine.filter(uuid=uuid).select_related("agency").first()


def offices_kept(user: User, today: date) -> list[Office]:
    """Every office of the county that is told by notices, with its addresses."""
    agencies = list(_told(user, today))
    found: dict[int, list[ChannelLine]] = {agency.pk: [] for agency in agencies}
    rows = list(NoticeChannel.objects.filter(agency__in=agencies, ended_at=None).order_by("id"))
    newest = _newest(rows)
    for row in rows:
        last = newest.get(row.pk)
        trouble = last.last_error if last and last.sent_at is None else ""
        sent_at = last.sent_at if last else None
        found[row.agency_id].append(ChannelLine(row, cast("str", row.address), sent_at, trouble))
    return [Office(agency, found[agency.pk]) for agency in agencies]


def _newest(channels: Iterable[NoticeChannel]) -> dict[int, Notice]:
    rows = Notice.objects.filter(channel__in=list(channels)).order_by("channel_id", "-id").distinct("channel_id")
    return {row.channel_id: row for row in rows}


def dead_letters(user: User, today: date) -> list[Dead]:
    """What was given up in the counties kept: notices to addresses outside, and deliveries to our own inboxes."""
    return sorted([*_dead_notices(user, today), *_dead_deliveries(user, today)], key=lambda row: row.at, reverse=True)


def _dead_notices(user: User, today: date) -> list[Dead]:
    mine = Notice.objects.filter(failed_at__isnull=False, channel__agency__in=agencies_in(areas_kept(user, today)))
    rows = mine.filter(channel__ended_at=None).select_related("channel__agency").order_by("-failed_at")[:MOST]
    return [
        Dead(
            row.uuid, "", row.channel.agency.name, f"{row.channel.get_kind_display()}：{row.get_word_display()}",
            row.last_error, row.failed_at or row.queued_at, True,
        )
        for row in rows
    ]  # fmt: skip


def _dead_deliveries(user: User, today: date) -> list[Dead]:
    """Read in the counties' own reach: the clerk has none, and sees numbers and offices only."""
    with scope(counties=counties_kept(user, today)):
        rows = Delivery.objects.filter(failed_at__isnull=False).order_by("-failed_at")[:MOST]
        found = rows.values_list(
            "entry__uuid", "entry__alert__number", "entry__alert__agency__name", "last_error", "failed_at"
        )
        return [Dead(key, number, office, "送到收件箱", why, at, False) for key, number, office, why, at in found if at]
