"""What the office has been told, and reading it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import saw
from accounts.doors import requires
from accounts.terms import FieldGroup, Permission, Purpose
from registry.queries.notices import notices_for, persons_of
from registry.services.notices import read_notice
from registry.views.who import me

PAGE = 30


@requires(Permission.READ_NOTICE)
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    page = Paginator(notices_for(me(request)), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    saw(persons_of(rows), [FieldGroup.IDENTITY, FieldGroup.MANAGEMENT], Purpose.LIST)
    return render(request, "registry/notice_list.html", {"page": page, "rows": rows, "today": timezone.localdate()})


@requires(Permission.READ_NOTICE)
@never_cache
@require_POST
def notice_read(request: HttpRequest, notice: UUID) -> HttpResponse:
    row = read_notice(notice=notice, by=me(request))
    return redirect(row.href or "registry:notices")
