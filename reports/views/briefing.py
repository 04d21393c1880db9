"""季度简报 for the joint meeting: what it will say, and the button that has it made. Always veiled: departments get it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.carrying import sent
from accounts.doors import requires
from accounts.queries.places import counties_under
from accounts.refusals import Refused
from accounts.terms import Permission
from reports.doors import areas_of, open_area
from reports.forms import SpanForm
from reports.queries.briefing import briefing_facts
from reports.rules.spans import last_ended, quarters_offered
from reports.services.span_reports import levels_for, request_span_report
from reports.terms import ReportKind
from reports.views.asked import person


@require_http_methods(["GET", "POST"])
@requires(Permission.MAKE_REPORT)
def briefing(request: HttpRequest) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    area = open_area(user, Permission.MAKE_REPORT, request.GET.get("area", ""))
    spans = quarters_offered(today)
    usual, said = last_ended(spans, today), sent(request)
    form = SpanForm({"span": request.GET.get("span", usual.name)} if said is None else said, spans=spans)
    if request.method == "POST" and form.is_valid():
        try:
            made = request_span_report(kind=ReportKind.BRIEFING, area=area, span=form.chosen(usual), by=user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            return redirect("reports:report_one", uuid=made.uuid)
    span = form.chosen(usual)
    has_one = area.level in levels_for(ReportKind.BRIEFING)
    facts = briefing_facts(area, span, today, now=timezone.localtime()) if has_one else None
    context = {
        "area": area,
        "elsewhere": area != areas_of(user, Permission.MAKE_REPORT)[0],
        "form": form,
        "span": span,
        "facts": facts,
        "sections": [_shown(section) for section in facts["sections"]] if facts else [],
        "counties": [] if has_one else counties_under(area),
    }
    return render(request, "reports/briefing.html", context, status=400 if form.errors else 200)


def _shown(section: dict[str, Any]) -> dict[str, Any]:
    """On a phone each cell carries its column's head."""
    table = section["table"]
    lines = [
        {
            "name": row["name"],
            "cells": [{"head": head, "text": text} for head, text in zip(table["heads"], row["cells"], strict=True)],
        }
        for row in (table["rows"] if table else ())
    ]
    return {**section, "lines": lines}
