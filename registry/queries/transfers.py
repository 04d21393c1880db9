"""Transfers as each side sees them, and their lines of 今日工作."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.doors import can, where
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from registry.models import Patient, Transfer
from registry.queries.clocks import clocks
from registry.rules.transfers import Side
from registry.terms import OPEN_TRANSFER, TransferState

if TYPE_CHECKING:
    from accounts.models import User

S = TransferState
AT_MOST = 50
_WAITING = (S.PROPOSED, S.SEEN)


def transfers_for(user: "User") -> QuerySet[Transfer]:
    """Those from or to the user's townships, and all of the user's county. Newest first."""
    reach = where(user, Permission.MOVE_PATIENT)
    near = Q(from_township__in=reach.townships) | Q(to_township__in=reach.townships)
    county = Q(from_county__in=reach.counties) | Q(to_county__in=reach.counties)
    rows = Transfer.objects.filter(near | county)
    return rows.select_related("from_township", "to_township", "from_county", "to_county").order_by("-proposed_at")


def open_transfer(patient: Patient) -> Transfer | None:
    """The one that has not ended: a person has one at a time. `patient` came through a door."""
    return Transfer.objects.filter(patient=patient, state__in=OPEN_TRANSFER).first()


def sides_of(row: Transfer, user: "User") -> frozenset[Side]:
    """The county office also stands for its townships as a proposer, never as the receiver."""
    reach = where(user, Permission.MOVE_PATIENT)
    found = {
        Side.PROPOSER: row.from_township_id in reach.townships or row.from_county_id in reach.counties,
        Side.RECEIVER: row.to_township_id in reach.townships,
        Side.COUNTY_FROM: row.from_county_id in reach.counties,
        Side.COUNTY_TO: row.to_county_id in reach.counties,
    }
    return frozenset(side for side, stands in found.items() if stands)


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """To answer, given back, to decide, silent receivers, first visits owed to who does not stand on the list of visits anyway."""
    if not can(user, Permission.MOVE_PATIENT):
        return []
    reach = where(user, Permission.MOVE_PATIENT)
    mine = (
        Q(state__in=_WAITING, to_township__in=reach.townships)
        | Q(state=S.REFUSED, from_township__in=reach.townships)
        | Q(state=S.COUNTY) & (Q(from_county__in=reach.counties) | Q(to_county__in=reach.counties))
        | Q(state__in=_WAITING, answer_due_on__lt=today) & Q(from_county__in=reach.counties)
    )
    rows = transfers_for(user).filter(mine).order_by("answer_due_on")[:AT_MOST]
    owed = transfers_for(user).filter(state=S.ACCEPTED, patient__duty_township__in=reach.townships)
    owed = owed.filter(to_township=F("patient__duty_township"))
    owed = owed.exclude(patient__last_visit_on__gte=F("accepted_on")).order_by("visit_due_on")
    has = clocks(today)
    visits = [row for row in owed.select_related("patient")[:AT_MOST] if not has.stands_on_the_list(row.patient)]
    return [*(_line(row, reach.townships, today) for row in rows), *(_visit(row, today) for row in visits)]


def _line(row: Transfer, towns: frozenset[int], today: date) -> WorkItem:
    told = cast("dict[str, Any]", row.told)
    verb, why, due = _asked(row, towns)
    danger = (told["level"] or 0) >= 3
    return WorkItem(
        topic=Topic.RECEIVED, verb=verb, href=reverse("registry:transfer", args=[row.uuid]), name=told["name"],
        place=row.from_township.name, why=why, due_on=due,
        urgency=urgency_of(due, today=today, danger=danger) if due else (Urgency.DANGER if danger else Urgency.TODAY),
        person=row.person,
    )  # fmt: skip


def _asked(row: Transfer, towns: frozenset[int]) -> tuple[str, str, date | None]:
    to = row.to_township.name if row.to_township else "外地"
    if row.state == S.COUNTY:
        return "决定归属", f"移交给{to}，由县里决定归哪里管理。", None
    if row.state == S.REFUSED:
        return "处理退回", f"{to}已退回，请看原因后再次提出或撤回。", None
    if row.to_township_id in towns:
        return "办理移交", f"{row.from_township}提出移交，请接收或退回。", row.answer_due_on
    return "催办或接手", f"{to}没有按期答复移交。", row.answer_due_on


def _visit(row: Transfer, today: date) -> WorkItem:
    told = cast("dict[str, Any]", row.told)
    return WorkItem(
        topic=Topic.VISITS, verb="首次随访", href=reverse("registry:transfer", args=[row.uuid]), name=told["name"],
        place=row.to_township.name if row.to_township else "", why=f"{row.accepted_on} 接收的档案，还没有首次随访。",
        due_on=row.visit_due_on, urgency=urgency_of(row.visit_due_on, today=today, danger=(told["level"] or 0) >= 3),
        person=row.person,
    )  # fmt: skip
