"""Striking a try (未访到) that was written down wrongly."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.doors import requires
from accounts.refusals import Refused
from accounts.terms import Permission, Purpose
from followup.doors import access_attempt
from followup.forms.medicine import StrikeForm
from followup.services.attempts import strike_attempt


@requires(Permission.CORRECT_VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_strike(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Why it was wrong, once; then the person's records, where it stands struck."""
    found = access_attempt(request.user, attempt, Permission.CORRECT_VISIT, purpose=Purpose.FOLLOW_UP)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            strike_attempt(attempt=found, because=form.cleaned_data["because"], by=request.user)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            refusal.stand_beside(form)
        else:
            messages.success(request, "已作废，记录保留，不再计入失访的次数。")
            return redirect("followup:patient_tab", found.patient.uuid)
    shown = {"form": form, "patient": found.patient, "attempt": found}
    return render(request, "followup/attempt_strike.html", shown, status=400 if form.errors else 200)
