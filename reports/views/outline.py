"""地图轮廓: the county's uploaded shapes of its townships, and a new file in their place."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.carrying import sent
from accounts.doors import requires
from accounts.refusals import NotHere
from accounts.terms import DivisionLevel, Permission
from reports.doors import areas_of
from reports.forms import OutlineForm
from reports.queries.outlines import newest_outline, towns_of
from reports.rules.outline import LARGEST_BYTES, Outline
from reports.services.outlines import OutlineNotKept, keep_outline
from reports.views.asked import person


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_OUTLINE)
def outline(request: HttpRequest) -> HttpResponse:
    user = person(request)
    area = next((each for each in areas_of(user, Permission.KEEP_OUTLINE) if each.level == DivisionLevel.COUNTY), None)
    if area is None:
        raise NotHere
    form = OutlineForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        raw = form.cleaned_data["file"].read(LARGEST_BYTES + 1)
        try:
            row = keep_outline(area=area, raw=raw, source=form.cleaned_data["source"], by=user)
        except OutlineNotKept as refusal:
            form.add_error("file", list(refusal.faults))
        else:
            messages.success(request, f"已保存 {row.shapes} 个乡镇（街道）的轮廓，总览的地图现在按它画。")
            return redirect("reports:outline")
    return render(
        request, "reports/outline.html", {"area": area, "form": form, **_kept(area)}, status=400 if form.errors else 200
    )


def _kept(area: Any) -> dict[str, Any]:
    """What is drawn now, and which townships it leaves out."""
    row, towns = newest_outline(area), towns_of(area)
    if row is None:
        return {"row": None, "towns": towns}
    drawn = Outline.of(row.content)
    there = {shape.code for shape in drawn.shapes}
    return {
        "row": row,
        "towns": towns,
        "drawn": [(shape, towns.get(shape.code, shape.code)) for shape in drawn.shapes],
        "width": drawn.width,
        "height": drawn.height,
        "missing": "、".join(name for code, name in towns.items() if code not in there),
    }
