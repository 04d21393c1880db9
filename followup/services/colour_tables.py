"""A county's colour table: drafted, put in force from a day after the difference was seen, stopped. Never edited then."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.refusals import Conflict, NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from followup.models import ColourTable
from followup.queries.colour_difference import difference
from followup.queries.colours import draft_of
from followup.rules.choice import Problem
from followup.rules.colour_table import TABLE_MACHINE, Table, problems
from followup.services.refusals import VisitRefused
from followup.terms import ColourTableState

S = ColourTableState
TAKEN = Refused("这一天已经有一张启用的分色表。请换一个生效日期。", field="starts_on")


def _authorise(county: Division, by: User) -> None:
    authorise(by, Permission.EDIT_POLICY)
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise NotHere


@transaction.atomic
def draft_table(
    *, county: Division, table: Table, starts_on: date, basis: str, version: int | None, by: User
) -> ColourTable:
    """Write the county's draft, or change it. `version`: the draft that was open; None: there was none.

    Source: 酉阳 十四; issue 3, Follow-up 7. Raises: Denied, NotHere, VisitRefused, Conflict (another's draft).
    """
    _authorise(county, by)
    found = [*_dated(starts_on, basis), *problems(table)]
    if found:
        raise VisitRefused(found)
    row = ColourTable.objects.select_for_update().filter(county=county, state=S.DRAFT).first()
    mine = {"starts_on": starts_on, "basis": basis, "content": table.as_content()}
    if row is not None and row.version != version:
        raise Conflict(theirs=Table.of(row.content), mine=table)
    if row is None:
        if version is not None:
            raise Refused("这份草稿已经启用或作废。请返回列表重新拟定。")
        row = ColourTable(county=county, written_by=by, **mine)
        with refusing("colourtable_one_draft", Refused("刚刚有人拟定了一份草稿，请打开那份草稿修改。")):
            row.save(force_insert=True)
    else:
        for name, value in mine.items():
            setattr(row, name, value)
        row.version, row.written_by, row.written_at = row.version + 1, by, timezone.now()
        row.save()
    audit.record("followup.colour_table.drafted", row, by=by, because=basis, facts={"version": row.version})
    return row


def _dated(starts_on: date, basis: str) -> list[Problem]:
    found = []
    if starts_on < timezone.localdate():
        found.append(Problem("starts_on", "生效日期不能早于今天。"))
    if not basis:
        found.append(Problem("basis", "请写明依据，例如文号。"))
    return found


def _locked(table: ColourTable, by: User) -> ColourTable:
    _authorise(table.county, by)
    row = ColourTable.objects.select_for_update(of=("self",)).select_related("county").filter(pk=table.pk).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def activate_table(*, table: ColourTable, version: int, seen: int, by: User) -> ColourTable:
    """Put the draft in force from its day on. `seen`: how many people the difference that was looked at moved.

    Colours follow by the minute's sweep of that day: rises at once, falls as proposals. Raises: Denied, NotHere, Refused.
    """
    row = _locked(table, by)
    step = TABLE_MACHINE.step(row.state, S.ACTIVE)
    if row.version != version:
        raise Refused("打开以后，草稿有了改动。请重新查看差异再启用。")
    if row.starts_on < timezone.localdate():
        raise Refused("生效日期已经过去。请先修改草稿的生效日期。")
    found = difference(row.county, Table.of(row.content), row.starts_on)
    if found.moved_count != seen:
        raise Refused("查看差异以后，名单有了变化。请重新查看差异再启用。")
    row.state, row.settled_at, row.settled_by = step.after, timezone.now(), by
    with refusing("colourtable_one_a_day", TAKEN):
        row.save(update_fields=["state", "settled_at", "settled_by"])
    audit.record(
        step.action, row, by=by, because=row.basis,
        facts={"starts_on": row.starts_on.isoformat(), "judged": found.judged, "moved": found.moved_count},
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_table(*, table: ColourTable, because: str, by: User) -> ColourTable:
    """Drop a draft or a table that has not begun; stop one in force from today on. Raises: Denied, NotHere, Refused."""
    row = _locked(table, by)
    begun = row.state == S.ACTIVE and row.starts_on <= timezone.localdate()
    step = TABLE_MACHINE.step(row.state, S.STOPPED if begun else S.DROPPED)
    step.demand(because, field="because", sentence="请写明停用的原因。")
    row.state = step.after
    if begun:
        row.stopped_on = timezone.localdate()
    row.save(update_fields=["state", "stopped_on"])
    audit.record(step.action, row, by=by, because=because)
    return row


def draft_version(county: Division) -> int | None:
    row = draft_of(county)
    return row.version if row else None
