"""Enumeration limits of the partners' pages and interface: one count per officer, whatever way people are opened.

The count is taken from the ledger and the urgent questions under a lock of the officer's own, so that two tabs or a
token beside a browser wait for each other. A refusal keeps what was tried in the trail: the transaction commits.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Division, User
from accounts.queries.policy import policies
from accounts.refusals import Denied, NotHere, Refused, StepUpNeeded
from accounts.terms import DivisionLevel, Permission
from exchange.models import PortalStop
from exchange.queries.templates import counties_of
from exchange.rules.openings import Limits, Opening

WITHIN = timedelta(hours=1)


class TooMany(Refused):
    status = 429
    code = "too_many"
    message = (
        "一小时内打开的人太多，已停止打开新的人，并告知个人信息保护负责人。"
        "已经打开过的仍可查看；急事请打县精神卫生中心值班电话。"
    )


def limits_of(user: User) -> Limits:
    found = policies(county_of(user).pk, timezone.localdate())
    return Limits(int(found["portal_step_up_people"]), int(found["portal_stop_people"]))


def county_of(user: User) -> Division:
    """The county in which the user's office lies."""
    place = user.agency.division
    while place.level not in (DivisionLevel.COUNTY, DivisionLevel.CITY, DivisionLevel.PROVINCE) and place.parent:
        place = place.parent
    return place


def watch_openings(*, by: User, proven: bool, cases: list[UUID] | None = None, index: bytes | None = None) -> None:
    """Before somebody is opened or asked about: `cases` of the inbox, a joint visit among them, or an ID's `index`.

    Whoever was opened within the hour already costs nothing. `proven`: password and code were given just now.
    Source: issue 4, Build 8; threats T2. Raises: TooMany, StepUpNeeded.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opened, fresh, stopped FROM exchange_watch(%s::uuid[], %s::bytea, %s)",
            [cases or [], index, timezone.now() - WITHIN],
        )
        opened, fresh, stopped = cursor.fetchone()
    if not fresh:
        return
    if stopped:
        raise TooMany
    people = int(opened) + int(fresh)
    verdict = limits_of(by).verdict(people)
    if verdict is Opening.FREE:
        return
    if not proven:  # so a token never gets past the free number
        raise StepUpNeeded("一小时内打开的人较多，请重新输入密码和动态验证码。接口不能办理，请登录网页。")
    facts = {"within_the_hour": int(opened), "more": int(fresh)}
    if verdict is Opening.REFUSED:
        with connection.cursor() as cursor:
            cursor.execute("SELECT exchange_stop(%s, %s, %s)", [people, timezone.now(), county_of(by).pk])
        audit.record("exchange.portal.stopped", None, by=by, facts=facts)
        raise TooMany
    audit.record("exchange.portal.watched", None, by=by, facts=facts)


@transaction.atomic
def lift_stop(*, stop: PortalStop, because: str, by: User) -> PortalStop:
    """The privacy officer has looked into it: the count begins anew. Raises: Denied, NotHere, Refused."""
    today = timezone.localdate()
    row = PortalStop.objects.select_for_update(of=("self",)).select_related("county").filter(pk=stop.pk).first()
    if row is None or row.county not in counties_of(by, Permission.WATCH_PORTAL, today):
        raise NotHere if row is None else Denied
    if row.lifted_at is not None:
        raise Refused("已经解除过了。")
    if not because:
        raise Refused("请写明核查的结果和解除的理由。", field="because")
    row.lifted_at, row.lifted_by, row.because = timezone.now(), by, because
    row.save(update_fields=["lifted_at", "lifted_by", "because"])
    audit.record("exchange.portal.lifted", row, by=by, because=because, facts={"account": str(row.user.uuid)})
    return row
