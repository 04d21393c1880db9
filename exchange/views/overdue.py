"""超时: offices that have not signed or answered within the county's hours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.queries.late_differences import late_rows
from exchange.queries.overdue import overdue_of
from exchange.views.who import me


@requires(Permission.VIEW_OVERDUE)
@never_cache
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    user = me(request)
    rows = overdue_of(user, timezone.localtime())
    saw((row.person for row in rows), (FieldGroup.IDENTITY,), Purpose.ALERT)
    late_lists = late_rows(user).count()
    facts = {"rows": rows, "late_lists": late_lists, "may_open": can(user, Permission.VIEW_ALERT_STATUS)}
    return render(request, "exchange/overdue_list.html", facts)
