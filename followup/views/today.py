"""The lines of 今日工作 that other rooms have for the person, by topic: heads with counts, rows with one verb each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.audit import saw
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import FieldGroup, Purpose

FEW = 10  # of each topic, beside the others
MANY = 50  # of a topic on a page of its own
ICONS = {
    Topic.DANGER: "alert",
    Topic.VISITS: "edit",
    Topic.MEDICINE: "pill",
    Topic.RECEIVED: "inbox",
    Topic.FILES: "file",
    Topic.CLUES: "search",
    Topic.REVIEWS: "eye",
}
WHEN = {
    Urgency.NOW: ("马上", "is-late"),
    Urgency.DANGER: ("先办", "is-late"),
    Urgency.LATE: ("逾期", "is-late"),
    Urgency.TODAY: ("今天", "is-today"),
}
ROW = """<li class="work work-item"><span class="work-kind"><span class="icon icon-{icon}" aria-hidden="true"></span></span>
<div class="work-who"><b class="work-name">{name}</b><div class="work-where"><span class="soft">{place}</span></div></div>
<div class="work-things">{things}</div></li>
"""
THING = """<div class="work-thing"><p class="work-why">{when}{why}</p>
<div class="work-do"><a class="btn btn-tint" href="{href}">{verb}<span class="visually-hidden"> {name}</span></a></div></div>
"""


@dataclass(frozen=True)
class TopicLink:
    """One of the chips on top: the topic, how many it holds, and how many of them should have been done."""

    href: str
    label: str
    count: int
    late: int
    current: bool


@dataclass(frozen=True)
class Section:
    """A topic with the rows that are shown of it. `more` leads to all of them."""

    key: str
    title: str
    count: int
    rows: list[SafeString]
    more: str = ""
    before: str = ""
    after: str = ""
    first: int = 1


@dataclass(frozen=True)
class Visits:
    """How many visits stand on the list, and how many of them are late."""

    count: int
    late: int


def key_of(topic: Topic) -> str:
    return topic.name.lower()


def topic_of(text: str) -> Topic | None:
    """The topic of the address; what cannot be meant counts as not asked."""
    return next((topic for topic in Topic if key_of(topic) == text), None)


def address(topic: Topic | None, page: int = 1) -> str:
    parts = [("topic", key_of(topic) if topic else ""), ("page", page if page > 1 else "")]
    query = urlencode([(name, value) for name, value in parts if value])
    return f"{reverse('followup:worklist')}{'?' if query else ''}{query}"


def topic_links(
    lines: Mapping[Topic, list[WorkItem]], visits: Visits | None, now: Topic | None, today: date
) -> list[TopicLink]:
    """The chips on top; none while visits are all there is."""
    if not lines:
        return []
    counts = {topic: (len(items), _late(items, today)) for topic, items in lines.items()}
    if visits is not None:
        own, own_late = counts.get(Topic.VISITS, (0, 0))
        counts[Topic.VISITS] = (visits.count + own, visits.late + own_late)
    whole = TopicLink(
        address(None), "所有事项", sum(n for n, _ in counts.values()), sum(late for _, late in counts.values()), not now
    )
    shown = [
        TopicLink(address(topic), topic.value, counts[topic][0], counts[topic][1], topic is now)
        for topic in Topic
        if topic in counts
    ]
    return [whole, *shown]


def _late(items: Iterable[WorkItem], today: date) -> int:
    """What should have been done before today; danger alone is not late."""
    return sum(item.due_on is not None and item.due_on < today for item in items)


def sections(lines: Mapping[Topic, list[WorkItem]], asked: Topic | None, page: int) -> list[Section]:
    """The rows to show, noted as looks: some of every topic, or a page of the one asked for."""
    if asked is not None:
        found = [_page_of(asked, lines.get(asked, []), page)]
    else:
        found = [_part(topic, items[:FEW], len(items)) for topic, items in lines.items()]
    shown = [items for _, items in found]
    people = [item.person for items in shown for item in items if item.person is not None]
    if people:
        saw(people, (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), Purpose.LIST)
    return [section for section, _ in found if section.rows]


def _part(topic: Topic, items: list[WorkItem], count: int) -> tuple[Section, list[WorkItem]]:
    more = address(topic) if count > len(items) else ""
    return Section(key_of(topic), topic.value, count, _rows(items), more), items


def _page_of(topic: Topic, items: list[WorkItem], page: int) -> tuple[Section, list[WorkItem]]:
    last = max(1, -(-len(items) // MANY))
    page = min(page, last)
    start = (page - 1) * MANY
    shown = items[start : start + MANY]
    section = Section(
        key_of(topic),
        topic.value,
        len(items),
        _rows(shown),
        before=address(topic, page - 1) if page > 1 else "",
        after=address(topic, page + 1) if page < last else "",
        first=start + 1,
    )
    return section, shown


def _rows(items: list[WorkItem]) -> list[SafeString]:
    """One row a person, with everything there is to do about that person; what names nobody stands alone."""
    together: dict[object, list[WorkItem]] = {}
    for index, item in enumerate(items):
        together.setdefault(item.person or index, []).append(item)
    return [_row(about) for about in together.values()]


def _row(about: list[WorkItem]) -> SafeString:
    first = about[0]
    things = format_html_join("", "{}", ((_thing(item),) for item in about))
    return format_html(ROW, icon=ICONS[first.topic], name=first.name, place=first.place, things=things)


def _thing(item: WorkItem) -> SafeString:
    word, css = WHEN.get(item.urgency, ("", ""))
    when = format_html('<b class="when {}">{}</b>：', css, word) if word and not item.why.startswith(word) else ""
    return format_html(THING, name=item.name, when=when, why=item.why, href=item.href, verb=item.verb)


def said(lines: Mapping[Topic, list[WorkItem]], today: date) -> str:
    """另有 3 件事，其中 1 件已逾期"""
    items = [item for found in lines.values() for item in found]
    if not items:
        return ""
    late = _late(items, today)
    return f"另有 {len(items)} 件事" + (f"，其中 {late} 件已逾期" if late else "")
