"""One row of 今日工作 as markup.

Written with format_html and not as a template: a page has fifty rows of twenty values each, and the template engine
spends two thirds of the page's time on them (bin/bench worklist). Every value passes through escape.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.rules.day_words import short_day
from accounts.rules.places import usual_name
from followup.queries.worklist import Due
from followup.rules.dates import day_after
from followup.rules.windows import MAKE_UP_DAYS as RETRY_DAYS
from followup.terms import Stability
from followup.views.words import about, class_chip, due_words
from registry.queries.head import COLOURS
from registry.terms import CareStatus, Colour

NOBODY = str(UUID(int=0))
READING = """<li class="work">
{risk}
<div class="work-who"><a class="work-name" href="@registry:patient@">{name}</a> <span class="soft">{about}</span>
<div class="work-where">{chip}{village}</div></div>
<div class="work-why"><p>{when}：{why}</p>{notes}</div>
"""
DOING = """<div class="work-do"><a class="btn btn-tint" href="@followup:visit_new@"><span class="icon icon-edit" aria-hidden="true"></span>{verb}<span class="visually-hidden"> {name}</span></a>
<details class="missed"><summary class="btn btn-quiet">未访到<span class="visually-hidden"> {name}</span></summary>
<form class="missed-form" method="post" action="@followup:missed@">{token}<input type="hidden" name="form_id" value="{form_id}">
<fieldset class="stack-s"><legend><b>{name} 今天没访到，因为</b></legend>
<label class="pick"><input type="radio" name="reason" value="1" checked><span>家中无人，过两周再访</span></label>
<label class="pick"><input type="radio" name="reason" value="2"><span>电话无人接听</span></label>
<label class="pick"><input type="radio" name="reason" value="3"><span>家属拒绝</span></label>
<label class="pick"><input type="radio" name="reason" value="4"><span>外出、迁居或走失</span></label></fieldset>
<button class="btn btn-wide" type="submit">记下未访到</button></form></details>
"""  # noqa: E501
PHONING = """<form method="post" action="@registry:reveal@">{token}<input type="hidden" name="what" value="phone"><input type="hidden" name="purpose" value="phone"><button class="btn btn-quiet" type="submit"><span class="icon icon-phone" aria-hidden="true"></span>电话<span class="visually-hidden"> {name}</span></button></form>"""  # noqa: E501
CHIP = '<span class="chip chip-{}"><span class="icon icon-{}" aria-hidden="true"></span>{}</span> '
NOTE = '<li><span class="icon icon-{}" aria-hidden="true"></span>{}</li>'
RISK = '<span class="risk risk-{0}"><span class="visually-hidden">危险性 </span><b>{0}</b>级</span>'
NOTHING, GO_ON, VISIT = (format_html("{}", words) for words in ("", "接着填", "随访"))
UNRATED = format_html('<span class="risk risk-none"><span class="visually-hidden">危险性 </span>{}</span>', "未评")
IN_HOSPITAL = format_html(CHIP, "info", "hospital", "住院")
_CHIPS = {kind: format_html(CHIP, chip.tone, chip.icon, chip.text) for kind in Stability if (chip := class_chip(kind))}
_COLOURS = {one.value: format_html(CHIP, COLOURS[one], "flag", one.label) for one in Colour}
_RISKS = {level: format_html(RISK, level) for level in range(6)}


# Fifty rows say the same few things: each is escaped once. Names and numbers of people are not kept.
@lru_cache(maxsize=1024)
def _said(words: str) -> SafeString:
    return format_html("{}", words)


@lru_cache(maxsize=1024)
def _note_list(notes: tuple[tuple[str, str], ...]) -> SafeString:
    if not notes:
        return NOTHING
    return format_html('<ul class="work-notes" role="list">{}</ul>', format_html_join("", NOTE, notes))


@lru_cache(maxsize=256)
def _village(name: str) -> SafeString:
    return format_html('<span class="soft">{}</span>', usual_name(name))


@lru_cache(maxsize=256)
def _when(words: str, kind: str) -> SafeString:
    return format_html('<b class="when {}">{}</b>', kind, words)


@dataclass(frozen=True)
class Rights:
    """What the person may do from the list; `token` is the hidden field of every form on it."""

    record: bool
    phone: bool
    token: SafeString


@cache
def _pattern(name: str) -> str:
    """Addresses of a page of fifty rows, resolved once."""
    return reverse(name, args=[NOBODY]).replace(NOBODY, "{uuid}")


def href(name: str, line: Due) -> str:
    return _pattern(name).format(uuid=line.uuid)


@cache
def _markup(record: bool, phone: bool) -> str:
    """A row's text with its addresses in place, so that the person's number is the one value in all of them."""
    parts = [
        READING,
        DOING if record else "",
        PHONING if record and phone else "",
        "</div>" if record else "",
        "</li>\n",
    ]
    return re.sub("@([a-z:_]+)@", lambda found: _pattern(found[1]), "".join(parts))


def row(line: Due, today: date, rights: Rights) -> SafeString:
    chip = _CHIPS.get(Stability(line.last_class)) if line.last_class else IN_HOSPITAL if line.last_in_hospital else None
    return format_html(
        _markup(rights.record, rights.phone),
        uuid=line.uuid,
        risk=UNRATED if line.last_level is None else _RISKS[line.last_level],
        name=line.name,
        about=_said(about(line.sex, line.birth_on, today)),
        chip=(chip or NOTHING) + _COLOURS[line.colour] if line.colour else chip or NOTHING,
        village=_village(line.village or ""),
        when=_when(*due_words(line.next_due_on, today)),
        why=_said(f"{short_day(line.next_due_on, today)} 前，{line.due_reason.replace('，', '', 1)}"),
        notes=_note_list(tuple(_notes(line, today))),
        verb=GO_ON if line.begun else VISIT,
        token=rights.token,
        form_id=uuid4(),
    )


def _notes(line: Due, today: date) -> list[tuple[str, str]]:
    """Only what changes the visit today: icon and words."""
    notes = []
    if line.last_level is not None and line.last_level >= 3:
        notes.append(("people", "两人同行，建议约民警协同随访"))
    if line.last_try_on:
        again = short_day(day_after(line.last_try_on, RETRY_DAYS), today)
        notes.append(("home-x", f"未访到 {line.tries} 次（最近 {short_day(line.last_try_on, today)}），{again} 前再访"))
    if line.status == CareStatus.AWAY:
        notes.append(("pin", "外出，可电话随访"))
    if line.status == CareStatus.LOST:
        notes.append(("search", "失访，查找中"))
    if line.unmet and line.last_visit_on and not line.last_in_hospital:
        notes.append(("file", "本半年还没有见过本人，请安排面访"))
    return notes
