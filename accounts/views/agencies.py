"""Agencies of the administrator's area."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import requires
from accounts.forms.accounts import AgencyForm, place_options
from accounts.queries.administered import agencies_in, divisions_in, place_finder
from accounts.refusals import Refused
from accounts.services.agencies import create_agency
from accounts.terms import AgencyKind, Permission
from accounts.views.users import PER_PAGE, SUGGESTED, areas_of


@requires(Permission.MANAGE_ACCOUNTS)
@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    page = Paginator(agencies_in(areas_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/agency_list.html", {"page": page})


@requires(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_new(request: HttpRequest) -> HttpResponse:
    areas = areas_of(request)
    form = AgencyForm(request.POST or None, find=place_finder(areas))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            create_agency(
                kind=AgencyKind(said["kind"]),
                name=said["name"],
                division=said["division"],
                duty_phone=said["duty_phone"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, f"已登记单位“{said['name']}”。")
            return redirect("accounts:agencies")
    facts = {"form": form, "places": place_options(divisions_in(areas, SUGGESTED))}
    return render(request, "accounts/agency_new.html", facts)
