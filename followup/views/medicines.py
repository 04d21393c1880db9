"""药品词典, for the county office: what is offered, the county's own drugs, closing and opening again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import requires, where
from accounts.models import Division
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from followup.forms.medicine import MedicineForm
from followup.queries.medicines import listed
from followup.services.medicines import add_medicine, close_medicine, reopen_medicine
from registry.queries.teams import counties_in


def _county(request: HttpRequest) -> Division:
    """Raises: NotHere."""
    found = counties_in(where(request.user, Permission.EDIT_POLICY))
    if not found:
        raise NotHere
    return found[0]


@requires(Permission.EDIT_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def medicines(request: HttpRequest) -> HttpResponse:
    county = _county(request)
    form = MedicineForm(request.POST or None, initial={"unit": "mg", "form": "oral", "essential": ""})
    if request.method == "POST" and form.is_valid():
        try:
            row = add_medicine(county=county, entry=form.entry(), by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"已加入 {row.name}。")
            return redirect("followup:medicines")
    facts = {"form": form, "county": county, "rows": listed(county.pk)}
    return render(request, "followup/medicines.html", facts, status=400 if form.errors else 200)


@requires(Permission.EDIT_POLICY)
@require_POST
def medicine_switch(request: HttpRequest, medicine: UUID) -> HttpResponse:
    """Close a drug that is offered, offer one again that is closed."""
    county = _county(request)
    one = next((one for one in listed(county.pk) if one.row.uuid == medicine), None)
    if one is None:
        raise NotHere
    act = reopen_medicine if one.closing else close_medicine
    try:
        act(county=county, medicine=one.row, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{one.row.name}已{'恢复' if one.closing else '停用'}。")
    return redirect("followup:medicines")
