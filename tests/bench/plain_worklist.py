"""The worklist as one would write it for speed alone: one statement, one f-string a row, behind the same door and log.

It shows what the product's page shows: the filters with their numbers, the groups, fifty people with chip, notes and
the form for a try. Only the frame (menu, search, footer) is left out.
"""

from datetime import date
from html import escape
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from accounts.audit import saw
from accounts.doors import requires
from accounts.reach import standing
from accounts.terms import FieldGroup, Permission, Purpose

STATEMENT = """
WITH due AS (
  SELECT p.id, p.uuid, p.name, p.sex, p.birth_on, p.status, p.next_due_on, p.due_reason, p.last_visit_on, p.last_level,
         p.last_class, p.last_in_hospital, p.village_id,
         CASE WHEN p.last_level >= 3 THEN 0 WHEN p.next_due_on < %(today)s THEN 1 ELSE 2 END AS band
  FROM registry_patient p
  WHERE p.duty_township = %(town)s AND p.closed_on IS NULL AND p.next_due_on <= %(until)s
), page AS (
  SELECT * FROM due ORDER BY band, CASE WHEN band < 2 THEN last_level END DESC NULLS LAST, next_due_on,
         last_level DESC NULLS LAST, id LIMIT 50
)
SELECT page.uuid, page.name, page.sex, page.birth_on, page.status, page.next_due_on, page.due_reason,
       page.last_visit_on, page.last_level, page.last_class, page.last_in_hospital, v.name, page.band,
       (SELECT count(*) FROM followup_attempt a WHERE a.patient_id = page.id
        AND (page.last_visit_on IS NULL OR a.attempted_on > page.last_visit_on)),
       (SELECT y.face_n FROM followup_patientyear y WHERE y.patient_id = page.id AND y.year = %(year)s),
       (SELECT array_agg(ARRAY[n.village_id, n.all_n, n.high_n, n.overdue_n, n.today_n, n.week_n]) FROM (
          SELECT village_id, count(*) all_n, count(*) FILTER (WHERE last_level >= 3) high_n,
                 count(*) FILTER (WHERE next_due_on < %(today)s) overdue_n,
                 count(*) FILTER (WHERE next_due_on = %(today)s) today_n,
                 count(*) FILTER (WHERE next_due_on > %(today)s) week_n FROM due GROUP BY 1) n)
FROM page LEFT JOIN accounts_division v ON v.id = page.village_id
ORDER BY page.band, CASE WHEN page.band < 2 THEN page.last_level END DESC NULLS LAST, page.next_due_on,
         page.last_level DESC NULLS LAST, page.id
"""
AHEAD = 30  # days; tests.bench.worklist sets the county so
TITLES = ("危险性 3 级及以上", "其余逾期", f"今天和 {AHEAD} 天内到期")
CLASSES = {1: ("urgent", "alert", "不稳定"), 2: ("caution", "alert", "基本稳定"), 3: ("good", "check-circle", "稳定")}
REASONS = "".join(
    f'<label class="pick"><input type="radio" name="reason" value="{n}"><span>{text}</span></label>'
    for n, text in enumerate(("家中无人，过两周再访", "电话无人接听", "家属拒绝", "外出、迁居或走失"), 1)
)


def rows_of(town: int, today: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        until = date.fromordinal(today.toordinal() + AHEAD)
        cursor.execute(STATEMENT, {"town": town, "today": today, "until": until, "year": today.year})
        return cursor.fetchall()


@requires(Permission.VIEW_WORKLIST)
def plain_worklist(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    (town,) = standing(request.user).reach.townships  # type: ignore[arg-type]
    rows = rows_of(town, today)
    saw((row[0] for row in rows), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK), Purpose.LIST)
    token = get_token(request)
    parts = [f"<!doctype html><html lang=zh-Hans><title>今日工作</title><body><h1>今日工作</h1>{_filters(rows)}"]
    band = -1
    for row in rows:
        if row[12] != band:
            band = row[12]
            parts.append(f'<h2 class="group-head">{TITLES[band]}</h2>')
        parts.append(_row(row, today, token))
    parts.append("</body></html>")
    return HttpResponse("".join(parts))


def _filters(rows: list[tuple[Any, ...]]) -> str:
    counts = rows[0][15] if rows else []
    sums = [sum(line[i] for line in counts) for i in range(1, 6)]
    labels = ("全部", "3 级及以上", "逾期", "今天", "7 天内")
    whole = "".join(f'<a href="?show={n}">{label} <b>{sums[n]}</b></a>' for n, label in enumerate(labels))
    villages = "".join(f'<a href="?village={line[0]}">{line[0]} <b>{line[1]}</b></a>' for line in counts)
    return f'<nav class="filters">{whole}</nav><nav class="filters">{villages}</nav>'


def _row(row: tuple[Any, ...], today: date, token: str) -> str:
    uuid, name, sex, born, status, due, why, _last, level, kind, hospital, village, _band, tries, faces, _counts = row
    who = escape(name)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else ""
    risk = (
        '<span class="risk risk-none">未评</span>'
        if level is None
        else f'<span class="risk risk-{level}">{level} 级</span>'
    )
    tone = CLASSES.get(kind) or (("info", "hospital", "住院") if hospital else None)
    chip = (
        f'<span class="chip chip-{tone[0]}"><span class="icon icon-{tone[1]}"></span>{tone[2]}</span>' if tone else ""
    )
    days = (today - due).days
    when = f"逾期 {days} 天" if days > 0 else ("今天到期" if days == 0 else f"还有 {-days} 天")
    notes = "".join(f"<li>{note}</li>" for note in _notes(level, tries, status, faces, today))
    return (
        f'<li class="work">{risk}<div class="work-who"><a class="work-name" href="/patients/{uuid}/">{who}</a> '
        f'<span class="soft">{"男" if sex == "1" else "女"} {age} 岁</span>'
        f'<div class="work-where">{chip} <span class="soft">{escape(village or "")}</span></div></div>'
        f'<div class="work-why"><p><b class="when">{when}</b>：{due:%m-%d} 前，{escape(why)}</p><ul>{notes}</ul></div>'
        f'<div class="work-do"><a class="btn btn-tint" href="/followup/patients/{uuid}/visits/new/">随访 {who}</a>'
        f'<details class="missed"><summary class="btn">未访到 {who}</summary><form method="post" '
        f'action="/followup/patients/{uuid}/missed/"><input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        f'<input type="hidden" name="form_id" value="{uuid4()}"><fieldset>'
        f"<legend><b>{who} 今天没访到，因为</b></legend>{REASONS}</fieldset><button>记下未访到</button></form></details>"
        "</div></li>"
    )


def _notes(level: int | None, tries: int, status: str, faces: list[int] | None, today: date) -> list[str]:
    notes = []
    if level is not None and level >= 3:
        notes.append("两人同行，建议约民警协同随访")
    if tries:
        notes.append(f"未访到 {tries} 次")
    if status == "away":
        notes.append("外出，可电话随访")
    now, before = (3, 1) if today.month > 6 else (1, None)
    if faces is None or faces[now] - (faces[before] if before is not None else 0) == 0:
        notes.append("本半年还没有见过本人，请安排面访")
    return notes


def people_in(rows: list[tuple[Any, ...]]) -> list[UUID]:
    return [row[0] for row in rows]
