"""表1-13 工作季报表 and 表1-14 工作年报表, filled from the figures: an own layout, since the national one was not seen.

Source: 管理治疗工作规范 2018 附件1 (titles by memory); indicators.md for every number.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.doors import requires
from accounts.terms import Permission
from reports.queries.figures import Figures, figures_of
from reports.rules.indicators import COMPUTED, name_of
from reports.rules.months import quarter_words
from reports.rules.rates import NONE, printed, thousands
from reports.views.asked import asked, person

TITLES = {"1-13": "工作季报表", "1-14": "工作年报表"}


@require_GET
@requires(Permission.EDIT_PATIENT)
def work_form(request: HttpRequest, work: str) -> HttpResponse:
    """The area's figures from 1 January to the asked day; numbers only, nobody's name."""
    if work not in TITLES:
        raise Http404
    wanted = asked(request, Permission.EDIT_PATIENT)
    figures, _towns = figures_of(wanted.area, wanted.cut, COMPUTED)
    day = wanted.cut.as_of
    period = f"{day.year} 年" if work == "1-14" else quarter_words(day)
    facts = {
        "number": f"表{work}", "title": TITLES[work], "area": wanted.area.name, "period": period, "day": day,
        "rows": [(name_of(code), _said(figures, code)) for code in COMPUTED], "by": person(request).display_name,
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "reports/work_form.html", facts)


def _said(figures: Figures, code: str) -> str:
    """A count, or the rate with both its numbers."""
    figure = figures[code]
    if figure.numerator is None:
        return "暂无数据"
    if not figure.unit.is_fraction:
        return thousands(figure.numerator)
    whole = NONE if figure.denominator is None else thousands(figure.denominator)
    return f"{printed(figure.rate, figure.unit)}（{thousands(figure.numerator)} / {whole}）"
