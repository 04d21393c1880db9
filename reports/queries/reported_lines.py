"""Lines of 今日工作 about reported values: what one's own office has to enter, what waits for a confirmation."""

from datetime import date

from django.db.models import Min
from django.urls import reverse

from accounts.doors import can, where
from accounts.models import Division, User
from accounts.queries.policy import policies
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from reports.models import ReportedValue
from reports.queries.packs import adopted_packs
from reports.queries.reported import todos_on
from reports.rules.reporting import Todo
from reports.terms import Duty


def reported_lines(user: User, today: date) -> list[WorkItem]:
    if not can(user, Permission.REPORT_VALUE):
        return []
    counties = Division.objects.filter(pk__in=where(user, Permission.REPORT_VALUE).counties)
    lines = []
    for county in counties:
        lines += _to_enter(user, county, today)
        lines += _to_confirm(user, county)
    return lines


def _to_enter(user: User, county: Division, today: date) -> list[WorkItem]:
    settings, open_ones = policies(county.pk, today), []
    for pack in adopted_packs(county):
        if pack.area == county.code:
            own = {row.key for row in pack.rows if user.agency.kind in row.reporters}
            open_ones += [each for key, each in todos_on(pack, county, today, settings).items()
                          if key in own and each.is_open]  # fmt: skip
    if not open_ones:
        return []
    due = min(each.due_on for each in open_ones)
    return [
        WorkItem(
            Topic.REVIEWS, "去填报", reverse("reports:reported"), f"要填报的指标 {len(open_ones)} 项", county.name,
            _said(open_ones, due), due, urgency_of(due, today=today),
        )
    ]  # fmt: skip


def _said(found: list[Todo], due: date) -> str:
    late = sum(each.duty is Duty.LATE for each in found)
    returned = sum(each.duty is Duty.RETURNED for each in found)
    parts = [f"{late} 项逾期" if late else "", f"{returned} 项被退回" if returned else ""]
    return "，".join(part for part in (*parts, f"最早的应在 {due:%Y-%m-%d} 前填报") if part)


def _to_confirm(user: User, county: Division) -> list[WorkItem]:
    if not can(user, Permission.CONFIRM_VALUE):
        return []
    waiting = ReportedValue.objects.filter(area=county).open().exclude(entered_by=user)
    count, first = waiting.count(), waiting.aggregate(first=Min("entered_at__date"))["first"]
    if not count:
        return []
    return [
        WorkItem(
            Topic.REVIEWS, "去确认", reverse("reports:reported"), f"待确认的填报 {count} 条", county.name,
            f"最早的 {first:%Y-%m-%d} 填报，确认后才计入", None, Urgency.LATER,
        )
    ]  # fmt: skip
