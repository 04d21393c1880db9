"""名册核实超期: differences that townships have left past their deadline, by township."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import saw
from accounts.doors import requires
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.queries.late_differences import late_towns, oversees, seen_people
from exchange.views.who import me


@requires(Permission.VIEW_OVERDUE)
@never_cache
@require_safe
def late_differences(request: HttpRequest) -> HttpResponse:
    user = me(request)
    towns = late_towns(user)
    saw(seen_people(towns), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), Purpose.EXCHANGE)
    total = sum(len(town.lines) for town in towns)
    context = {"towns": towns, "total": total, "oversees": oversees(user)}
    return render(request, "exchange/late_differences.html", context)
