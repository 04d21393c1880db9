"""Differences of one's own townships, what a county reviews, and the lines of 今日工作."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.reach import Reach, standing
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from exchange.models import Difference, InboundList
from exchange.rules.differences import conclusion_words, conclusions_for
from exchange.rules.inbound_kinds import Kind
from exchange.rules.inbound_matching import OurPerson, differing
from exchange.terms import SYSTEMS, Conclusion, DifferenceState, InboundItem, InboundKind, RowClass
from registry.doors import patients_for
from registry.models import Patient

S, P = DifferenceState, Permission
MOST_LINES = 100
GOING_ON = (S.OPEN, S.ANSWERED)


def inside(reach: Reach) -> Q:
    """Rows that lie with a township or in a county of the reach."""
    return Q(township__in=reach.townships) | Q(county__in=reach.counties)


def differences_for(user: User, permission: Permission) -> QuerySet[Difference]:
    rows = Difference.objects.filter(inside(where(user, permission)))
    return rows.select_related("inbound__agency", "last_inbound", "township", "patient__village", "clue", "answered_by")


def open_differences(user: User) -> list[Difference]:
    """What waits for the person's townships (a county: all of them), the earliest day first, deaths before all."""
    rows = differences_for(user, P.WORK_DIFFERENCE).filter(state=S.OPEN)
    return list(rows.defer("because").order_by("-of_death", "due_on", "pk"))


def of_list(row: InboundList, user: User) -> QuerySet[Difference]:
    return differences_for(user, P.REVIEW_DIFFERENCE).filter(last_inbound=row).order_by("township__code", "row", "pk")


def is_worker_there(user: User, row: Difference) -> bool:
    reach = where(user, P.WORK_DIFFERENCE)
    return row.county_id in reach.counties or row.township_id in reach.townships


def candidates_of(row: Difference, user: User) -> list[Patient]:
    """Files in reach that an undecided row may mean: the same name with the same birth date, or in the same township."""
    their = row.theirs
    if their is None:
        return []
    found = patients_for(user, P.VIEW_PATIENT).filter(name=their.name, duty_county=row.county_id)
    if born := their.word(InboundItem.BIRTH_ON):
        found = found.filter(birth_on=date.fromisoformat(born))
    return list(found.select_related("village").order_by("pk")[:10])


def name_of(row: Difference) -> str:
    if row.patient is not None:
        return row.patient.name
    return row.said.get(InboundItem.NAME.value) or "个人信息已删去"


def why(row: Difference) -> str:
    """One sentence that says what is to be found out."""
    sender = row.inbound.agency.name
    if row.of_death:
        return f"{sender}告知已死亡，请核实"
    there = SYSTEMS.get(InboundKind(row.inbound.kind)) or f"{sender}名册"
    if row.found == RowClass.DIFFERS:
        return f"与{there}不一致：{'、'.join(labels(row.fields))}"
    sentences = {
        RowClass.ONLY_THEIRS: f"{there}上有，我方没有档案",
        RowClass.ONLY_OURS: f"我方在册，{there}上没有",
        RowClass.ENDED_HERE: f"我方已注销，{there}上仍有",
        RowClass.UNSURE: f"{there}上的人可能已在册，请认人",
    }
    return sentences[RowClass(row.found)]


def offered_for(row: Difference, *, of_death: bool) -> list[tuple[str, str]]:
    """What may be concluded of it, in the words of its list's kind."""
    kind = InboundKind(row.inbound.kind)
    return [(one.value, conclusion_words(one, kind)) for one in conclusions_for(RowClass(row.found), of_death=of_death)]


def concluded(row: Difference) -> str:
    """What the township found; empty before it says so."""
    return conclusion_words(Conclusion(row.conclusion), InboundKind(row.inbound.kind)) if row.conclusion else ""


@dataclass(frozen=True)
class Alike:
    """Open differences of one township that say the same of their people. `first` names them all."""

    first: Difference
    number: int


def likeness(row: Difference) -> tuple[object, ...]:
    return row.township_id, row.inbound.agency_id, row.inbound.kind, row.found, tuple(row.fields)


def may_be_told_together(row: Difference) -> bool:
    """A reported death and an undecided row are looked at one by one, and so is what was sent back."""
    alone = row.of_death or row.found == RowClass.UNSURE or row.township_id is None
    return row.state == S.OPEN and not alone and row.answered_at is None


def alike_groups(rows: Iterable[Difference]) -> list[Alike]:
    """Where one answer may fit several, the largest first."""
    found: dict[tuple[object, ...], list[Difference]] = {}
    for row in rows:
        if may_be_told_together(row):
            found.setdefault(likeness(row), []).append(row)
    groups = [Alike(rows[0], len(rows)) for rows in found.values() if len(rows) > 1]
    return sorted(groups, key=lambda one: -one.number)


def alike(row: Difference, user: User) -> list[Difference]:
    """The open differences that say the same as this one, itself among them."""
    rows = differences_for(user, P.WORK_DIFFERENCE).filter(
        state=S.OPEN, township=row.township_id, inbound__agency=row.inbound.agency_id, inbound__kind=row.inbound.kind,
        found=row.found, of_death=False,
    )  # fmt: skip
    same = [one for one in rows.defer("because").order_by("due_on", "pk") if likeness(one) == likeness(row)]
    return [one for one in same if may_be_told_together(one)]


def labels(fields: Iterable[str]) -> list[str]:
    return [str(InboundItem(one).label) for one in fields]


def still_differs(kind: Kind, row: Difference, person: OurPerson | None) -> tuple[str, ...]:
    """Labels of what still says something else, now."""
    their = row.theirs
    if person is None or their is None:
        return ()
    return tuple(str(item.label) for item in differing(kind, their, person))


@dataclass(frozen=True)
class Beside:
    """One line of the card: their word and ours."""

    label: str
    theirs: str
    ours: str
    differs: bool


def difference_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: open differences of the person's townships; for the county what waits for review or has no township."""
    held = standing(user).permissions
    found: list[WorkItem] = []
    if P.WORK_DIFFERENCE in held and where(user, P.WORK_DIFFERENCE).townships:
        found += [_line(row, today) for row in open_differences(user)[:MOST_LINES]]
    if P.REVIEW_DIFFERENCE in held:
        found += _county_lines(user, today)
    return found


def _line(row: Difference, today: date) -> WorkItem:
    person: UUID = row.patient.uuid if row.patient else row.uuid
    place = row.patient.village.usual_name if row.patient and row.patient.village else ""
    return WorkItem(
        topic=Topic.RECEIVED, verb="核实", href=reverse("exchange:difference", args=[row.uuid]), name=name_of(row),
        place=place or (row.township.name if row.township else ""), why=f"{why(row)}。", due_on=row.due_on,
        urgency=urgency_of(row.due_on, today=today), person=person,
    )  # fmt: skip


def _county_lines(user: User, today: date) -> list[WorkItem]:
    rows = Difference.objects.filter(inside(where(user, P.REVIEW_DIFFERENCE)))
    rows = rows.filter(Q(state=S.ANSWERED) | Q(state=S.OPEN, township=None)).order_by("last_inbound")
    rows = rows.select_related("last_inbound__agency", "last_inbound__county").defer("told", "words", "because")
    waiting: dict[int, tuple[InboundList, int, int]] = {}
    for row in rows:
        known, answered, homeless = waiting.get(row.last_inbound_id, (row.last_inbound, 0, 0))
        waiting[row.last_inbound_id] = (known, answered + (row.state == S.ANSWERED), homeless + (row.state == S.OPEN))
    found = []
    for known, answered, homeless in waiting.values():
        said = [f"{answered} 件核实结果待审核"] if answered else []
        said += [f"{homeless} 件没有乡镇，待分派"] if homeless else []
        found.append(
            WorkItem(
                topic=Topic.REVIEWS, verb="审核" if answered else "分派",
                href=reverse("exchange:differences_review", args=[known.uuid]),
                name=f"{known.agency.name} {known.get_kind_display()}", place=known.county.usual_name,
                why=f"{'，'.join(said)}。", due_on=None, urgency=Urgency.TODAY,
            )
        )  # fmt: skip
    return found
