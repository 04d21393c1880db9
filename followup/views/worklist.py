"""今日工作: the list, its filters, and a try that reached nobody."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import Refused
from accounts.rules.places import usual_name
from accounts.terms import FieldGroup, Permission, Purpose
from followup.queries import worklist as listing
from followup.rules.attempts import Tries
from followup.services.attempts import record_missed
from followup.views.words import Chip, about, class_chip, due_words, short_day, weekday
from registry.doors import access_patient, patients_for
from registry.terms import CareStatus

PAGE = 50
NOBODY = str(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Note:
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    file_href: str
    visit_href: str
    missed_href: str
    phone_href: str
    form_id: str
    name: str
    about: str
    village: str
    level: int | None
    chip: Chip | None
    when: str
    when_class: str
    why: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    title: str
    count: int
    rows: tuple[Row, ...]


@requires(Permission.VIEW_WORKLIST)
@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    ahead = listing.days_ahead(request.user, today)
    found = listing.due(patients_for(request.user, Permission.VIEW_WORKLIST), today, ahead)
    counts = listing.counts(found, today)
    show, village, number = _asked(request, counts)
    chosen = listing.shown(found.filter(village=village) if village else found, show, today)
    ordered = listing.in_order(chosen, today)
    lines = listing.lines(ordered, (number - 1) * PAGE, PAGE)
    saw((line.uuid for line in lines), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK), Purpose.LIST)
    total = getattr(counts.of(village), show)
    sizes = listing.group_sizes(chosen, today) if total > PAGE else None
    context = {
        **_head(counts.whole, today, ahead),
        **_filters(counts, show, village, ahead),
        **_list(lines, today, ahead, sizes),
        "total": total,
        "pages": _pages(number, total, show, village),
        "csrf": get_token(request),
        "can_record": can(request.user, Permission.RECORD_VISIT),
        "can_phone": can(request.user, Permission.REVEAL_IDENTITY),
    }
    return render(request, "followup/worklist.html", context)


def _asked(request: HttpRequest, counts: listing.Counts) -> tuple[str, int | None, int]:
    """Filter, village and page; what is not on offer counts as not asked."""
    show, village, page = (request.GET.get(name, "") for name in ("show", "village", "page"))
    keys = {str(v.key): v.key for v in counts.villages}
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return (show if show in listing.SHOWS else "all"), keys.get(village), max(1, number)


def _address(show: str, village: int | None, page: int = 1) -> str:
    parts = [("show", show if show != "all" else ""), ("village", village or ""), ("page", page if page > 1 else "")]
    query = urlencode([(name, value) for name, value in parts if value])
    return f"{reverse('followup:worklist')}{'?' if query else ''}{query}"


def _head(counts: listing.Numbers, today: date, ahead: int) -> dict[str, Any]:
    return {
        "today_words": f"{today.month} 月 {today.day} 日 {weekday(today)}",
        "now_count": counts.overdue + counts.today,
        "week_count": counts.week,
        "ahead": ahead,
    }


@dataclass(frozen=True, slots=True)
class Filter:
    href: str
    label: str
    count: int
    current: bool


def _filters(counts: listing.Counts, show: str, village: int | None, ahead: int) -> dict[str, Any]:
    numbers = counts.of(village)
    labels = {"all": "全部", "high": "3 级及以上", "overdue": "逾期", "today": "今天", "week": f"{ahead} 天内"}
    villages = [
        Filter(_address(show, v.key), usual_name(v.name), getattr(v.numbers, show), v.key == village)
        for v in counts.villages
    ]
    return {
        "filters": [
            Filter(_address(code, village), label, getattr(numbers, code), code == show)
            for code, label in labels.items()
        ],
        "villages": villages if len(villages) > 1 else [],
        "village_name": next((v.label for v in villages if v.current), ""),
        "all_villages": Filter(_address(show, None), "全部村（社区）", getattr(counts.whole, show), village is None),
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


def _list(lines: list[listing.Due], today: date, ahead: int, sizes: tuple[int, int, int] | None) -> dict[str, Any]:
    titles = ("危险性 3 级及以上", "其余逾期", f"今天和 {ahead} 天内到期")
    tries, unseen = listing.tries_since(lines), listing.unseen_this_half(lines, today)
    rows = [(line.group(today), _row(line, today, tries.get(line.pk), line.pk in unseen)) for line in lines]
    groups = []
    for number, title in enumerate(titles):
        mine = tuple(row for group, row in rows if group == number)
        if mine:
            groups.append(Group(number, title, sizes[number] if sizes else len(mine), mine))
    return {"groups": groups, "first": rows[0][1] if rows else None}


def _row(line: listing.Due, today: date, tried: listing.Tried | None, unseen: bool) -> Row:
    when, when_class = due_words(line.next_due_on, today)
    uuid = str(line.uuid)
    return Row(
        file_href=_pattern("registry:patient").replace(NOBODY, uuid),
        visit_href=_pattern("followup:visit_new").replace(NOBODY, uuid),
        missed_href=_pattern("followup:missed").replace(NOBODY, uuid),
        phone_href=_pattern("registry:reveal").replace(NOBODY, uuid),
        form_id=str(uuid4()),
        name=line.name,
        about=about(line.sex, line.birth_on, today),
        village=usual_name(line.village or ""),
        level=line.last_level,
        chip=class_chip(line.last_class) or (Chip("住院", "info", "hospital") if line.last_in_hospital else None),
        when=when,
        when_class=when_class,
        why=f"{short_day(line.next_due_on, today)} 前，{line.due_reason.replace('，', '', 1)}",
        notes=tuple(_notes(line, today, tried, unseen)),
    )


@cache
def _pattern(name: str) -> str:
    """Addresses of a page of fifty rows, resolved once."""
    return reverse(name, args=[NOBODY])


def _notes(line: listing.Due, today: date, tried: listing.Tried | None, unseen: bool) -> list[Note]:
    """Only what changes the visit today."""
    notes = []
    if line.last_level is not None and line.last_level >= 3:
        notes.append(Note("people", "两人同行，建议约民警协同随访"))
    if tried:
        notes.append(Note("home-x", f"未访到 {tried.tries} 次（最近 {short_day(tried.last_try_on, today)}）"))
    if line.status == CareStatus.AWAY:
        notes.append(Note("pin", "外出，可电话随访"))
    if line.status == CareStatus.LOST:
        notes.append(Note("search", "失访，查找中"))
    if unseen and line.last_visit_on and not line.last_in_hospital:
        notes.append(Note("file", "本半年还没有见过本人，请安排面访"))
    return notes


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
        return f"已记下。已经连续 {tries.number} 次、超过一个月没有访到，请在随访表里登记失访。"
    return f"已记下，这是第 {tries.number} 次没访到，请在 {tries.again_by:%m-%d} 前再访。"
