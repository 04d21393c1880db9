"""Templates as lines of 今日工作: what waits for the second person, what came back, what runs out."""

from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.reach import standing
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from exchange.models import RecipientTemplate
from exchange.queries.templates import counties_of
from exchange.rules.recipient_templates import is_near_its_end, is_stale, last_day
from exchange.terms import TemplateState

P = Permission


def template_lines(user: User, today: date) -> list[WorkItem]:
    """Source: issue 4, Build 1: a template near the end of its assessment is somebody's work."""
    held = standing(user).permissions
    if P.VIEW_EXCHANGE not in held:
        return []
    rows = RecipientTemplate.objects.filter(
        county__in=counties_of(user, P.VIEW_EXCHANGE, today), state__in=("draft", "proposed", "active")
    )
    found = []
    for row in rows.select_related("county", "drafted_by").order_by("pk"):
        if row.state == TemplateState.PROPOSED and P.ACTIVATE_TEMPLATE in held and row.proposed_by_id != user.pk:
            found.append(_item(row, "审核", "接收模板待启用", None, Urgency.TODAY))
        if row.state == TemplateState.DRAFT and P.PROPOSE_TEMPLATE in held and row.because:
            found.append(_item(row, "修改", f"接收模板被退回：{row.because}", None, Urgency.TODAY))
        if row.state == TemplateState.ACTIVE and is_near_its_end(row.assessed_on, today):
            until = last_day(row.assessed_on)
            why = "影响评估已满 3 年，不能再用" if is_stale(row.assessed_on, today) else f"影响评估 {until} 满 3 年"
            found.append(_item(row, "重新评估", why, until, urgency_of(until, today=today)))
    return found


def _item(row: RecipientTemplate, verb: str, why: str, due: date | None, urgency: Urgency) -> WorkItem:
    return WorkItem(
        topic=Topic.REVIEWS, verb=verb, href=reverse("exchange:template", args=[row.uuid]),
        name=f"{row.get_agency_kind_display()} {row.get_situation_display()}", place=row.county.usual_name, why=why,
        due_on=due, urgency=urgency,
    )  # fmt: skip
