"""督导措施: 通报、约谈、挂牌督办、一票否决 as they were decided, each resting on findings; 摘牌, 解除 and 撤销."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from reports.doors import findings_for, measures_for
from reports.models import Finding, Measure, MeasureFinding
from reports.queries.supervision import findings_of, ladder_of, unit_of, units_of
from reports.rules.ladder import MEASURES, open_steps, starts_as, state_on, why_no_delisting, why_no_veto, why_shut
from reports.rules.tasks import names_nobody
from reports.services.findings import check_term, move, note
from reports.terms import FindingAct, MeasureState, Rung

KEEP = Permission.KEEP_SUPERVISION


class MeasureRefused(Refused):
    code = "measure_refused"


@dataclass(frozen=True)
class MeasureFacts:
    """What was decided outside the system. `due_on`: of all but a veto, which has `year`. `spoken_with`: of an interview."""

    rung: Rung
    on: date
    reason: str
    clause: str
    decided_by: str
    number: str = ""
    due_on: date | None = None
    year: int | None = None
    spoken_with: str = ""


@transaction.atomic
def take_step(findings: Iterable[Finding], *, facts: MeasureFacts, by: User) -> Measure:
    """Record one step of the ladder against the unit of these findings. It was decided by people; nothing is automatic.

    Source: 邹城 三（四）; issue 4, Build 8. Raises: Denied, NotHere, MeasureRefused, FindingRefused, NamesAPerson.
    """
    authorise(by, KEEP)
    asked = [finding.pk for finding in findings]
    rows = findings_for(by, KEEP).select_for_update(of=("self",)).select_related("supervision__area", "place")
    found = list(rows.filter(pk__in=asked).order_by("pk"))
    if not asked or len(found) != len(set(asked)):
        raise NotHere
    first = found[0]
    area, unit = first.supervision.area, unit_of(first)
    if any(unit_of(each) != unit or each.supervision.area_id != area.pk for each in found):
        raise MeasureRefused("一次只能对一个单位。请只选同一个责任单位的问题。", field="findings")
    _check(facts, area)
    for each in found:
        standing = {"rung": each.rung, "state": each.state, "due_on": each.due_on, "on": facts.on}
        if facts.rung not in open_steps(ladder_of(area), **standing):  # type: ignore[arg-type]
            raise MeasureRefused(f"“{each.what[:20]}”：{why_shut(**standing)}", field="findings")  # type: ignore[arg-type]
    is_veto = facts.rung is Rung.VETO  # has a year instead of a term
    made = Measure.objects.create(
        area=area, rung=facts.rung, on=facts.on, place=unit.place, kind=unit.kind, name=unit.name,
        number=facts.number, reason=facts.reason, clause=facts.clause, decided_by=facts.decided_by,
        state=starts_as(facts.rung), recorded_by=by, due_on=None if is_veto else facts.due_on,
        year=facts.year if is_veto else None, spoken_with=facts.spoken_with if facts.rung is Rung.INTERVIEW else "",
    )  # fmt: skip
    for each in found:
        MeasureFinding.objects.create(measure=made, finding=each, due_before=each.due_on, rung_before=each.rung)
        move(each, due_on=made.due_on, rung=facts.rung)
        words = f"{facts.rung.label}：{facts.reason}"
        note(each, FindingAct.RAISED, facts.on, words, by, due_on=made.due_on, rung=facts.rung, measure=made)
    audit.record("reports.measure.taken", made, by=by, because=facts.reason[:200], facts=_facts(made, found))
    return made


@transaction.atomic
def end_measure(measure: Measure, *, to: MeasureState, on: date, because: str, by: User) -> Measure:
    """摘牌 or 解除否决, on its day. Raises: Denied, NotHere, StepRefused, Refused (no reason), MeasureRefused, NamesAPerson."""
    found = _locked(measure, by)
    step = MEASURES.step(state_on(found.state, found.year, timezone.localdate()), to)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    if not found.on <= on <= timezone.localdate():
        raise MeasureRefused(f"日期不能早于作出措施的那天（{found.on:%Y-%m-%d}），也不能晚于今天。", field="on")
    rows = list(findings_of(found).select_for_update(of=("self",)).select_related("supervision__area"))
    if to == MeasureState.DELISTED and (why := why_no_delisting(each.state for each in rows)):
        raise MeasureRefused(why)
    _end(found, to, on, because)
    for each in rows:
        note(each, FindingAct.ENDED, on, f"{step.verb}：{because}", by, measure=found)
    audit.record(step.action, found, by=by, because=because, facts=_facts(found, rows))
    return found


@transaction.atomic
def revoke_measure(measure: Measure, *, because: str, by: User) -> Measure:
    """撤销: recorded by mistake, or taken back by who decided it. Its findings stand as they did before, unless put right.

    The latest step goes first. Raises: Denied, NotHere, StepRefused, Refused (no reason), MeasureRefused, NamesAPerson.
    """
    found, today = _locked(measure, by), timezone.localdate()
    step = MEASURES.step(state_on(found.state, found.year, today), MeasureState.REVOKED)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    links = list(MeasureFinding.objects.filter(measure=found).select_related("finding__supervision__area"))
    rows = {
        row.pk: row for row in findings_of(found).select_for_update(of=("self",)).select_related("supervision__area")
    }
    if later := next((rows[link.finding_id] for link in links if rows[link.finding_id].rung != found.rung), None):
        raise MeasureRefused(f"后面已经到“{later.get_rung_display()}”。请从最后一步开始撤销。")
    _end(found, MeasureState.REVOKED, today, because)
    for link in links:
        finding = rows[link.finding_id]
        move(finding, due_on=link.due_before, rung=link.rung_before)
        words = f"撤销{found.get_rung_display()}：{because}"
        note(
            finding, FindingAct.REVOKED, today, words, by,
            due_on=link.due_before, rung=link.rung_before, measure=found,
        )  # fmt: skip
    audit.record(step.action, found, by=by, because=because, facts=_facts(found, list(rows.values())))
    return found


def _check(facts: MeasureFacts, area: Division) -> None:
    """What the decision itself must say. Raises: MeasureRefused, FindingRefused, NamesAPerson, each at its field."""
    if facts.on > timezone.localdate():
        raise MeasureRefused("日期不能晚于今天。先作出决定，再登记。", field="on")
    for field, text, what in (
        ("reason", facts.reason, "理由"), ("clause", facts.clause, "依据"), ("decided_by", facts.decided_by, "由谁决定"),
    ):  # fmt: skip
        if not text:
            raise MeasureRefused(f"请写明{what}。", field=field)
        names_nobody(text, field=field)
    units = [unit.name for unit in units_of(area)]
    if facts.rung is Rung.INTERVIEW and facts.spoken_with not in units:
        raise MeasureRefused("请从列出的单位里选被约谈的单位。", field="spoken_with")
    if facts.rung is Rung.VETO:
        if why := why_no_veto(facts.year or 0, facts.on):
            raise MeasureRefused(why, field="year")
    elif facts.due_on is None:
        raise MeasureRefused("请写明限期整改到哪一天。", field="due_on")
    else:
        check_term(facts.due_on, facts.on, field="due_on", start="作出措施那天")


def _end(measure: Measure, to: MeasureState, on: date, because: str) -> None:
    measure.state, measure.ended_on, measure.end_reason = to, on, because
    measure.save(update_fields=["state", "ended_on", "end_reason"])


def _locked(measure: Measure, by: User) -> Measure:
    authorise(by, KEEP)
    rows = measures_for(by, KEEP).select_for_update(of=("self",)).select_related("area", "place")
    found = rows.filter(pk=measure.pk).first()
    if found is None:
        raise NotHere
    return found


def _facts(measure: Measure, findings: list[Finding]) -> dict[str, object]:
    return {
        "measure": str(measure.uuid),
        "area": measure.area.code,
        "unit": measure.name,
        "rung": measure.rung,
        "on": measure.on.isoformat(),
        "state": measure.state,
        "findings": [str(each.uuid) for each in findings],
    }
