"""今日工作: what is to be told of single persons, what waits for the second signature, who does not sign for it."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from accounts.doors import where
from accounts.models import User
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import PersonNotice, PersonNoticeCopy
from exchange.terms import WAITING_WORDS, PersonNoticeState, Situation
from registry.models import TemporaryFile

P, S = Permission, PersonNoticeState
MOST = 200


def notice_lines(user: User, today: date) -> list[WorkItem]:
    """Source: issue 4, Build 1 (随时): a notice that waits stands here until it is sent or declined with a reason."""
    sends, signs = where(user, P.SEND_NOTICE), where(user, P.RELEASE_NOTICE)
    if not (sends.townships or sends.counties):
        return []
    there = TemporaryFile.objects.filter(patient=OuterRef("patient"), ended_on=None, to_township__isnull=False)
    ready = ~Q(situation=Situation.FLOW) | Q(Exists(there))  # a short absence has no place to tell
    found = Q(reach_filter(sends)) & (Q(state=S.PENDING) & ready | Q(state=S.SENT, differs_at__isnull=False))
    if signs.counties:
        found |= Q(reach_filter(signs)) & Q(state=S.PROPOSED) & ~Q(first_by=user)
    rows = PersonNotice.objects.filter(found).select_related("patient__village").order_by("pk")[:MOST]
    return [_line(row, today) for row in rows] + _silent(user)


def _line(row: PersonNotice, today: date) -> WorkItem:
    if row.state == S.PROPOSED:
        since = row.first_at.astimezone(get_current_timezone()).date() if row.first_at else None
        return _item(row, "签发", f"{row.get_situation_display()}等另一人签发", Urgency.DANGER, since)
    if row.state == S.SENT:
        return _item(row, "更正", f"{row.get_situation_display()}发出以后，当时的资料有更正", Urgency.TODAY)
    day = f"{long_day(row.occurred_on, today)}，" if row.occurred_on else ""
    return _item(row, "告知", f"{day}{WAITING_WORDS.get(Situation(row.situation), '告知待发出')}", Urgency.TODAY)


def _item(row: PersonNotice, verb: str, why: str, urgency: Urgency, due_on: date | None = None) -> WorkItem:
    person, href = row.patient, reverse("exchange:person_notice", args=[row.uuid])
    return WorkItem(
        topic=Topic.DANGER if urgency is Urgency.DANGER else Topic.REVIEWS, verb=verb, href=href, name=person.name,
        place=person.village.usual_name if person.village else "", why=why, due_on=due_on, urgency=urgency,
        person=person.uuid,
    )  # fmt: skip


def _silent(user: User) -> list[WorkItem]:
    """Of one's own notices: offices that have not signed within the county's hours, as the clock has noted."""
    mine = PersonNoticeCopy.objects.filter(
        notice__first_by=user, notice__state=S.SENT, silent_noted_at__isnull=False, acknowledged_at=None, ended_at=None
    ).defer("content")
    late: dict[int, tuple[PersonNotice, list[str]]] = {}
    for copy in mine.select_related("agency", "notice__patient__village").order_by("pk")[:MOST]:
        late.setdefault(copy.notice_id, (copy.notice, []))[1].append(copy.agency.name)
    return [
        _item(notice, "督促", f"{notice.get_situation_display()}：{'、'.join(offices)}超过期限没有签收", Urgency.LATE)
        for notice, offices in late.values()
    ]
