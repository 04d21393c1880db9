"""Reports on a period (年度统计表, 信息交换统计表, 季度简报): their facts are kept with the request, the worker makes the file."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.terms import DivisionLevel, Permission
from reports.doors import areas_of, covers
from reports.models import PlanReport
from reports.queries.annual import annual_facts
from reports.queries.briefing import briefing_facts
from reports.queries.exchange_table import exchange_facts
from reports.rules.spans import Span
from reports.services.plan_reports import ReportRefused, new_code, queue
from reports.terms import ReportKind

FACTS: dict[ReportKind, Callable[[Division, Span, date], dict[str, Any]]] = {
    ReportKind.ANNUAL: annual_facts,
    ReportKind.EXCHANGE: exchange_facts,
    ReportKind.BRIEFING: lambda area, span, today: briefing_facts(area, span, today, now=timezone.localtime()),
}
ABOVE_TOWNSHIP = (DivisionLevel.PROVINCE, DivisionLevel.CITY, DivisionLevel.COUNTY)


def levels_for(kind: ReportKind) -> tuple[DivisionLevel, ...]:
    """Whose report of the kind there is: packages and meetings are a county's, figures add up above it too."""
    return ABOVE_TOWNSHIP if kind is ReportKind.ANNUAL else (DivisionLevel.COUNTY,)


@transaction.atomic
def request_span_report(*, kind: ReportKind, area: Division, span: Span, by: User) -> PlanReport:
    """Keep what the report says and queue the file.

    Source: issue 5, Build 7; 信息管理办法 (年报 1 月 1 日至 12 月 31 日). Raises: Denied, ReportRefused (another's area, an
    area without such a report, a period ahead).
    """
    authorise(by, Permission.MAKE_REPORT)
    if not covers(areas_of(by, Permission.MAKE_REPORT), area):
        raise ReportRefused("这个地区的报告不归您办理。", field="span")
    if area.level not in levels_for(kind):
        raise ReportRefused(f"{kind.label}按县（市、区）做，请先选一个县（市、区）。", field="span")
    today = timezone.localdate()
    if span.first > today:
        raise ReportRefused(f"{span.label}还没有开始，请选已经开始的时段。", field="span")
    report = PlanReport.objects.create(
        kind=kind,
        span=span.name,
        area=area,
        as_of=span.until(today),
        check_code=new_code(),
        facts=FACTS[kind](area, span, today),
        requested_by=by,
    )
    facts = {"kind": kind.value, "area": area.code, "span": span.name, "check_code": report.check_code}
    audit.record("reports.report.requested", report, by=by, facts=facts)
    queue(report)
    return report
