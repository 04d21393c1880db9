"""Close a quarter or an assessment: its figures and the people behind them are kept as they are known now."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from reports.doors import areas_of
from reports.models import Freeze, FreezePart
from reports.queries.counts import figures_scope
from reports.queries.figures import Figures, figures_of
from reports.queries.freezes import digest_facts, part_digest
from reports.queries.frozen_content import content_of, shortfalls_of
from reports.queries.outcomes import counts_of, outcomes_on, tallied
from reports.queries.packs import adopted_packs
from reports.queries.periods import place_of
from reports.rules.cut import Cut
from reports.rules.frozen import digest_of, fault_of, written
from reports.rules.indicators import COMPUTED
from reports.rules.pack import Pack
from reports.terms import FreezeKind


class FreezeRefused(Refused):
    code = "freeze_refused"


class FrozenAlready(Refused):
    status = 409
    code = "frozen_already"
    message = "这一天已经冻结过，冻结的内容不能重做。后来的更正请看它的“与现在比较”。"


@transaction.atomic
def freeze(*, kind: FreezeKind, area: Division, as_of: date, by: User, pack_id: str = "", note: str = "") -> Freeze:
    """Keep the figures of the area on the day and everyone behind them, as known at this moment.

    Source: 指标口径 (a closed quarter, an assessment). Units: local dates.
    All people and the figures of people come from one statement, so no change made meanwhile can stand between them.
    Raises: Denied, FreezeRefused (with the field), FrozenAlready.
    """
    authorise(by, Permission.CLOSE_PERIOD)
    if area not in areas_of(by, Permission.CLOSE_PERIOD):
        raise FreezeRefused("这个地区的关账和评估不归您办理。", field="area")
    today = timezone.localdate()
    packs = adopted_packs(area)
    pack = _judged(kind, as_of, today, packs, pack_id)
    if Freeze.objects.filter(area=area, kind=kind, pack=pack_id, as_of=as_of).exists():
        raise FrozenAlready
    cut, now = Cut(as_of, today), timezone.now()
    with figures_scope(cut):
        outcomes = outcomes_on(place_of(area), cut)
    letters = tallied(outcomes)
    figures, townships = figures_of(
        area, cut, COMPUTED, counted={key: counts_of(tally) for key, tally in letters.items()}
    )
    people = {inside.area.pk: written(outcomes.get(inside.area.pk, ())) for inside in townships.values()}
    content = content_of(
        [pack] if pack else packs, figures, townships, made_on=today, why_not=partial(shortfalls_of, letters)
    )
    _add_digests(content, townships, people)
    row = Freeze(
        kind=kind, area=area, pack=pack_id, as_of=as_of, note=note, content=content, frozen_by=by, frozen_at=now,
        people=figures.count("registered"),
    )  # fmt: skip
    row.sha256 = digest_of(digest_facts(row))
    with refusing("freeze_once", FrozenAlready()):
        row.save(force_insert=True)
    _keep_people(row, townships, people)
    facts = {"kind": kind, "area": area.code, "as_of": as_of.isoformat(), "people": row.people, "sha256": row.sha256}
    audit.record("reports.freeze.made", row, by=by, because=note, facts=facts)
    return row


def _judged(kind: FreezeKind, as_of: date, today: date, packs: Sequence[Pack], pack_id: str) -> Pack | None:
    pack = next((found for found in packs if found.id == pack_id), None)
    if pack_id and (pack is None or not kind.is_assessment):
        raise FreezeRefused("这个计划不适用于您的地区；季度关账不选计划。", field="pack")
    years = (pack.first_year, pack.last_year) if pack else None
    if said := fault_of(kind, as_of, today, years):
        raise FreezeRefused(said, field="pack" if kind.is_assessment and pack is None else "as_of")
    return pack


def _add_digests(content: dict[str, Any], townships: Mapping[str, Figures], people: Mapping[int, str]) -> None:
    for line in content["townships"]:
        text = people[townships[line["code"]].area.pk]
        line["sha256"] = part_digest(text)


def _keep_people(row: Freeze, townships: Mapping[str, Figures], people: Mapping[int, str]) -> None:
    FreezePart.objects.bulk_create(
        FreezePart(
            freeze=row,
            township=inside.area.pk,
            county=inside.area.parent_id or 0,
            content=zlib.compress(people[inside.area.pk].encode(), 6),
        )
        for inside in townships.values()
    )
