"""披露台账 of the county: for the privacy officer and the auditor. It leads to nobody's file, and no file comes out of it."""

from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import saw
from accounts.doors import requires
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.doors import county_ledger
from exchange.forms.ledger import WRONG_OFFICE, LedgerForm
from exchange.queries.county_ledger import CountyLine, Lines, Sum, Wanted, added, office_name, sums
from exchange.views.who import me

PAGE = 25
DAYS = 90  # what is shown when nothing was asked for; older lines are asked for by their days


@requires(Permission.VIEW_ACCESS_LOG)
@never_cache
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    rows, today = county_ledger(me(request)), timezone.localdate()
    form = LedgerForm(request.GET if LedgerForm.base_fields.keys() & request.GET.keys() else _usual(today))
    wanted = form.wanted() if form.is_valid() else None
    every = sums(rows, wanted or Wanted(since=today - timedelta(days=DAYS - 1)))
    shown = _shown(form, every)
    if wanted is None or form.errors:
        return render(request, "exchange/ledger.html", {"form": form}, status=400)
    total = added(shown)
    page: Page[CountyLine] = Paginator(Lines(rows, wanted, total.total), PAGE).get_page(request.GET.get("page"))
    lines: list[CountyLine] = list(page.object_list)
    saw((line.person for line in lines), _groups(lines), Purpose.AUDIT)
    context = {
        "form": form, "page": page, "lines": lines, "sums": shown, "total": total, "heads": [n for n, _ in total.numbers],
        "by_name": any(line.by_name for line in lines), "asked": request.GET.keys() & form.fields.keys(),
    }  # fmt: skip
    return render(request, "exchange/ledger.html", context)


def _usual(today: date) -> dict[str, str]:
    return {"since": (today - timedelta(days=DAYS - 1)).isoformat(), "until": today.isoformat()}


def _shown(form: LedgerForm, every: list[Sum]) -> list[Sum]:
    """The sums that the page shows. The form offers every office of these days, and the one that was asked for: also
    where another field is wrong, so that the choice stands."""
    office = form.cleaned_data.get("office")
    here = [one for one in every if office in (None, one.office)]
    if office and not here:
        if name := office_name(office):
            here = [Sum(office, name)]
            every = [*every, *here]
        else:
            form.add_error("office", WRONG_OFFICE)
    form.offer([(str(one.office), one.name) for one in every])
    return here


def _groups(lines: list[CountyLine]) -> tuple[FieldGroup, ...]:
    named = any(line.by_name for line in lines)
    return (FieldGroup.IDENTITY, FieldGroup.TRAIL) if named else (FieldGroup.TRAIL,)
