"""今日工作: the list, its filters, and a try that reached nobody."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import saw
from accounts.doors import can, requires, where
from accounts.queries.work import work_lines
from accounts.refusals import Refused
from accounts.rules.day_words import long_day
from accounts.rules.places import usual_name
from accounts.rules.work import Topic
from accounts.terms import FieldGroup, Permission, Purpose
from followup.queries import worklist as listing
from followup.queries.drafts import Unfinished, unfinished
from followup.rules.attempts import Tries
from followup.services.attempts import record_missed
from followup.views import today as today_page
from followup.views import work_row
from followup.views.words import moment, weekday
from registry.doors import access_patient, patients_for

PAGE = 50


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    title: str
    count: int
    rows: list[SafeString]


@requires(Permission.VIEW_TODAY)
@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Today's work of whoever looks: the visits that are due, and the lines of every other room, by topic."""
    today = timezone.localdate()
    asked = today_page.topic_of(request.GET.get("topic", ""))
    show, village, page = _asked(request)
    if not can(request.user, Permission.VIEW_WORKLIST):
        return _without_visits(request, asked, page, today)
    ahead = listing.days_ahead(request.user, today)
    found = listing.due(patients_for(request.user, Permission.VIEW_WORKLIST), today, ahead)
    board = listing.board(
        found, today, show=show, village=village, start=(page - 1) * PAGE, number=PAGE, reader=request.user.pk
    )
    if village and not any(v.key == village for v in board.villages):
        return redirect(_address(show, None))
    with_visits = asked in (None, Topic.VISITS)
    alone = bool(request.GET.keys() & {"show", "village", "page"}) and not asked
    if _visits_first(request):  # the rooms are asked by the page once it stands: thirteen of them would keep it waiting
        rooms = {"rooms_at": f"{reverse('followup:work_lines')}{'?alone=1' if alone else ''}"}
    else:
        visits = today_page.Visits(board.whole.all, board.whole.overdue)
        rooms = _rooms(request, visits, asked, page, alone=alone)
    context = {
        **_head(board.whole, today, ahead),
        **(_visits(request, board, today, ahead) if with_visits else {}),
        **rooms,
        "has_visits": True,
        "show_visits": with_visits,
        "can_record": can(request.user, Permission.RECORD_VISIT),
        "sees_receipts": can(request.user, Permission.RECORD_VISIT) and can(request.user, Permission.VIEW_ALERT_STATUS),
    }
    return render(request, "followup/worklist.html", context)


@requires(Permission.VIEW_WORKLIST)
@require_GET
def work_lines_beside(request: HttpRequest) -> HttpResponse:
    """What the other rooms have, for a page that already shows the visits. `alone`: only how many."""
    today = timezone.localdate()
    patients = patients_for(request.user, Permission.VIEW_WORKLIST)
    visits = today_page.Visits(*listing.due_counts(patients, today, listing.days_ahead(request.user, today)))
    context = _rooms(request, visits, None, 1, alone="alone" in request.GET)
    return render(request, "followup/_work_rooms.html", context)


def _visits_first(request: HttpRequest) -> bool:
    """Whose own work the visits are, and who did not ask for one topic."""
    return "topic" not in request.GET and not where(request.user, Permission.VIEW_WORKLIST).counties


def _rooms(
    request: HttpRequest, visits: today_page.Visits | None, asked: Topic | None, page: int, *, alone: bool = False
) -> dict[str, Any]:
    """The other rooms' lines: chips, what is said in the head, and the topics before and after the visits.

    `alone`: the visits are being leafed through or filtered, so the rows stay away.
    """
    today = timezone.localdate()
    lines = work_lines(request.user, today)
    found = [] if alone else today_page.sections(lines, asked, page)
    own_first = bool(where(request.user, Permission.VIEW_WORKLIST).counties)  # the visits are the townships' work
    before = [section for section in found if own_first or section.key == today_page.key_of(Topic.DANGER)]
    return {
        "topics": today_page.topic_links(lines, visits, asked, today),
        "others": today_page.said(lines, today),
        "visits_count": visits.count if visits and asked in (None, Topic.VISITS) else None,
        "sections_before": before,
        "sections_after": [section for section in found if section not in before],
        "drafts": [(draft.uuid, draft.name, moment(draft.saved_at)) for draft in _begun(request)],
    }


def _begun(request: HttpRequest) -> list[Unfinished]:
    """What the person began and has not saved."""
    if not can(request.user, Permission.RECORD_VISIT):
        return []
    found = unfinished(request.user, timezone.now())
    if found:
        saw((draft.uuid for draft in found), (FieldGroup.IDENTITY,), Purpose.LIST)
    return found


def _without_visits(request: HttpRequest, asked: Topic | None, page: int, today: date) -> HttpResponse:
    """For who visits nobody: a hospital's office, for one."""
    context = {**_rooms(request, None, asked, page), "today_words": _day(today)}
    return render(request, "followup/worklist.html", context)


def _visits(request: HttpRequest, board: listing.Board, today: date, ahead: int) -> dict[str, Any]:
    show, village, page = _asked(request)
    lines, numbers, rights = board.lines, board.of(village), _rights(request)
    saw((line.uuid for line in lines), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK), Purpose.LIST)
    return {
        **_filters(board, show, village, ahead),
        "groups": _groups(lines, today, ahead, numbers.under_headings(show), rights),
        "first": (lines[0].name, work_row.href("followup:visit_new", lines[0])) if lines and rights.record else None,
        "total": getattr(numbers, show),
        "pages": _pages(page, getattr(numbers, show), show, village),
    }


def _rights(request: HttpRequest) -> work_row.Rights:
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    return work_row.Rights(
        can(request.user, Permission.RECORD_VISIT), can(request.user, Permission.REVEAL_IDENTITY), token
    )


def _asked(request: HttpRequest) -> tuple[str, int | None, int]:
    """Filter, village and page; what cannot be meant counts as not asked."""
    show, village, page = (request.GET.get(name, "") for name in ("show", "village", "page"))
    return (show if show in listing.SHOWS else "all"), _whole(village), _whole(page) or 1


def _whole(text: str) -> int | None:
    """A number of the address, if it is one that could be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _address(show: str, village: int | None, page: int = 1) -> str:
    parts = [("show", show if show != "all" else ""), ("village", village or ""), ("page", page if page > 1 else "")]
    query = "&".join(f"{name}={value}" for name, value in parts if value)  # known words and whole numbers
    return f"{_here()}{'?' if query else ''}{query}"


@cache
def _here() -> str:
    return reverse("followup:worklist")


def _day(today: date) -> str:
    return f"{long_day(today)} {weekday(today)}"


def _head(counts: listing.Numbers, today: date, ahead: int) -> dict[str, Any]:
    return {
        "today_words": _day(today),
        "now_count": counts.overdue + counts.today,
        "week_count": counts.week,
        "ahead": ahead,
    }


FILTER = '<a href="{}"{}>{} <b>{}</b></a>'
CURRENT = format_html(' aria-current="{}"', "true")


def _link(href: str, label: str, count: int, *, current: bool) -> tuple[str, str, str, int]:
    return href, CURRENT if current else "", label, count


def _filters(counts: listing.Board, show: str, village: int | None, ahead: int) -> dict[str, Any]:
    """Markup, for the same reason as the rows (work_row): a township has as many links here as rows below."""
    numbers = counts.of(village)
    labels = {"all": "全部", "high": "3 级及以上", "overdue": "逾期", "today": "今天", "week": f"{ahead} 天内"}
    everywhere = _link(_address(show, None), "全部村（社区）", getattr(counts.whole, show), current=village is None)
    villages = [
        _link(_address(show, v.key), usual_name(v.name), getattr(v.numbers, show), current=v.key == village)
        for v in counts.villages
    ]
    shows = [
        _link(_address(code, village), label, getattr(numbers, code), current=code == show)
        for code, label in labels.items()
    ]
    return {
        "filters": format_html_join("\n", FILTER, shows),
        "villages": format_html_join("\n", FILTER, [everywhere, *villages]) if len(villages) > 1 else "",
        "village_name": next((usual_name(v.name) for v in counts.villages if v.key == village), ""),
        "everybody_at": everywhere[0],
    }


def _pages(number: int, total: int, show: str, village: int | None) -> dict[str, Any] | None:
    last = max(1, -(-total // PAGE))
    if last == 1:
        return None
    return {
        "first": (number - 1) * PAGE + 1,
        "last": min(number * PAGE, total),
        "before": _address(show, village, number - 1) if number > 1 else "",
        "after": _address(show, village, number + 1) if number < last else "",
    }


def _groups(
    lines: tuple[listing.Due, ...],
    today: date,
    ahead: int,
    sizes: tuple[int, int, int],
    rights: work_row.Rights,
) -> list[Group]:
    rows: tuple[list[SafeString], ...] = ([], [], [])
    for line in lines:
        rows[line.group].append(work_row.row(line, today, rights))
    titles = ("危险性 3 级及以上", "其余逾期", f"今天和 {ahead} 天内到期")
    return [Group(n, titles[n], sizes[n], rows[n]) for n in range(3) if rows[n]]


@requires(Permission.RECORD_VISIT)
@require_POST
def missed(request: HttpRequest, patient: UUID) -> HttpResponse:
    """A try from the list's own small form; back to where it was."""
    found = access_patient(request.user, patient, Permission.RECORD_VISIT, purpose=Purpose.FOLLOW_UP)
    try:
        tries = record_missed(
            patient=found,
            on=timezone.localdate(),
            reason=request.POST.get("reason", ""),
            form_id=_form_id(request),
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(tries))
    return redirect(reverse("followup:worklist"))


def _form_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return uuid4()


def _said(tries: Tries) -> str:
    if tries.looks_lost:
        return f"已记下。已经连续 {tries.number} 次、超过一个月没有访到，请判定是否失访：今日工作的“档案”里已列出。"
    return f"已记下，这是第 {tries.number} 次没访到，请在 {long_day(tries.again_by)} 前再访。"
