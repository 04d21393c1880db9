"""Printed reports: asked for in a request, made in the worker, fetched when done. Those on a plan are asked for here."""

import logging
import secrets
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.services.pdf import NotRendered, make_pdf
from accounts.terms import Permission
from reports.doors import areas_of, covers
from reports.models import Freeze, PlanReport
from reports.queries.packs import pack
from reports.queries.report_facts import facts_for
from reports.rules.cut import Cut
from reports.rules.pack import Pack
from reports.rules.report_words import assessed, day_words
from reports.terms import FreezeKind, ReportKind, ReportState

log = logging.getLogger(__name__)
# The page template of each kind; all have one look (plan_report.css).
PRINTS = {
    ReportKind.PLAN: "plan_report",
    ReportKind.ANNUAL: "tables",
    ReportKind.EXCHANGE: "tables",
    ReportKind.BRIEFING: "briefing",
}
LEASE = timedelta(minutes=5)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like something else


class ReportRefused(Refused):
    code = "report_refused"


@transaction.atomic
def request_report(
    *,
    pack_id: str,
    area: Division,
    as_of: date,
    by: User | None,
    document_number: str = "",
    freeze: Freeze | None = None,
) -> PlanReport:
    """Freeze what the report says and queue the file. `by` None: a command, which makes the file itself.

    `freeze`: the report says what was frozen of that plan, whatever has been entered since.
    Such a report is claimed from the start, or a worker that runs beside the command would take it away.
    Raises: Denied, ReportRefused (another area's plan, a day ahead).
    """
    today = timezone.localdate()
    if by is not None:
        authorise(by, Permission.MAKE_REPORT)
        if not covers(areas_of(by, Permission.MAKE_REPORT), area):
            raise ReportRefused("这个地区的报告不归您办理。", field="area")
    found = pack(pack_id)
    if not area.code.startswith(found.area):
        raise ReportRefused(f"《{found.title}》是 {found.area} 的计划，不能用来做{area.name}的报告。", field="area")
    if as_of > today:
        raise ReportRefused("截止日期不能晚于今天。", field="as_of")
    report = PlanReport.objects.create(
        pack=pack_id,
        area=area,
        as_of=as_of,
        document_number=document_number,
        check_code=new_code(),
        freeze=freeze,
        facts=_frozen_facts(freeze, found, today) if freeze else facts_for(found, Cut(as_of, today), area, today),
        requested_by=by,
        state=ReportState.WAITING if by else ReportState.WORKING,
        claimed_at=None if by else timezone.now(),
    )
    facts = {"pack": pack_id, "area": area.code, "as_of": as_of.isoformat(), "check_code": report.check_code}
    audit.record("reports.report.requested", report, by=by, facts=facts)
    if by is not None:
        queue(report)
    return report


def queue(report: PlanReport) -> None:
    """The worker is woken once the request is committed."""
    transaction.on_commit(lambda: _wake(str(report.uuid)), robust=True)


def _frozen_facts(freeze: Freeze, found: Pack, today: date) -> dict[str, Any]:
    """What the freeze keeps of the plan's report, dated today. Raises: ReportRefused (another plan)."""
    kept = next((plan["report"] for plan in freeze.content["plans"] if plan["pack"] == found.id), None)
    if kept is None:
        raise ReportRefused(f"这次冻结里没有《{found.title}》。", field="pack")
    said = (
        f"本报告的数字以{day_words(timezone.localdate(freeze.frozen_at))}冻结的为准，此后的补录和更正不改变它；"
        f"冻结校验码{freeze.sha256[:16]}。"
    )
    judged = assessed(FreezeKind(freeze.kind), found.short_title, found.document_number, freeze.as_of)
    return {**kept, **judged, "made_on": day_words(today), "frozen": said}


def render_report(uuid: str) -> str:
    """Make the file of one waiting report. Safe to run twice: one runner claims it, a lapsed claim is taken over."""
    report = _claim(uuid)
    return "not ours" if report is None else render_claimed(report)


def render_claimed(report: PlanReport) -> str:
    """Make the file of a report that this runner has claimed."""
    try:
        facts: dict[str, Any] = {
            **report.facts,
            "check_code": report.check_code,
            "document_number": report.document_number,
        }
        pdf = make_pdf(
            render_to_string(f"reports/print/{PRINTS[ReportKind(report.kind)]}.html", facts),
            render_to_string("reports/print/plan_report.css", facts),
        )
    except NotRendered as refusal:
        log.error("report %s: %s", report.uuid, refusal.__cause__ or refusal)
        _finish(report, state=ReportState.FAILED, problem=refusal.message)
        return "failed"
    _finish(
        report,
        state=ReportState.DONE,
        content=pdf.content,
        sha256=sha256(pdf.content).hexdigest(),
        pages=pdf.pages,
        missing_glyphs=pdf.missing[:200],
    )
    return "done"


def waiting_reports() -> list[str]:
    """What the sweeper picks up: never started, or left lying by a worker that died."""
    rows = PlanReport.objects.filter(_claimable()).order_by("requested_at")
    return [str(uuid) for uuid in rows.values_list("uuid", flat=True)]


def _claimable() -> Q:
    lapsed = Q(state=ReportState.WORKING, claimed_at__lt=timezone.now() - LEASE)
    return Q(state=ReportState.WAITING) | lapsed


def _claim(uuid: str) -> PlanReport | None:
    claimed = PlanReport.objects.filter(_claimable(), uuid=uuid).update(
        state=ReportState.WORKING, claimed_at=timezone.now()
    )
    return PlanReport.objects.get(uuid=uuid) if claimed else None


@transaction.atomic
def _finish(report: PlanReport, **facts: Any) -> None:
    changed = PlanReport.objects.filter(pk=report.pk, claimed_at=report.claimed_at, state=ReportState.WORKING).update(
        finished_at=timezone.now(), **facts
    )
    if changed:
        audit.record(
            f"reports.report.{facts['state']}", report, by=None, facts={"sha256": str(facts.get("sha256", ""))[:16]}
        )


def new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _wake(uuid: str) -> None:
    """Redis may be away: then the sweeper finds the row."""
    from reports.tasks import make_report

    try:
        make_report.apply_async([uuid], retry=False)
    except Exception as error:
        log.warning("the worker could not be woken (%s); the sweeper will find the report", type(error).__name__)
