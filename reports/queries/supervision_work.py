"""Lines of 今日工作 about 督导整改: what one's own unit has to put right, what waits for those who keep it."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.doors import can
from accounts.models import User
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from reports.models import Finding, Measure
from reports.queries.supervision import days_of, finding_counts, open_listings
from reports.queries.supervision_reach import findings_of_own_unit, findings_within, measures_within
from reports.rules.ladder import is_listing_late
from reports.terms import FindingState

KEEP = Permission.KEEP_SUPERVISION


def supervision_lines(user: User, today: date) -> list[WorkItem]:
    lines: list[WorkItem] = []
    if can(user, Permission.ANSWER_FINDING):
        lines += [_to_answer(each, today) for each in _pressing(user, today)]
    if can(user, KEEP):
        lines += _kept(user, today) + [
            line for each in _listings(user, today) if (line := _listing(each, today)) is not None
        ]
    return lines


def waiting_for(user: User, today: date) -> int:
    """How many things wait for the person, for those who have no 今日工作."""
    return len(supervision_lines(user, today))


def _pressing(user: User, today: date) -> list[Finding]:
    """Of one's own unit: open, and due within the county's days of reminding."""
    rows = findings_of_own_unit(user, today).filter(state=FindingState.OPEN).select_related("supervision__area")
    found: list[Finding] = []
    days: dict[int, int] = {}
    for each in rows.order_by("due_on", "pk"):
        area = each.supervision.area
        if area.pk not in days:
            days[area.pk] = days_of(area, today)["finding_remind_days"]
        if each.due_on <= today + timedelta(days=days[area.pk]):
            found.append(each)
    return found


def _to_answer(finding: Finding, today: date) -> WorkItem:
    late = (today - finding.due_on).days
    why = f"整改期限 {finding.due_on:%Y-%m-%d}" + (f"，逾期 {late} 天" if late > 0 else "")
    return WorkItem(
        Topic.REVIEWS, "报整改", reverse("reports:finding", args=[finding.uuid]), f"督导问题：{finding.what[:30]}",
        finding.name, why, finding.due_on, urgency_of(finding.due_on, today=today),
    )  # fmt: skip


def _kept(user: User, today: date) -> list[WorkItem]:
    counts = finding_counts(findings_within(user, KEEP, today), today)
    waiting, late = counts["waiting"], counts["late"]
    address = reverse("reports:supervisions")
    lines = []
    if waiting:
        lines.append(
            WorkItem(Topic.REVIEWS, "去确认", f"{address}?state=waiting", f"待确认的督导整改 {waiting} 个", "",
                     "确认到位或者退回", None, Urgency.LATER)
        )  # fmt: skip
    if late:
        lines.append(
            WorkItem(Topic.REVIEWS, "去看看", f"{address}?state=late", f"到期未整改的督导问题 {late} 个", "",
                     "可以提请下一步措施，由有关单位决定", None, Urgency.LATER)
        )  # fmt: skip
    return lines


def _listings(user: User, today: date) -> QuerySet[Measure]:
    """Each with how many of its findings are not put right yet."""
    left = Count("links", filter=Q(links__finding__state__in=(FindingState.OPEN, FindingState.REPORTED)))
    return open_listings(measures_within(user, KEEP, today)).annotate(left=left).order_by("due_on", "pk")


def _listing(measure: Measure, today: date) -> WorkItem | None:
    """A listing whose term has passed, or whose findings are all put right."""
    if not measure.left:  # type: ignore[attr-defined]
        verb, why, urgency = "去摘牌", "问题都已整改到位，可以摘牌", Urgency.TODAY
    elif is_listing_late(measure.state, measure.due_on, today):
        verb, why, urgency = "去看看", f"挂牌期限 {measure.due_on:%Y-%m-%d} 已过", Urgency.LATE
    else:
        return None
    return WorkItem(
        Topic.REVIEWS, verb, reverse("reports:measure", args=[measure.uuid]), f"挂牌督办：{measure.name}", "", why,
        measure.due_on, urgency,
    )  # fmt: skip
